"""Days due, plans to acknowledge and documents half read, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.plans.queries import due_in, open_drafts, unacknowledged

_MOST = 12
_LEADER_AFTER_DAYS = 3


def _days(desk: Desk) -> Iterator[Task]:
    today = local_date(desk.now)
    leads_only = desk.roles.isdisjoint({Role.WRITER, Role.APPROVER})
    for day in due_in(desk.unit, today)[:_MOST]:
        left = (day.due_on - today).days
        if leads_only and left > -_LEADER_AFTER_DAYS:
            continue
        words = _("Due on %(day)s.") if left >= 0 else _("Overdue since %(day)s.")
        yield Task(
            harm=24 if left < 0 else 40 if left <= 3 else 60,
            tone="bad" if left < 0 else "warn" if left <= 3 else "note",
            icon="clipboard-list",
            title=day.task.text[:160],
            text=f"{words % {'day': vi_date(day.due_on)}} {day.task.plan.title}",
            url=reverse("plans:task", args=[day.task_id]),
            action=_("Report on it"),
            key=f"plan-day:{day.pk}:{left < 0}",
        )


def _plans(desk: Desk) -> Iterator[Task]:
    for plan in unacknowledged(desk.unit)[:_MOST]:
        yield Task(
            harm=46,
            tone="warn",
            icon="clipboard-list",
            title=plan.title,
            text=_("%(unit)s asks for your acknowledgement.") % {"unit": plan.unit.full_name},
            url=reverse("plans:plan", args=[plan.pk]),
            action=_("Read and acknowledge"),
            key=f"official-plan:{plan.pk}",
        )


def _drafts(desk: Desk) -> Iterator[Task]:
    for draft in open_drafts(desk.unit)[:_MOST]:
        yield Task(
            harm=80,
            tone="note",
            icon="file-import",
            title=draft.file_name,
            text=_("Read, but no plan was made of it yet."),
            url=reverse("plans:draft", args=[draft.pk]),
            action=_("Go on"),
            key=f"plan-draft:{draft.pk}",
        )


def register() -> None:
    """Called when the process starts."""
    everybody = (Role.WRITER, Role.APPROVER, Role.LEADER)
    brings(
        "plans.days", everybody, _days,
        if_any=lambda desk: Exists(due_in(desk.unit, local_date(desk.now))),
    )  # fmt: skip
    brings(
        "plans.received", everybody, _plans,
        if_any=lambda desk: Exists(unacknowledged(desk.unit)),
    )  # fmt: skip
    brings(
        "plans.drafts", (Role.WRITER, Role.APPROVER), _drafts,
        if_any=lambda desk: Exists(open_drafts(desk.unit)),
    )  # fmt: skip
