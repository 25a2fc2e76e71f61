"""Every write of a person: stations, and where each is found."""

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from vang.base.outside import target_of
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.access import guard
from vang.relays.ending import station_ended
from vang.relays.models import Source, Station

MOST_STATIONS = 20
MOST_SOURCES = 4
_CARD = re.compile(r"[A-Za-z0-9_:,.=-]{1,80}", re.ASCII)


def add_station(*, unit: Unit, name: str, by: Person, now: datetime) -> Station:
    """A station whose programmes may be relayed. Raises Refusal."""
    guard(by, unit, now)
    clean = " ".join(clean_text(name).split())[:120]
    if not clean:
        raise Refusal("no-name", _NO_NAME)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        known = Station.objects.filter(unit=unit, ended_at=None)
        if known.filter(name=clean).exists():
            raise Refusal("station-known", _KNOWN)
        if known.count() >= MOST_STATIONS:
            raise Refusal("too-many-stations", _MANY_STATIONS)
        station = Station.objects.create(unit=unit, name=clean, added_by=by, added_at=now)
        record(
            "add-relayed-station", f"station:{station.pk}", by=by, unit=unit, now=now, name=clean
        )
        return station


def end_station(*, station: Station, by: Person, now: datetime) -> None:
    """It is relayed no more. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(station, by, now)
        fresh.ended_at = now
        fresh.save(update_fields=["ended_at"])
        record(
            "end-relayed-station",
            f"station:{fresh.pk}",
            by=by,
            unit=fresh.unit,
            now=now,
            name=fresh.name,
        )
        station_ended(fresh, by, now)


def add_source(*, station: Station, kind: str, address: str, by: Person, now: datetime) -> Source:
    """A further way to the programme, tried after those that are there. Raises Refusal."""
    at = _address(kind, address.strip())
    with transaction.atomic():
        fresh = _open(station, by, now)
        known = fresh.sources.filter(ended_at=None)
        if known.filter(address=at).exists():
            raise Refusal("source-known", _SOURCE_KNOWN)
        if known.count() >= MOST_SOURCES:
            raise Refusal("too-many-sources", _MANY_SOURCES)
        last = known.aggregate(last=Max("place"))["last"] or 0
        source = Source.objects.create(
            station=fresh, place=last + 1, kind=kind, address=at, added_by=by, added_at=now
        )
        _tell("add-relay-source", source, by, now)
        return source


def end_source(*, source: Source, by: Person, now: datetime) -> None:
    """It is not tried any more. Raises Refusal."""
    with transaction.atomic():
        _open(source.station, by, now)
        if Source.objects.filter(pk=source.pk, ended_at=None).update(ended_at=now):
            _tell("end-relay-source", source, by, now)


def prefer_source(*, source: Source, by: Person, now: datetime) -> None:
    """It is tried before all others. Raises Refusal."""
    with transaction.atomic():
        station = _open(source.station, by, now)
        rows = list(station.sources.filter(ended_at=None).order_by("place"))
        order = [one for one in rows if one.pk == source.pk]
        order += [one for one in rows if one.pk != source.pk]
        beyond = max(one.place for one in rows)
        for number, one in enumerate(order, start=beyond + 1):
            Source.objects.filter(pk=one.pk).update(place=number)
        _tell("prefer-relay-source", source, by, now)


def ask_to_try(*, source: Source, by: Person, now: datetime) -> None:
    """Have the worker listen to it for some seconds. Raises Refusal."""
    from vang.relays.jobs import try_source  # noqa: PLC0415 - the job calls this room

    with transaction.atomic():
        guard(by, source.station.unit, now)
        Source.objects.filter(pk=source.pk).update(asked_at=now)
        transaction.on_commit(lambda: try_source.enqueue(source.pk))


def _open(station: Station, by: Person, now: datetime) -> Station:
    guard(by, station.unit, now)
    rows = Station.objects.select_for_update(of=("self",)).select_related("unit")
    fresh = rows.get(pk=station.pk)
    if fresh.ended_at is not None:
        raise Refusal("station-ended", _ENDED)
    return fresh


def _address(kind: str, address: str) -> str:
    if kind == Source.Kind.LINE_IN:
        if not _CARD.fullmatch(address):
            raise Refusal("bad-card", _BAD_CARD)
        return address
    return target_of(address, settings.RELAYS_INSIDE).url


def _tell(action: str, source: Source, by: Person, now: datetime) -> None:
    station = source.station
    record(
        action,
        f"station:{station.pk}",
        by=by,
        unit=station.unit,
        now=now,
        name=station.name,
        address=source.address[:120],
    )


_NO_NAME = _("Give the station a name.")
_KNOWN = _("A station of this name is in the list already.")
_MANY_STATIONS = _("A unit can name at most 20 stations. Take one away first.")
_SOURCE_KNOWN = _("This address is in the list already.")
_MANY_SOURCES = _("A station has at most 4 sources. Take one away first.")
_ENDED = _("This station is relayed no more.")
_BAD_CARD = _(
    "Give the name of the sound card as “arecord -L” shows it, such as default or hw:1,0."
)
