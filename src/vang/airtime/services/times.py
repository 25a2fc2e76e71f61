"""Single times of a programme: left out, moved, restored. And days off."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import PLACERS, RULERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.layout import LEAD_MS
from vang.airtime.models import DayOff, Programme, ProgrammeTime
from vang.airtime.moments import from_ms, local_day, to_ms, wall_ms
from vang.airtime.policies import windows_ms
from vang.airtime.queries import policy_of
from vang.airtime.reasons import Reason
from vang.airtime.recurrence import MOVE_REACH
from vang.airtime.rules import rule_of_programme
from vang.airtime.services.locking import lock_air
from vang.airtime.words import REASONS
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

_LEAD = timedelta(milliseconds=LEAD_MS)


def skip_time(
    *, programme: Programme, day: date, note: str = "", by: Person, now: datetime
) -> ProgrammeTime:
    """Trừ ngày: the programme does not play on ``day``. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(programme, by, now)
        _undo(_ahead(fresh, day, now), by, now)
        return _decide(fresh, day, None, note=note, by=by, now=now)


def move_time(
    *,
    programme: Programme,
    day: date,
    to_day: date,
    to_at: time,
    note: str = "",
    by: Person,
    now: datetime,
) -> ProgrammeTime:
    """Once, the programme of ``day`` plays at another hour, at most a week away. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(programme, by, now)
        _check_target(fresh, day, to_day, to_at, now)
        _undo(_ahead(fresh, day, now), by, now)
        return _decide(fresh, day, (to_day, to_at), note=note, by=by, now=now)


def restore_time(*, programme: Programme, day: date, by: Person, now: datetime) -> None:
    """What was left out or moved plays at its own hour again. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(programme, by, now)
        decision = _ahead(fresh, day, now)
        if decision is None:
            raise Refusal("not-changed", _NOT_CHANGED)
        if wall_ms(day, fresh.starts_at, fresh.zone) <= to_ms(now + _LEAD):
            raise Refusal("too-soon", _BEGUN)
        _undo(decision, by, now)
        _tell(fresh, "restore-programme-time", day, by=by, now=now)


def add_day_off(
    *, unit: Unit, day: date, name: str, off: bool, by: Person, now: datetime
) -> DayOff:
    """A day off of the commune's own, or a public holiday on which it works. From tomorrow on:
    today stands in the plans. Raises Refusal."""
    clean = " ".join(clean_text(name).split())[:120]
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        _check_tomorrow(unit, day, now)
        if not clean:
            raise Refusal("bad-name", _NAME)
        row, _created = DayOff.objects.update_or_create(
            unit=unit,
            day=day,
            defaults={"name": clean, "off": off, "added_by": by, "added_at": now},
        )
        told: dict[str, Any] = {"day": day.isoformat(), "name": clean, "off": off}
        record("add-day-off", f"day-off:{row.pk}", by=by, unit=unit, now=now, **told)
        airtime_changed(unit.pk)
        return row


def remove_day_off(*, day_off: DayOff, by: Person, now: datetime) -> None:
    """The day is again what the calendar says. Raises Refusal."""
    unit = day_off.unit
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        _check_tomorrow(unit, day_off.day, now)
        record(
            "remove-day-off",
            f"day-off:{day_off.pk}",
            by=by,
            unit=unit,
            now=now,
            day=day_off.day.isoformat(),
            name=day_off.name,
        )
        DayOff.objects.filter(pk=day_off.pk).delete()
        airtime_changed(unit.pk)


def _open(programme: Programme, by: Person, now: datetime) -> Programme:
    lock_air(programme.unit)
    guard(by, PLACERS, programme.unit, now)
    return Programme.objects.select_related("unit").get(pk=programme.pk)


def _ahead(programme: Programme, day: date, now: datetime) -> ProgrammeTime | None:
    """What was decided about the time of ``day`` so far. Raises Refusal when the rule has none, or
    when it has begun."""
    if not rule_of_programme(programme, day, day).falls_on(day):
        raise Refusal("no-such-time", _NO_TIME)
    decision = programme.otherwise.filter(day=day, undone_at=None).first()
    if _begins(programme, day, decision) <= to_ms(now + _LEAD):
        raise Refusal("too-soon", _BEGUN)
    return decision


def _begins(programme: Programme, day: date, decision: ProgrammeTime | None) -> int:
    """When the programme of ``day`` begins; one that is left out, when it would."""
    if decision is not None and decision.to_day and decision.to_at:
        return wall_ms(decision.to_day, decision.to_at, programme.zone)
    return wall_ms(day, programme.starts_at, programme.zone)


def _check_target(
    programme: Programme, day: date, to_day: date, to_at: time, now: datetime
) -> None:
    if abs(to_day - day) > MOVE_REACH:
        raise Refusal("too-far", _WEEK)
    start = wall_ms(to_day, to_at, programme.zone)
    if start <= to_ms(now + _LEAD):
        raise Refusal("too-soon", _PAST)
    policy = policy_of(programme.unit)
    there = local_day(from_ms(start), policy.zone)
    windows = windows_ms(policy, there)
    if not any(opens <= start < closes for opens, closes in windows):
        reason = Reason.OUTSIDE_HOURS if windows else Reason.WEEKEND
        raise Refusal(reason.value, REASONS[reason])


def _undo(decision: ProgrammeTime | None, by: Person, now: datetime) -> None:
    if decision is not None:
        decision.undone_at, decision.undone_by = now, by
        decision.save(update_fields=["undone_at", "undone_by"])


def _decide(
    programme: Programme,
    day: date,
    to: tuple[date, time] | None,
    *,
    note: str,
    by: Person,
    now: datetime,
) -> ProgrammeTime:
    row = ProgrammeTime.objects.create(
        programme=programme,
        day=day,
        to_day=to and to[0],
        to_at=to and to[1],
        note=" ".join(clean_text(note).split())[:200],
        decided_by=by,
        decided_at=now,
    )
    action = "move-programme-time" if to else "skip-programme-time"
    moved = f"{to[0].isoformat()} {to[1]:%H:%M}" if to else None
    _tell(programme, action, day, by=by, now=now, to=moved, note=row.note)
    return row


def _tell(
    programme: Programme,
    action: str,
    day: date,
    *,
    by: Person,
    now: datetime,
    **detail: Any,
) -> None:
    record(
        action,
        f"programme:{programme.pk}",
        by=by,
        unit=programme.unit,
        now=now,
        day=day.isoformat(),
        **detail,
    )
    airtime_changed(programme.unit_id)


def _check_tomorrow(unit: Unit, day: date, now: datetime) -> None:
    if day <= local_day(now, policy_of(unit).zone):
        raise Refusal("too-soon", _TOMORROW)


_NO_TIME = _("The programme does not play on this day.")
_BEGUN = _("This time has begun or is over. Stop it on the day's timeline instead.")
_NOT_CHANGED = _("Nothing was changed about this time.")
_WEEK = _("A single time is moved by at most seven days.")
_PAST = _("Choose a later time: this one has passed or is too near.")
_TOMORROW = _("Days off are changed from tomorrow on. To silence today, use “Stop everything”.")
_NAME = _("Say which day off it is.")
