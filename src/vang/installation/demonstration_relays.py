"""The demonstration's relay: its model station, and a programme that carries it."""

from datetime import datetime, timedelta

from vang.airtime.policies import Policy
from vang.airtime.queries import policy_of
from vang.airtime.services import add_window, create_programme
from vang.base.clock import VIETNAM, local_date
from vang.base.refusals import Refusal
from vang.installation.model_station import NAME, PATHS
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Source, Station
from vang.relays.services import add_source, add_station
from vang_protocol.hours import within_hours

LASTS_S = 600
_QUARTER = timedelta(minutes=15)
_AHEAD = timedelta(minutes=4)
"""Time to reach the loudspeakers, also on the very first start."""
_DAYS = 2


def keep_relay(unit: Unit, *, address: str, by: Person, now: datetime) -> Station | None:
    """The model station at ``address`` (``http://127.0.0.1:8002``), made once; later only its
    sources follow the address of this start. The station when it was made now."""
    known = Source.objects.filter(station__unit=unit, station__name=NAME, ended_at=None)
    if Station.objects.filter(unit=unit, name=NAME).exists():
        for path in PATHS:
            known.filter(address__endswith=path).update(address=address + path)
        return None
    station = add_station(unit=unit, name=NAME, by=by, now=now)
    for path in PATHS:
        add_source(station=station, kind="STREAM", address=address + path, by=by, now=now)
    return station


def put_on_air(station: Station, *, by: Person, now: datetime) -> None:
    """Ten minutes every day, from the next quarter of an hour in which it may sound. Raises
    Refusal."""
    start = next_quarter(policy_of(station.unit), now)
    programme = create_programme(
        unit=station.unit,
        name="Tiếp âm Đài mẫu",
        starts_at=start.astimezone(VIETNAM).time(),
        weekdays="1111111",
        valid_from=local_date(start),
        valid_to=None,
        by=by,
        now=now,
    )
    add_window(programme=programme, relay=station, lasts_s=LASTS_S, before=True, by=by, now=now)


def next_quarter(policy: Policy, now: datetime) -> datetime:
    """The first after ``_AHEAD`` from which the whole relay lies within the allowed hours. Raises
    Refusal."""
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    start = now - past
    for _ in range(_DAYS * 96):
        start += _QUARTER
        fits = within_hours(start, LASTS_S * 1000, zone=policy.zone, hours=policy.hours)
        if fits and start - now >= _AHEAD:
            return start
    raise Refusal("no-room", "The allowed hours have no room for ten minutes.")
