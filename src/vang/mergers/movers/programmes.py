"""Programmes and what is placed: they go on in the new commune, on the same loudspeakers."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vang.airtime.changes import airtime_changed
from vang.airtime.models import Placement, Programme
from vang.airtime.services.rundown import hand_over_parts
from vang.base.clock import VIETNAM
from vang.base.display import vi_time
from vang.journal.services import record
from vang.mergers.movers.common import END, by_key, goal, goals, sole
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing, Words
from vang.people.models import Person
from vang.stations.models import Cluster

_DAY = timedelta(days=1)
_PLACED = "placed"


class Programmes:
    """What was heard under the old rule keeps it: the old programme ends on the eve and a new one
    begins. It sounds where it sounded before, not in the whole new commune."""

    name = "programmes"
    title = _("Programmes and placed bulletins")
    icon = "repeat"

    def things(self, change: UnitChange) -> list[Thing]:
        units = by_key(change)
        lasting = Q(valid_to=None) | Q(valid_to__gte=change.effective_on)
        rows = Programme.objects.filter(lasting, unit__in=list(units), ended_at=None)
        found = [
            _thing(str(one.pk), one.name, vi_time(one.starts_at), *units[one.unit_id])
            for one in rows.order_by("unit", "starts_at", "name", "pk")
        ]
        placed = _single(change).filter(unit__in=list(units)).order_by("unit").values_list("unit")
        for unit, count in placed.annotate(Count("pk")):
            words = _("%(count)d bulletins placed for a single time") % {"count": count}
            found.append(_thing(f"{_PLACED}-{unit}", words, "", *units[unit]))
        return found

    def move(self, act: Act, key: str, choice: str) -> None:
        actor = act.by if isinstance(act.by, Person) else None
        new = None if choice == END else goal(act.change, choice)
        if key.startswith(_PLACED):
            old = Unit.objects.get(pk=key.rpartition("-")[2])
            for placement in _single(act.change).filter(unit=old):
                _place(placement, new, old, actor, act.now)
        else:
            _move_programme(Programme.objects.get(pk=key), new, act.change, actor, act.now)


def _thing(key: str, label: Words, when: str, old: Unit, after: list[Unit]) -> Thing:
    choices = (*goals(after), (END, _("it ends")))
    detail = f"{when}, {old.full_name}" if when else old.full_name
    return Thing(key, label, detail, choices, sole(after))


def _single(change: UnitChange) -> QuerySet[Placement]:
    begins = datetime.combine(change.effective_on, time(0), VIETNAM)
    once = Placement.objects.filter(kind=Placement.Kind.ONCE, start__gte=begins)
    return once.filter(stopped_at=None).order_by("pk")


def _place(
    placement: Placement, new: Unit | None, old: Unit, by: Person | None, now: datetime
) -> None:
    if new is not None:
        Placement.objects.create(
            unit=new,
            edition=placement.edition,
            kind=placement.kind,
            start=placement.start,
            missing=placement.missing,
            only=placement.only or codes_of(old),
            resume=placement.resume,
            placed_by=placement.placed_by,
            placed_at=now,
        )
        airtime_changed(new.pk)
    placement.stopped_at, placement.stopped_by = now, by or placement.placed_by
    placement.save(update_fields=["stopped_at", "stopped_by"])
    airtime_changed(old.pk)


def _move_programme(
    old: Programme, new: Unit | None, change: UnitChange, by: Person | None, now: datetime
) -> None:
    eve, day = change.effective_on - _DAY, change.effective_on
    ended = old.valid_to
    if new is not None:
        twin = Programme.objects.create(
            unit=new,
            name=old.name,
            starts_at=old.starts_at,
            zone=old.zone,
            weekdays=old.weekdays,
            valid_from=max(old.valid_from, day),
            valid_to=ended,
            on_holidays=old.on_holidays,
        )
        hand_over_parts(old, twin, eve)
        for placement in old.placements.filter(
            Q(to_day=None) | Q(to_day__gte=day), stopped_at=None
        ):
            Placement.objects.create(
                unit=new,
                edition=placement.edition,
                kind=placement.kind,
                programme=twin,
                missing=placement.missing,
                only=placement.only or codes_of(old.unit),
                resume=placement.resume,
                from_day=max(placement.from_day or day, day),
                to_day=placement.to_day,
                placed_by=placement.placed_by,
                placed_at=now,
            )
        subject = f"programme:{twin.pk}"
        record("take-over-programme", subject, by=by, unit=new, now=now, of=old.pk, name=old.name)
        airtime_changed(new.pk)
    if old.valid_from >= day:
        old.ended_at = now
        old.save(update_fields=["ended_at"])
    else:
        old.valid_to = eve
        old.save(update_fields=["valid_to"])
    airtime_changed(old.unit_id)


def codes_of(unit: Unit) -> list[str]:
    """The loudspeakers that are the unit's until they are handed over."""
    return sorted(Cluster.objects.filter(unit=unit, active=True).values_list("code", flat=True))
