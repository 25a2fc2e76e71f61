"""When the new commune may sound: as one of those before, until its own rule is made."""

from django.utils.translation import gettext_lazy as _

from vang.airtime.changes import airtime_changed
from vang.airtime.models import SlotPolicy
from vang.airtime.queries import joined_policy
from vang.journal.services import record
from vang.mergers.movers.common import steps
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing
from vang.people.models import Person
from vang.voice.models import VoiceChoice


class HoursOfAir:
    """Allowed hours and reading voice. Where those before differ, somebody must choose."""

    name = "hours"
    title = _("Allowed hours and reading voice")
    icon = "clock"

    def things(self, change: UnitChange) -> list[Thing]:
        before: dict[Unit, list[Unit]] = {}
        for old, after in steps(change).items():
            for unit in after:
                before.setdefault(unit, []).append(old)
        units = {unit.pk for unit in before} | {old.pk for olds in before.values() for old in olds}
        rows = Unit.objects.filter(pk__in=units, slot_policy__isnull=False)
        ruled = {one.pk: one for one in rows.select_related("slot_policy").order_by("name", "pk")}
        found = []
        for unit, olds in before.items():
            keys = {old.pk for old in olds}
            known = [one for pk, one in ruled.items() if pk in keys]
            if known and unit.pk not in ruled:
                found.append(_thing(unit, known))
        return found

    def move(self, act: Act, key: str, choice: str) -> None:
        unit = Unit.objects.get(pk=key)
        row = SlotPolicy.objects.get(unit=int(choice))
        row.pk, row.unit, row.changed_at = None, unit, act.now
        row.changed_by = act.by if isinstance(act.by, Person) else row.changed_by
        row._state.adding = True
        row.save(force_insert=True)
        voice = VoiceChoice.objects.filter(unit=int(choice)).first()
        if voice is not None and not VoiceChoice.objects.filter(unit=unit).exists():
            voice.pk, voice.unit = None, unit
            voice._state.adding = True
            voice.save(force_insert=True)
        actor = act.by if isinstance(act.by, Person) else None
        record("take-over-hours", f"unit:{unit.code}", by=actor, unit=unit, now=act.now, of=choice)
        airtime_changed(unit.pk)


def _thing(unit: Unit, known: list[Unit]) -> Thing:
    policies = {joined_policy(old) for old in known}
    choices = tuple((str(old.pk), f"{old.full_name}: {_hours(old)}") for old in known)
    return Thing(
        str(unit.pk), unit.full_name, "", choices, choices[0][0] if len(policies) == 1 else ""
    )


def _hours(unit: Unit) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in joined_policy(unit).hours)
