"""Every write of a person: what is to be recorded, and that it is not."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.captures.models import MOST_MINUTES, Capture
from vang.captures.notices import tell_of_end
from vang.journal.services import record
from vang.library.permissions import KEEPERS
from vang.orgs.models import Unit
from vang.people.access import may
from vang.people.models import Person
from vang.relays.access import stations_for
from vang.relays.models import Station

FARTHEST = timedelta(days=14)
LATE = timedelta(minutes=2)
"""“Now” was chosen a moment ago."""
MOST_OPEN = 20
MOST_AT_ONCE = 2
"""Of one unit: a stream each, and the server's processor."""


def ask_capture(
    *,
    unit: Unit,
    station: Station,
    starts_at: datetime,
    minutes: int,
    permitted: bool,
    by: Person,
    now: datetime,
) -> Capture:
    """The station's programme of that time is recorded for the library; a time that has just gone
    by is now. Raises Refusal.

    ``permitted``: the person says that it may be broadcast again.
    """
    guard(by, unit, now)
    if not permitted:
        raise Refusal("not-permitted", _NOT_PERMITTED)
    if not now - LATE <= starts_at <= now + FARTHEST:
        raise Refusal("bad-time", _BAD_TIME)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refusal("bad-length", _BAD_LENGTH)
    with transaction.atomic():
        serving = stations_for(unit).select_for_update(of=("self",))  # nobody ends it meanwhile
        if serving.filter(pk=station.pk).first() is None:
            raise Refusal("station-ended", _ENDED)
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        made = Capture(
            unit=unit, station=station, starts_at=max(starts_at, now), minutes=minutes,
            asked_by=by, asked_at=now,
        )  # fmt: skip
        _check_room(made)
        made.save()
        _tell("ask-capture", made, by, now, permitted=True)
    return made


def _check_room(wanted: Capture) -> None:
    waiting = list(still_open().filter(unit=wanted.unit))
    beside = [one for one in waiting if _overlap(one, wanted)]
    if any(one.station_id == wanted.station_id for one in beside):
        raise Refusal("recorded-already", _ALREADY)
    if len(beside) >= MOST_AT_ONCE:
        raise Refusal("too-many-at-once", _AT_ONCE)
    if len(waiting) >= MOST_OPEN:
        raise Refusal("too-many-captures", _TOO_MANY)


def still_open() -> QuerySet[Capture]:
    return Capture.objects.filter(cancelled_at=None, ended_at=None)


def _overlap(one: Capture, other: Capture) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def cancel_capture(*, capture: Capture, by: Person, now: datetime) -> None:
    """It is not recorded; what was recorded of it so far is thrown away. Raises Refusal."""
    guard(by, capture.unit, now)
    with transaction.atomic():
        if not still_open().filter(pk=capture.pk).update(cancelled_at=now):
            raise Refusal("capture-over", _OVER)
        _tell("cancel-capture", capture, by, now)


def call_off_of_station(station: Station, by: Person, now: datetime) -> int:
    """A station that is relayed no more is not recorded, in no unit. How many there were."""
    return call_off(still_open().filter(station=station), why="station-ended", by=by, now=now)


def call_off(found: QuerySet[Capture], *, why: str, by: Person | None, now: datetime) -> int:
    """Cancel those of ``found`` that are open, because their station or unit ended; whoever asked
    is told ``why``, a code of words.py. How many there were."""
    called_off = 0
    with transaction.atomic():
        for capture in found.select_related("unit", "station", "asked_by").order_by("pk"):
            still = still_open().filter(pk=capture.pk)
            if still.update(cancelled_at=now, problem=why):
                capture.cancelled_at, capture.problem = now, why
                _tell("cancel-capture", capture, by, now)
                tell_of_end(capture, now=now)
                called_off += 1
    return called_off


def guard(by: Person, unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, KEEPERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def _tell(action: str, capture: Capture, by: Person | None, now: datetime, **told: Any) -> None:
    record(
        action,
        f"capture:{capture.pk}",
        by=by,
        unit=capture.unit,
        now=now,
        name=capture.station.name,
        starts=capture.starts_at.isoformat(),
        minutes=capture.minutes,
        **told,
    )


_NOT_ALLOWED = _("Only who may bring material into the library of this unit may do this.")
_NOT_PERMITTED = _("Say that the programme may be broadcast again; else it is not recorded.")
_BAD_TIME = _("Choose a time from now on, within two weeks.")
_BAD_LENGTH = _("Choose between 1 and 60 minutes.")
_ENDED = _("This station is relayed no more.")
_ALREADY = _("This station is recorded at that time already.")
_AT_ONCE = _("Two stations are recorded at that time already. Choose another time.")
_TOO_MANY = _("Twenty recordings are waiting already. Cancel one first.")
_OVER = _("It is over or was cancelled already.")
