"""Putting back on the air what was just taken off it, as long as that disturbs nobody."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import PLACERS, RULERS, STOPPERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.models import Placement, Programme, StoppedOccurrence
from vang.airtime.moments import local_day
from vang.airtime.proposals import differences
from vang.airtime.queries import SHOWN_AHEAD, airtime_of, bulletins_concerned, policy_of
from vang.airtime.services.locking import lock_air
from vang.airtime.services.placing import LEAD
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

_DAY = timedelta(days=1)


def resume_items(
    *, unit: Unit, items: Collection[str], by: Person, now: datetime
) -> list[StoppedOccurrence]:
    """Let stopped occurrences play after all: those whose time is still to come.

    Raises Refusal: ``begun`` when none is, ``disturbs`` when something else has the time now.
    """
    with transaction.atomic():
        lock_air(unit)
        guard(by, STOPPERS, unit, now)
        rows = StoppedOccurrence.objects.filter(unit=unit, item__in=items, start__gte=now + LEAD)
        found = list(rows.order_by("start", "pk"))
        if not found:
            raise Refusal("begun", _BEGUN)
        before = _air(unit, found[0].start, found[-1].start)
        ids = {row.item for row in found}
        stopped = {item: at for item, at in before.stopped.items() if item not in ids}
        _check(before, replace(before, stopped=stopped), found[0].start, found[-1].start)
        rows.delete()
        about = bulletins_concerned(ids)
        subject, told = f"unit:{unit.code}", sorted(ids)
        record("resume-items", subject, by=by, unit=unit, now=now, about=about, items=told)
        airtime_changed(unit.pk)
        return found


def restore_placement(*, placement: Placement, by: Person, now: datetime) -> Placement:
    """A removed placement is on the schedule again. Raises Refusal."""
    with transaction.atomic():
        lock_air(placement.unit)
        guard(by, PLACERS, placement.unit, now)
        fresh = Placement.objects.select_related("unit", "edition").get(pk=placement.pk)
        if fresh.stopped_at is None:
            raise Refusal("not-removed", _NOT_REMOVED)
        if fresh.edition.withdrawn_at is not None:
            raise Refusal("withdrawn", _WITHDRAWN)
        if fresh.start is not None and fresh.start < now + LEAD:
            raise Refusal("begun", _BEGUN)
        begins = fresh.start or now
        before = _air(fresh.unit, begins, begins + SHOWN_AHEAD)
        wishes = [
            replace(wish, stopped_at=None) if wish.placement == fresh.pk else wish
            for wish in before.wishes
        ]
        _check(before, replace(before, wishes=wishes), begins, begins + SHOWN_AHEAD)
        fresh.stopped_at = fresh.stopped_by = None
        fresh.save(update_fields=["stopped_at", "stopped_by"])
        subject, about = f"placement:{fresh.pk}", [f"bulletin:{fresh.edition.bulletin_id}"]
        record("restore-placement", subject, by=by, unit=fresh.unit, now=now, about=about)
        airtime_changed(fresh.unit_id)
        return fresh


def reopen_programme(
    *, programme: Programme, valid_to: date | None, by: Person, now: datetime
) -> Programme:
    """An ended programme plays on, until ``valid_to`` as before. Raises Refusal."""
    with transaction.atomic():
        lock_air(programme.unit)
        guard(by, RULERS, programme.unit, now)
        fresh = Programme.objects.select_related("unit").get(pk=programme.pk)
        if fresh.ended_at is None:
            raise Refusal("not-ended", _NOT_ENDED)
        others = Programme.objects.filter(unit=fresh.unit, ended_at=None)
        if any(other.name.casefold() == fresh.name.casefold() for other in others):
            raise Refusal("name-taken", _NAME_TAKEN)
        fresh.valid_to, fresh.ended_at = valid_to, None
        fresh.save(update_fields=["valid_to", "ended_at"])
        record("reopen-programme", f"programme:{fresh.pk}", by=by, unit=fresh.unit, now=now)
        airtime_changed(fresh.unit_id)
        return fresh


def _air(unit: Unit, first: datetime, last: datetime) -> UnitAirtime:
    zone = policy_of(unit).zone
    return airtime_of(unit, local_day(first, zone) - _DAY, local_day(last, zone) + _DAY)


def _check(before: UnitAirtime, after: UnitAirtime, first: datetime, last: datetime) -> None:
    """Raises Refusal when something that is planned now would move or fall out."""
    zone = before.policy.zone
    day = local_day(first, zone)
    days = (local_day(last, zone) - day).days + 1
    changes = differences(
        Schedule(before, look_ahead_days=0), Schedule(after, look_ahead_days=0), day, days=days
    )
    disturbed = next((change for change in changes if change.before is not None), None)
    if disturbed is not None:
        raise Refusal("disturbs", format_lazy(_DISTURBS, title=disturbed.title))


_BEGUN = _("Its time has come or passed: it can no longer be put back.")
_NOT_REMOVED = _("It is on the schedule already.")
_NOT_ENDED = _("The programme goes on already.")
_NAME_TAKEN = _("Another programme bears this name.")
_WITHDRAWN = _("The bulletin was withdrawn. It is no longer broadcast.")
_DISTURBS = _("Meanwhile “{title}” has been given this time. Place the bulletin anew.")
