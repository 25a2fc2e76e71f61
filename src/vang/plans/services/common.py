"""What all writes of plans share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans.access import NEWSROOM, guard
from vang.plans.models import Occurrence, Plan, Task
from vang.plans.recognition.deadlines import deadlines_in
from vang.plans.recognition.plain import deadline_to_plain
from vang.plans.standing import due_days

State = Plan.State
MOST_LINES = 40
_YET, _NOBODY = 99, -2
"""Of Occurrence.told_days: no reminder yet, and none any more."""


def one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def lines_of(text: str) -> list[str]:
    """Filled lines, each tidied."""
    told = [one_line(line)[:300] for line in clean_text(text).split("\n")]
    return [line for line in told if line][:MOST_LINES]


def read_deadlines(text: str) -> list[dict[str, Any]]:
    """One a line, as people write them. Raises Refusal for a line that tells none."""
    found: list[dict[str, Any]] = []
    for line in lines_of(text):
        told = deadlines_in(line, told=True)
        if not told:
            raise Refusal("deadline-unclear", _DEADLINE % {"text": line})
        found += [deadline_to_plain(one) for one in told]
    return found


def locked(plan: Plan) -> Plan:
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    return Plan.objects.select_related("unit__parent__parent").get(pk=plan.pk)


def drafting(plan: Plan, by: Person, now: datetime) -> Plan:
    """A draft, locked. Raises Refusal."""
    fresh = locked(plan)
    guard(by, NEWSROOM, fresh.unit, now)
    if fresh.state != State.DRAFT:
        raise Refusal("plan-adopted", _NOT_A_DRAFT)
    return fresh


def following(plan: Plan, by: Person, now: datetime) -> Plan:
    """An adopted plan, locked. Raises Refusal."""
    fresh = locked(plan)
    guard(by, NEWSROOM, fresh.unit, now)
    if fresh.state != State.ADOPTED:
        raise Refusal("plan-not-adopted", _NOT_ADOPTED)
    return fresh


def settle_days(task: Task, first: date, last: date, today: date) -> None:
    """The days due as the deadlines tell them; days that are done stay. Of days that were over
    before the plan was kept here nobody is reminded."""
    wanted = due_days(task.deadlines, first, last)
    known = dict(task.occurrences.values_list("due_on", "done_on"))
    task.occurrences.filter(done_on=None).exclude(due_on__in=wanted).delete()
    Occurrence.objects.bulk_create(
        Occurrence(task=task, due_on=day, told_days=_NOBODY if day < today else _YET)
        for day in wanted
        if day not in known
    )
    set_next(task)


def set_next(task: Task) -> None:
    """The earliest day that is not done."""
    rows = task.occurrences.filter(done_on=None).order_by("due_on")
    task.next_due = rows.values_list("due_on", flat=True).first()
    task.save(update_fields=["next_due"])


def subject(plan: Plan) -> str:
    """The plan in the journal and in notices."""
    return f"official-plan:{plan.pk}"


def committee_of(unit: Unit) -> str:
    """ "UBND xã Quế Thuận"; an office by its own name."""
    if unit.level == Unit.Level.OFFICE:
        return unit.name
    return f"UBND {unit.full_name[:1].lower()}{unit.full_name[1:]}"


def names_of(names: Sequence[str]) -> str:
    return ", ".join(names)[:400]


_DEADLINE = _(
    "“%(text)s” tells no day, month, quarter or year. Write it as in: trước ngày 10/6 hằng năm."
)
_NOT_A_DRAFT = _("This plan is adopted. An approver opens it again before it is changed.")
_NOT_ADOPTED = _("Only an adopted plan is followed.")
