"""Programmes: recurring sessions. What has been heard under a rule keeps that rule."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import RULERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.models import Placement, Programme, StoppedOccurrence
from vang.airtime.moments import local_day
from vang.airtime.queries import policy_of
from vang.airtime.reasons import Reason
from vang.airtime.services.locking import lock_air
from vang.airtime.services.rundown import hand_over_parts
from vang.airtime.words import REASONS
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

_DAY = timedelta(days=1)


def create_programme(
    *,
    unit: Unit,
    name: str,
    starts_at: time,
    weekdays: str,
    valid_from: date,
    valid_to: date | None,
    on_holidays: str = Programme.Holidays.PLAY,
    by: Person,
    now: datetime,
) -> Programme:
    """A session at ``starts_at`` local time on ``weekdays`` ("1111100"). Raises Refusal."""
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        programme = Programme(
            unit=unit,
            name=_checked_name(unit, name),
            starts_at=starts_at,
            zone=policy_of(unit).zone,
            weekdays=weekdays,
            valid_from=valid_from,
            valid_to=valid_to,
            on_holidays=on_holidays,
        )
        _check(programme, earliest=local_day(now, programme.zone))
        programme.save()
        return _told("create-programme", programme, by=by, now=now)


def change_programme(
    *,
    programme: Programme,
    name: str,
    starts_at: time,
    weekdays: str,
    valid_to: date | None,
    on_holidays: str | None = None,
    by: Person,
    now: datetime,
) -> Programme:
    """The programme as it is from now on. Raises Refusal.

    Another hour or other days hold from tomorrow: today's times stand in the nodes' plans and in
    the log. The old rule is closed and a new row carries on with the bulletins in it.
    """
    with transaction.atomic():
        lock_air(programme.unit)
        guard(by, RULERS, programme.unit, now)
        fresh = _alive(programme)
        today = local_day(now, fresh.zone)
        holidays = on_holidays or fresh.on_holidays
        before = (fresh.starts_at, fresh.weekdays, fresh.on_holidays)
        same_rule = (starts_at, weekdays, holidays) == before
        changed = fresh if same_rule or fresh.valid_from > today else _successor(fresh, today)
        changed.name = _checked_name(fresh.unit, name, fresh)
        changed.starts_at, changed.weekdays, changed.valid_to = starts_at, weekdays, valid_to
        changed.on_holidays = holidays
        _check(changed, earliest=changed.valid_from)
        changed.save()
        if changed is not fresh:
            _hand_over(fresh, changed, today, now)
        return _told("change-programme", changed, by=by, now=now, before=fresh.pk)


def end_programme(*, programme: Programme, last_day: date, by: Person, now: datetime) -> Programme:
    """``last_day``, today or later, is the last on which it plays. Raises Refusal."""
    with transaction.atomic():
        lock_air(programme.unit)
        guard(by, RULERS, programme.unit, now)
        fresh = _alive(programme)
        if last_day < max(local_day(now, fresh.zone), fresh.valid_from - _DAY):
            raise Refusal("bad-days", _LAST_DAY)
        fresh.valid_to, fresh.ended_at = last_day, now
        fresh.save(update_fields=["valid_to", "ended_at"])
        return _told("end-programme", fresh, by=by, now=now)


def _alive(programme: Programme) -> Programme:
    fresh = Programme.objects.select_related("unit").get(pk=programme.pk)
    if fresh.ended_at is not None:
        raise Refusal("programme-ended", _ENDED)
    return fresh


def _successor(old: Programme, today: date) -> Programme:
    return Programme(unit=old.unit, zone=old.zone, valid_from=today + _DAY)


def _hand_over(old: Programme, new: Programme, today: date, now: datetime) -> None:
    """Close the old row today and let its bulletins carry on in the new one."""
    old.valid_to, old.ended_at = today, now
    old.save(update_fields=["valid_to", "ended_at"])
    for decision in old.otherwise.filter(day__gt=today, undone_at=None).order_by("pk"):
        decision.pk, decision.programme = None, new
        decision.save(force_insert=True)
    hand_over_parts(old, new, today)
    going_on = Placement.objects.filter(programme=old, stopped_at=None).exclude(to_day__lte=today)
    for placement in going_on.order_by("placed_at", "pk"):
        if placement.from_day is not None and placement.from_day > today:
            placement.programme = new
            placement.save(update_fields=["programme"])
        else:
            _continue(placement, new, today)


def _continue(placement: Placement, new: Programme, today: date) -> None:
    """End the placement today and go on with a new one; days struck from it stay struck."""
    before, last = placement.pk, placement.to_day
    Placement.objects.filter(pk=before).update(to_day=today)
    placement.pk, placement.programme = None, new
    placement.from_day, placement.to_day = today + _DAY, last
    placement.save(force_insert=True)
    struck = StoppedOccurrence.objects.filter(unit_id=placement.unit_id)
    for row in struck.filter(item__startswith=f"p{before}-").order_by("pk"):
        day = row.item.rpartition("-")[2]
        if day > f"{today:%Y%m%d}":
            row.item = f"p{placement.pk}-{day}"
            row.save(update_fields=["item"])


def _checked_name(unit: Unit, name: str, own: Programme | None = None) -> str:
    clean = " ".join(clean_text(name).split())
    if not 1 <= len(clean) <= 120:
        raise Refusal("bad-name", _NAME)
    # SQLite folds the case of ASCII letters only.
    others = Programme.objects.filter(unit=unit, ended_at=None)
    if any(o != own and o.name.casefold() == clean.casefold() for o in others):
        raise Refusal("name-taken", _NAME_TAKEN)
    return clean


def _check(programme: Programme, *, earliest: date) -> None:
    if "1" not in programme.weekdays or not _is_week(programme.weekdays):
        raise Refusal("no-weekday", _NO_WEEKDAY)
    if programme.valid_from < earliest:
        raise Refusal("bad-days", _FIRST_DAY)
    if programme.valid_to is not None and programme.valid_to < programme.valid_from:
        raise Refusal("bad-days", _DAYS)
    clock = f"{programme.starts_at:%H:%M}"
    hours = policy_of(programme.unit).hours
    if not any(opens <= clock < closes for opens, closes in hours):
        raise Refusal(Reason.OUTSIDE_HOURS.value, REASONS[Reason.OUTSIDE_HOURS])


def _is_week(weekdays: str) -> bool:
    return len(weekdays) == 7 and set(weekdays) <= {"0", "1"}


def _told(
    action: str, programme: Programme, *, by: Person, now: datetime, **detail: Any
) -> Programme:
    record(
        action,
        f"programme:{programme.pk}",
        by=by,
        unit=programme.unit,
        now=now,
        name=programme.name,
        starts_at=f"{programme.starts_at:%H:%M}",
        weekdays=programme.weekdays,
        on_holidays=programme.on_holidays,
        valid_to=programme.valid_to and programme.valid_to.isoformat(),
        **detail,
    )
    airtime_changed(programme.unit_id)
    return programme


_ENDED = _("The programme has ended.")
_NAME = _("Give the programme a name of at most 120 characters.")
_NAME_TAKEN = _("Another programme bears this name.")
_NO_WEEKDAY = _("Choose at least one day of the week.")
_FIRST_DAY = _("The first day is today or later.")
_LAST_DAY = _("The last day is today or later. To silence it today, stop it on the day's timeline.")
_DAYS = _("The last day is not before the first.")
