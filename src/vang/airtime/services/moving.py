"""Moving and copying what is placed: what the calendar does when something is dragged."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import PLACERS, guard
from vang.airtime.layout import LEAD_MS
from vang.airtime.models import Placement
from vang.airtime.services.locking import lock_air
from vang.airtime.services.placing import NOTHING_MISSING, place_once, remove_placement
from vang.airtime.services.times import move_time
from vang.airtime.subjects import SessionTime, Single, Subject
from vang.base.refusals import Refusal
from vang.people.models import Person

_LEAD = timedelta(milliseconds=LEAD_MS)


def move(*, subject: Subject, start: datetime, by: Person, now: datetime) -> None:
    """Let it play at ``start`` instead. Raises Refusal."""
    if isinstance(subject, Single):
        move_placement(placement=subject.placement, start=start, by=by, now=now)
        return
    local = start.astimezone(ZoneInfo(subject.programme.zone))
    move_time(
        programme=subject.programme,
        day=subject.day,
        to_day=local.date(),
        to_at=local.time(),
        by=by,
        now=now,
    )


def copy(*, subject: Subject, start: datetime, by: Person, now: datetime) -> list[Placement]:
    """Let it play at ``start`` too. Raises Refusal."""
    with transaction.atomic():
        lock_air(subject.unit)
        guard(by, PLACERS, subject.unit, now)
        made = [
            place_once(
                edition=one.edition,
                start=start,
                by=by,
                now=now,
                missing=one.missing or NOTHING_MISSING,
                only=one.only,
                resume=one.resume,
            )
            for one in _placements(subject)
        ]
        if not made:
            raise Refusal("nothing-plays", _NOTHING)
        return made


def move_placement(
    *, placement: Placement, start: datetime, by: Person, now: datetime
) -> Placement:
    """A single broadcast that has not begun plays at ``start`` instead. Raises Refusal.

    The old place stays in the records as taken off; the new one is another occurrence.
    """
    with transaction.atomic():
        lock_air(placement.unit)
        guard(by, PLACERS, placement.unit, now)
        fresh = Placement.objects.select_related("unit", "edition").get(pk=placement.pk)
        if fresh.start is None or fresh.stopped_at is not None:
            raise Refusal("not-single", _NOT_SINGLE)
        if fresh.start <= now + _LEAD:
            raise Refusal("begun", _BEGUN)
        remove_placement(placement=fresh, by=by, now=now)
        # Of one instant the day takes what is placed before what is stopped.
        after = now + timedelta(milliseconds=1)
        missing = fresh.missing or NOTHING_MISSING
        return place_once(
            edition=fresh.edition,
            start=start,
            by=by,
            now=after,
            missing=missing,
            only=fresh.only,
            resume=fresh.resume,
        )


def _placements(subject: Subject) -> list[Placement]:
    if isinstance(subject, Single):
        return [subject.placement]
    return _playing(subject)


def _playing(subject: SessionTime) -> list[Placement]:
    """What plays in that time of the programme, in its order."""
    rows = Placement.objects.filter(
        programme=subject.programme, stopped_at=None, from_day__lte=subject.day
    ).exclude(to_day__lt=subject.day)
    rows = rows.filter(edition__withdrawn_at=None).select_related("edition__unit")
    return list(rows.order_by("placed_at", "pk"))


_NOTHING = _("Nothing plays in this programme on that day.")
_NOT_SINGLE = _("Only a broadcast placed once is moved by itself. Move the programme's time.")
_BEGUN = _("It has begun or is over. Play it again instead.")
