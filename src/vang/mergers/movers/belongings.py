"""What a unit keeps for its work: material, sounds, phrases, words, those who get letters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from vang.airtime.changes import airtime_changed
from vang.airtime.models import ProgrammePart, StationSound
from vang.captures.services import call_off, still_open
from vang.channels.mailing.models import Subscriber
from vang.equipment.models import Device, Place, Segment, Station
from vang.journal.services import record
from vang.library.models import Item
from vang.mergers.movers.common import END, by_key, goal, goals, sole
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing, Words
from vang.people.models import Person
from vang.phrases.models import Phrase
from vang.relays.models import Source
from vang.relays.models import Station as RelayedStation
from vang.repairs.models import Part
from vang.voice.models import Pronunciation

_STAYS: Words = _("it stays with the old unit")


@dataclass(frozen=True)
class _Kind:
    words: Words
    rows: Callable[[Any], QuerySet[Any]]
    ends: Words = _STAYS


_KINDS = {
    "material": _Kind(_("Material of the library"), lambda unit: Item.objects.filter(unit=unit)),
    "sounds": _Kind(
        _("Sounds of the station"), lambda unit: StationSound.objects.filter(unit=unit)
    ),
    "phrases": _Kind(_("Phrases"), lambda unit: Phrase.objects.filter(unit=unit)),
    "words": _Kind(_("Pronunciations"), lambda unit: Pronunciation.objects.filter(unit=unit)),
    "station": _Kind(
        _("Station and its description"), lambda unit: Station.objects.filter(unit=unit)
    ),
    "segments": _Kind(_("Ways of transmission"), lambda unit: Segment.objects.filter(unit=unit)),
    "places": _Kind(
        _("Places over FM or wire"), lambda unit: Place.objects.filter(unit=unit, cluster=None)
    ),
    "devices": _Kind(_("Devices"), lambda unit: Device.objects.filter(unit=unit)),
    "parts": _Kind(_("Spare parts"), lambda unit: Part.objects.filter(unit=unit)),
    "relays": _Kind(
        _("Stations to relay"),
        lambda unit: RelayedStation.objects.filter(unit=unit, ended_at=None),
    ),
    "captures": _Kind(
        _("To be recorded for later"),
        lambda unit: still_open().filter(unit=unit),
        ends=_("it ends"),
    ),
    "letters": _Kind(
        _("Addresses that get letters"), lambda unit: Subscriber.objects.filter(unit=unit)
    ),
}


def _count(kind: _Kind) -> Coalesce:
    rows = kind.rows(OuterRef("pk")).order_by().values("unit").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0)


class Belongings:
    """Each kind of a unit goes as a whole. What the new one has already is not brought twice."""

    name = "belongings"
    title = _("Belongings of the unit")
    icon = "archive"

    def things(self, change: UnitChange) -> list[Thing]:
        units = by_key(change)
        counted = Unit.objects.filter(pk__in=list(units)).annotate(
            **{f"n_{name}": _count(kind) for name, kind in _KINDS.items()}
        )
        found = []
        for row in counted.order_by("name", "pk"):
            old, after = units[row.pk]
            for name, kind in _KINDS.items():
                if count := getattr(row, f"n_{name}"):
                    words = _("%(what)s: %(count)d") % {"what": kind.words, "count": count}
                    choices = (*goals(after), (END, kind.ends))
                    key = f"{name}-{old.pk}"
                    found.append(Thing(key, words, old.full_name, choices, sole(after)))
        return found

    def move(self, act: Act, key: str, choice: str) -> None:
        name, _dash, pk = key.partition("-")
        old, actor = Unit.objects.get(pk=pk), act.by if isinstance(act.by, Person) else None
        if choice == END:
            if name == "captures":
                call_off(_KINDS[name].rows(old), why="unit-ended", by=actor, now=act.now)
            return
        to = goal(act.change, choice)
        moved = left = 0
        for row in _KINDS[name].rows(old).order_by("pk"):
            row.unit = to
            try:
                with transaction.atomic():
                    row.save(update_fields=["unit"])
            except IntegrityError:  # the new unit has the same already
                left += 1
                if name == "relays":
                    _relay_from_twin(row, old, to)
            else:
                moved += 1
        record(
            "unit.belongings",
            f"unit:{to.code}",
            by=actor,
            unit=to,
            now=act.now,
            what=name,
            moved=moved,
            left=left,
            of=old.code,
        )


def _relay_from_twin(station: RelayedStation, old: Unit, to: Unit) -> None:
    """What goes on in the new unit follows its own station of that name, which its people can mend;
    while that has no source, it goes on with the old one."""
    sources = Source.objects.filter(station__unit=to, station__name=station.name, ended_at=None)
    source = sources.filter(station__ended_at=None).select_related("station").first()
    if source is None:
        return
    still_open().filter(station=station, unit__in=[old, to]).update(station=source.station)
    if ProgrammePart.objects.filter(relay=station, programme__unit=to).update(relay=source.station):
        airtime_changed(to.pk)
