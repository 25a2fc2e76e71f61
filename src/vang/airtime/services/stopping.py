"""Silence: one item, or everything."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import STOPPERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.days import Item
from vang.airtime.models import Placement, ProgrammeTime, StoppedOccurrence
from vang.airtime.moments import local_day
from vang.airtime.queries import bulletins_concerned, policy_of, schedule_of
from vang.airtime.services.locking import lock_air
from vang.airtime.silence import Reach, silent_until
from vang.airtime.timeline import Schedule
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

_DAY = timedelta(days=1)
_LANGUAGE = r"(?:-[a-z]{2,3})?"
_RECURRING = re.compile(rf"[pr]\d{{1,18}}-(\d{{8}})(?:m(\d{{1,18}}))?{_LANGUAGE}", re.ASCII)
_FILLER = re.compile(r"f\d{1,18}-(\d{8})T\d{6}-[\dm]{8,28}", re.ASCII)
_SINGLE = re.compile(rf"o(\d{{1,18}}){_LANGUAGE}", re.ASCII)
_DAYS_TOLD = 7


@dataclass(frozen=True)
class StoppedAll:
    """What was stopped, until when nothing more sounds, and what sounds next after that."""

    items: tuple[Item, ...]
    until: datetime
    following: Item | None


def stop_item(*, unit: Unit, item: str, by: Person, now: datetime) -> Item:
    """Stop one occurrence, sounding or still to come. Raises Refusal.

    Stopping it again changes nothing and is no error: two people may press at once.
    """
    with transaction.atomic():
        lock_air(unit)
        guard(by, STOPPERS, unit, now)
        found, stopped_before = _find(unit, item)
        if stopped_before:
            return found
        if found.ends <= now:
            raise Refusal("already-over", _OVER)
        _strike([found], unit=unit, by=by, now=now)
        subject, about = f"item:{item}", bulletins_concerned([item])
        record("stop-item", subject, by=by, unit=unit, now=now, about=about, title=found.title)
        airtime_changed(unit.pk)
        return found


def stop_all(*, unit: Unit, by: Person, now: datetime, reach: Reach = Reach.WINDOW) -> StoppedAll:
    """Silence what sounds and all that is due until the end of the present hours.

    Between two windows the next one counts as present; with ``Reach.DAY`` the whole day. Later
    items stay, and whatever is placed afterwards may sound. Raises Refusal.
    """
    with transaction.atomic():
        lock_air(unit)
        guard(by, STOPPERS, unit, now)
        schedule = _around(unit, now)
        until = silent_until(schedule.air.policy, now, reach)
        items = tuple(_due(schedule, now, until))
        _strike(items, unit=unit, by=by, now=now)
        record(
            "stop-all",
            f"unit:{unit.code}",
            by=by,
            unit=unit,
            now=now,
            about=bulletins_concerned(item.id for item in items),
            until=until.isoformat(),
            items=[item.id for item in items],
        )
        airtime_changed(unit.pk)
        return StoppedAll(items, until, _following(schedule, until))


def _strike(items: Iterable[Item], *, unit: Unit, by: Person, now: datetime) -> None:
    StoppedOccurrence.objects.bulk_create(
        [
            StoppedOccurrence(
                unit=unit, item=item.id, start=item.start, stopped_at=now, stopped_by=by
            )
            for item in items
        ],
        ignore_conflicts=True,
    )


def _find(unit: Unit, item: str) -> tuple[Item, bool]:
    """The occurrence, and whether it was stopped before. Raises Refusal."""
    day = _day_of(unit, item)
    if day is not None:
        schedule = schedule_of(unit, day - _DAY, day + _DAY)
        for one in (day, day - _DAY, day + _DAY):
            laid = schedule.day(one)
            for found in (*laid.items, *laid.stopped):
                if found.id == item:
                    return found, found in laid.stopped
    raise Refusal("no-such-item", _NO_ITEM)


def _day_of(unit: Unit, item: str) -> date | None:
    """The local day that an item's id speaks of, give or take a day between zones."""
    recurring = _RECURRING.fullmatch(item)
    single = _SINGLE.fullmatch(item)
    if recurring:
        return _moved_to(unit, recurring[2]) if recurring[2] else _date(recurring[1])
    if filler := _FILLER.fullmatch(item):
        return _date(filler[1])
    if single:
        start = Placement.objects.filter(unit=unit, pk=int(single[1])).values_list("start")
        return next((local_day(row[0], policy_of(unit).zone) for row in start if row[0]), None)
    return None


def _moved_to(unit: Unit, decision: str) -> date | None:
    """Where a programme's time was moved."""
    rows = ProgrammeTime.objects.filter(programme__unit=unit, pk=int(decision))
    return rows.values_list("to_day", flat=True).first()


def _date(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _around(unit: Unit, now: datetime) -> Schedule:
    today = local_day(now, policy_of(unit).zone)
    return schedule_of(unit, today - _DAY, today + _DAYS_TOLD * _DAY)


def _due(schedule: Schedule, now: datetime, until: datetime) -> Iterator[Item]:
    """What sounds at ``now``, perhaps since before midnight, or would begin before ``until``."""
    today = local_day(now, schedule.air.policy.zone)
    for day in (today - _DAY, today):
        for item in schedule.day(day).items:
            if item.ends > now and item.start < until:
                yield item


def _following(schedule: Schedule, until: datetime) -> Item | None:
    first = local_day(until, schedule.air.policy.zone)
    for day in (first + n * _DAY for n in range(_DAYS_TOLD)):
        for item in schedule.day(day).items:
            if item.start >= until:
                return item
    return None


_NO_ITEM = _("There is no such item on the timeline.")
_OVER = _("It has already ended.")
