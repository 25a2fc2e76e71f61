"""The station and its ways of transmission."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.equipment.models import Segment, Station
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster


@dataclass(frozen=True)
class Line:
    """``fed_by``: the cluster whose device feeds transmitter or amplifier; ``licence_until``: the
    last day of the licence."""

    kind: str
    name: str
    fed_by: Cluster | None = None
    frequency_khz: int | None = None
    power_w: int | None = None
    licence_number: str = ""
    licence_until: date | None = None
    note: str = ""


@transaction.atomic
def describe_station(
    *,
    unit: Unit,
    name: str,
    address: str,
    telephone: str,
    decision: str,
    by: Person,
    now: datetime,
) -> Station:
    """What the commune's station is called and where it is. Raises Refusal."""
    if unit.level != Unit.Level.COMMUNE:
        raise Refusal("station-of-commune", _("Only a commune has a station of its own."))
    station = Station.objects.select_for_update().filter(unit=unit).first() or Station(unit=unit)
    station.name, station.address = _clean(name), _clean(address)
    station.telephone, station.decision = _clean(telephone), _clean(decision)
    if not station.name:
        raise Refusal("station-without-name", _("Give the station a name."))
    station.save()
    record("station.described", f"unit:{unit.pk}", by=by, unit=unit, now=now, name=station.name)
    return station


@transaction.atomic
def open_segment(*, unit: Unit, line: Line, by: Person, now: datetime) -> Segment:
    """Raises Refusal."""
    segment = Segment(unit=unit)
    _fill(segment, line)
    _tell("segment.opened", segment, by, now)
    return segment


@transaction.atomic
def change_segment(segment: Segment, *, line: Line, by: Person, now: datetime) -> Segment:
    """Raises Refusal."""
    fresh = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if fresh.kind != line.kind and fresh.places.filter(cluster=None, ended_at=None).exists():
        raise Refusal("segment-has-places", _("Places hang on it that are heard no other way."))
    _fill(fresh, line)
    _tell("segment.changed", fresh, by, now)
    return fresh


@transaction.atomic
def end_segment(segment: Segment, *, by: Person, now: datetime) -> Segment:
    """It is no longer used. Raises Refusal while places hang on it."""
    fresh = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if fresh.ended_at is not None:
        raise Refusal("segment-ended", _("It has ended already."))
    if fresh.places.filter(ended_at=None).exists():
        raise Refusal("segment-has-places", _("Places hang on it that are heard no other way."))
    fresh.ended_at = now
    fresh.save(update_fields=["ended_at"])
    _tell("segment.ended", fresh, by, now)
    return fresh


def _fill(segment: Segment, line: Line) -> None:
    segment.kind, segment.name = line.kind, _clean(line.name)
    if not segment.name:
        raise Refusal("segment-without-name", _("Give it a name."))
    if line.fed_by is not None and line.fed_by.unit_id != segment.unit_id:
        raise Refusal("feed-foreign", _("Choose a cluster of this commune."))
    plain = line.kind == Segment.Kind.IP
    segment.fed_by = None if plain else line.fed_by
    segment.frequency_khz = line.frequency_khz if line.kind == Segment.Kind.FM else None
    segment.power_w = line.power_w
    segment.licence_number = "" if plain else _clean(line.licence_number)
    segment.licence_until = None if plain else line.licence_until
    segment.note = _clean(line.note)
    segment.save()


def _clean(text: str) -> str:
    return " ".join(clean_text(text).split())


def _tell(action: str, segment: Segment, by: Person, now: datetime) -> None:
    until = segment.licence_until.isoformat() if segment.licence_until else ""
    facts = {"kind": segment.kind, "name": segment.name, "licence_until": until}
    record(action, f"segment:{segment.pk}", by=by, unit=segment.unit, now=now, **facts)
