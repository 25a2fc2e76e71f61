"""Objectives that come, change and end: freely in a draft, with a reason once it is adopted."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_number
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.people.models import Person
from vang.plans.models import MAX_TEXT, Objective, ObjectiveChange, Plan
from vang.plans.services.common import State, drafting, following, one_line, subject

MOST_OBJECTIVES = 300
Kind = ObjectiveChange.Kind


@dataclass(frozen=True)
class Wanted:
    """What an objective says, with a figure where it names one."""

    text: str
    target: Decimal | None = None
    unit_word: str = ""


def add_objective(
    *, plan: Plan, wanted: Wanted, why: str = "", by: Person, now: datetime
) -> Objective:
    """One more. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(plan, by, now)
        if fresh.objectives.count() >= MOST_OBJECTIVES:
            raise Refusal("too-many-objectives", _TOO_MANY)
        last = fresh.objectives.order_by("-place").values_list("place", flat=True).first()
        objective = Objective(plan=fresh, place=(last or 0) + 1)
        _write(objective, wanted)
        _note(objective, Kind.ADDED, "", why=why, by=by, now=now)
    return objective


def change_objective(
    *, objective: Objective, wanted: Wanted, why: str = "", by: Person, now: datetime
) -> Objective:
    """Other words, another figure. Raises Refusal."""
    with transaction.atomic():
        fresh = _strived(objective, by, now)
        before = told(fresh)
        _write(fresh, wanted)
        if told(fresh) != before:
            _note(fresh, Kind.REWORDED, before, why=why, by=by, now=now)
    return fresh


def end_objective(*, objective: Objective, why: str = "", by: Person, now: datetime) -> None:
    """Nobody strives for it any more; out of a draft it goes without a trace in the plan. Raises
    Refusal."""
    with transaction.atomic():
        fresh = _strived(objective, by, now)
        _note(fresh, Kind.ENDED, told(fresh), why=why, by=by, now=now)
        if fresh.plan.state == State.DRAFT:
            fresh.delete()
            return
        fresh.ended_on = local_date(now)
        fresh.save(update_fields=["ended_on"])


def told(objective: Objective) -> str:
    """Its words and its figure."""
    if objective.target is None:
        return objective.text
    figure = f"{vi_number(objective.target)} {objective.unit_word}".strip()
    return f"{objective.text} ({figure})"


def _open(plan: Plan, by: Person, now: datetime) -> Plan:
    return drafting(plan, by, now) if plan.state == State.DRAFT else following(plan, by, now)


def _strived(objective: Objective, by: Person, now: datetime) -> Objective:
    plan = _open(objective.plan, by, now)
    fresh = Objective.objects.get(pk=objective.pk)
    fresh.plan = plan
    if fresh.ended_on is not None:
        raise Refusal("objective-ended", _ENDED)
    return fresh


def _write(objective: Objective, wanted: Wanted) -> None:
    text = clean_text(wanted.text).strip()[:MAX_TEXT]
    if not text:
        raise Refusal("text-missing", _TEXT_MISSING)
    objective.text, objective.target = text, wanted.target
    objective.unit_word = one_line(wanted.unit_word)[:60]
    objective.save()


_ACTS = {
    Kind.ADDED: "add-plan-objective",
    Kind.REWORDED: "change-plan-objective",
    Kind.ENDED: "end-plan-objective",
}


def _note(
    objective: Objective, kind: Kind, before: str, *, why: str, by: Person, now: datetime
) -> None:
    """In the journal, and of an adopted plan beside the objective. Raises Refusal without a why."""
    plan, reason = objective.plan, one_line(why)[:500]
    if plan.state != State.DRAFT:
        if not reason:
            raise Refusal("why-missing", _WHY_MISSING)
        ObjectiveChange.objects.create(
            objective=objective, kind=kind, before=before, why=reason, by=by, at=now
        )
    record(
        _ACTS[kind], subject(plan), by=by, unit=plan.unit, now=now,
        objective=objective.pk, text=objective.text[:200], before=before[:200], why=reason,
    )  # fmt: skip


_TEXT_MISSING = _("Write what is to be reached.")
_WHY_MISSING = _("The plan is adopted: say why the objective comes, changes or ends.")
_ENDED = _("This objective has ended and stays as it was.")
_TOO_MANY = _("A plan has three hundred objectives at most.")
