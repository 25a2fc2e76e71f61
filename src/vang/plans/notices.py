"""Telling people of plans, of days due, and the leader of what is overdue."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.plans.models import Occurrence, Plan

SENT, DUE, LATE = "plan-sent", "plan-due", "plan-late"
_NEWSROOM = frozenset({Role.WRITER.value, Role.APPROVER.value, Role.LEADER.value})

KINDS = (
    Kind(SENT, _("a plan sent to the unit"), "clipboard-list", Mail.AT_ONCE, _NEWSROOM),
    Kind(DUE, _("a task of a plan is due soon"), "calendar-event", Mail.DAILY, _NEWSROOM),
    Kind(LATE, _("a task of a plan is overdue"), "alarm", Mail.AT_ONCE, _NEWSROOM, "warn"),
)


def tell_of_plan(plan: Plan, *, now: datetime) -> int:
    """Every recipient unit. Returns how many people were told."""
    units = Unit.objects.filter(plans_received__plan=plan).select_related("parent__parent__parent")
    told = 0
    for unit in units:
        for role in (Role.WRITER, Role.APPROVER):
            told += notify(
                kind=SENT,
                to=Holders(role, unit),
                unit=unit,
                subject=f"official-plan:{plan.pk}",
                title=format_lazy(_("Plan: {title}"), title=plan.title),
                text=format_lazy(
                    _("{unit} asks for your acknowledgement."), unit=plan.unit.full_name
                ),
                url=reverse("plans:plan", args=[plan.pk]),
                now=now,
                once=f"plan-sent:{plan.pk}:{unit.pk}",
            )
    return told


def tell_due(day: Occurrence, *, now: datetime) -> int:
    return _tell(day, DUE, _("Due on {day}: {task}"), (Role.WRITER,), now)


def tell_late(day: Occurrence, *, leader: bool, now: datetime) -> int:
    """Whoever writes; when it has lasted, the accountable leader and those who approve."""
    roles = (Role.WRITER, Role.APPROVER, Role.LEADER) if leader else (Role.WRITER,)
    return _tell(day, LATE, _("Overdue since {day}: {task}"), roles, now)


def _tell(day: Occurrence, kind: str, title: object, roles: tuple[Role, ...], now: datetime) -> int:
    step = (day.due_on - local_date(now)).days
    task = day.task
    desk = task.lead.desk if task.lead is not None else None
    unit = desk or task.plan.unit
    return sum(
        notify(
            kind=kind,
            to=Holders(role, task.plan.unit if role == Role.LEADER else unit),
            unit=unit,
            subject=f"plan-task:{task.pk}",
            title=format_lazy(str(title), day=vi_date(day.due_on), task=task.text[:140]),
            text=format_lazy("{plan}. {lead}", plan=task.plan.title, lead=task.lead_name),
            url=reverse("plans:task", args=[task.pk]),
            now=now,
            once=f"{kind}:{day.pk}:{step}",
        )
        for role in roles
    )
