"""Reminding of what ends: licences, warranties, loans."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import VIETNAM, local_date
from vang.base.display import vi_date
from vang.equipment.models import Device, Segment
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.people.roles import Role

LICENCE, WARRANTY, LOAN = "licence-ends", "warranty-ends", "loan-ends"
_KEEPERS = frozenset({Role.TECHNICIAN.value, Role.ADMINISTRATOR.value})
KINDS = (
    Kind(LICENCE, _("a frequency licence ends"), "file-text", Mail.AT_ONCE, _KEEPERS, "warn"),
    Kind(WARRANTY, _("the warranty of a device ends"), "shield-check", Mail.DAILY, _KEEPERS),
    Kind(LOAN, _("a lent device is due back"), "calendar-event", Mail.DAILY, _KEEPERS),
)
LICENCE_DAYS = (90, 30, 7, 0)
"""A new licence takes weeks: three months ahead, then nearer."""
WARRANTY_DAYS = (30, 7)
LOAN_DAYS = (7, 1, 0, -7)
FROM_HOUR = 7


@dataclass(frozen=True)
class _Reminder:
    """``rows``: what has such a last day; ``view``: the page of one."""

    kind: str
    rows: Callable[[], QuerySet[Any]]
    field: str
    days: tuple[int, ...]
    title: Any
    text: Any
    view: str


def _segments() -> QuerySet[Segment]:
    return Segment.objects.filter(ended_at=None)


def _devices() -> QuerySet[Device]:
    return Device.objects.exclude(state=Device.State.RETIRED)


_REMINDERS = (
    _Reminder(LICENCE, _segments, "licence_until", LICENCE_DAYS,
              _("Frequency licence: {thing}"),
              _("The licence is valid until {day}. Apply for a new one in time."),
              "equipment:segment"),
    _Reminder(WARRANTY, _devices, "warranty_until", WARRANTY_DAYS,
              _("Warranty: {thing}"),
              _("The warranty ends on {day}. What does not work should be reported before."),
              "equipment:device"),
    _Reminder(LOAN, _devices, "lent_until", LOAN_DAYS,
              _("Lent device: {thing}"),
              _("It is due back on {day}."),
              "equipment:device"),
)  # fmt: skip


def remind_of_ends(*, now: datetime) -> int:
    """The worker's clock, from seven in the morning on. Returns how many people were told."""
    if now.astimezone(VIETNAM).hour < FROM_HOUR:
        return 0
    return sum(_remind(one, now) for one in _REMINDERS)


def _remind(reminder: _Reminder, now: datetime) -> int:
    today = local_date(now)
    days = [today + timedelta(days=ahead) for ahead in reminder.days]
    rows = reminder.rows().filter(**{f"{reminder.field}__in": days})
    found = rows.select_related("unit__parent__parent").order_by("pk")
    return sum(_tell(reminder, one, now) for one in found)


def _tell(reminder: _Reminder, thing: Segment | Device, now: datetime) -> int:
    day: date = getattr(thing, reminder.field)
    ahead, told = (day - local_date(now)).days, 0
    for role in (Role.TECHNICIAN, Role.ADMINISTRATOR):
        told += notify(
            kind=reminder.kind,
            to=Holders(role, thing.unit),
            unit=thing.unit,
            subject=f"{thing._meta.model_name}:{thing.pk}",
            title=format_lazy(reminder.title, thing=str(thing)),
            text=format_lazy(reminder.text, day=vi_date(day)),
            url=reverse(reminder.view, args=[thing.pk]),
            now=now,
            once=f"{reminder.kind}:{thing.pk}:{day.isoformat()}:{ahead}",
        )
    return told
