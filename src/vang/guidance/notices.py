"""Telling units of new guidance, and reminding those that have not read it. The worker does it."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.guidance import jobs
from vang.guidance.models import Guidance
from vang.guidance.queries import reached, unread_units
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.people.access import Role

ISSUED = "guidance-issued"
UNREAD = "guidance-unread"
_NEWSROOM = frozenset({Role.WRITER.value, Role.APPROVER.value, Role.LEADER.value})

KINDS = (
    Kind(ISSUED, _("new guidance"), "book-2", Mail.DAILY, _NEWSROOM),
    Kind(UNREAD, _("guidance that nobody here has read"), "book-2", Mail.AT_ONCE, _NEWSROOM,
         "warn"),
)  # fmt: skip


def tell_of_issue(guidance: Guidance, *, now: datetime) -> None:
    jobs.tell_of_issue.enqueue(guidance.pk, now.isoformat())


def remind(guidance: Guidance, *, now: datetime) -> None:
    jobs.remind_unread.enqueue(guidance.pk, now.isoformat())


def told_of_issue(guidance: Guidance, *, now: datetime) -> int:
    """The worker's part: every unit that it goes to. Returns how many people were told."""
    units = reached(guidance, local_date(now))
    return sum(_tell(guidance, unit, ISSUED, f"guidance:{guidance.pk}", now) for unit in units)


def reminded(guidance: Guidance, *, now: datetime) -> int:
    """The worker's part: units in which nobody has read it, once a day."""
    once = f"guidance-unread:{guidance.pk}:{local_date(now).isoformat()}"
    units = unread_units(guidance, local_date(now))
    return sum(_tell(guidance, unit, UNREAD, once, now) for unit in units)


def _tell(guidance: Guidance, unit: Unit, kind: str, once: str, now: datetime) -> int:
    told = 0
    for role in (Role.WRITER, Role.APPROVER):
        told += notify(
            kind=kind,
            to=Holders(role, unit),
            unit=unit,
            subject=f"guidance:{guidance.pk}",
            title=format_lazy(_("Guidance: {title}"), title=guidance.title),
            text=format_lazy(
                _("{unit}, in force from {first} to {last}."),
                unit=guidance.unit.full_name,
                first=vi_date(guidance.starts_on),
                last=vi_date(guidance.ends_on),
            ),
            url=reverse("guidance:note", args=[guidance.pk]),
            now=now,
            once=f"{once}:{unit.pk}",
        )
    return told
