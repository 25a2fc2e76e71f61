"""Reminders before a day and after it, and the accountable leader when nobody acts."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from vang.base.clock import VIETNAM, local_date
from vang.plans import notices
from vang.plans.models import Occurrence, Plan

STEPS = (14, 7, 3, 1)
"""Days before the day due."""
LATE, TO_LEADER = -1, -2
LEADER_AFTER_DAYS = 3
_FROM_HOUR = 7
_MOST_A_TICK = 200


def remind_due(*, now: datetime) -> int:
    """Tell of every day that has come nearer than the last time. Returns how many were told of."""
    if now.astimezone(VIETNAM).hour < _FROM_HOUR:
        return 0
    today = local_date(now)
    found = list(_waiting(today)[:_MOST_A_TICK])
    for day in found:
        with transaction.atomic():
            step = step_of(day.due_on, today)
            rows = Occurrence.objects.filter(pk=day.pk, done_on=None, told_days__gt=step)
            if rows.update(told_days=step):
                _tell(day, step, now)
    return len(found)


def _waiting(today: date) -> QuerySet[Occurrence]:
    """Open days of adopted plans for which a further step has come. One query."""
    near = Q()
    for step in STEPS:
        near |= Q(due_on__lte=today + timedelta(days=step), told_days__gt=step)
    near |= Q(due_on__lt=today, told_days__gt=LATE)
    near |= Q(due_on__lte=today - timedelta(days=LEADER_AFTER_DAYS), told_days__gt=TO_LEADER)
    rows = Occurrence.objects.filter(
        near, done_on=None, task__finished_on=None, task__plan__state=Plan.State.ADOPTED
    )
    return rows.select_related("task__plan__unit__parent__parent", "task__lead__desk").order_by(
        "due_on", "pk"
    )


def step_of(due_on: date, today: date) -> int:
    """The furthest step that has come."""
    left = (due_on - today).days
    if left <= -LEADER_AFTER_DAYS:
        return TO_LEADER
    if left < 0:
        return LATE
    return min((step for step in STEPS if left <= step), default=99)


def _tell(day: Occurrence, step: int, now: datetime) -> None:
    if step >= 0:
        notices.tell_due(day, now=now)
    else:
        notices.tell_late(day, leader=step == TO_LEADER, now=now)
