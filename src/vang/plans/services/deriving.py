"""A commune's plan from the one above."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans.access import NEWSROOM, guard
from vang.plans.matching import for_communes
from vang.plans.models import Objective, Plan, Task
from vang.plans.queries import received
from vang.plans.services.common import State, committee_of, subject


def derive_plan(*, plan: Plan, unit: Unit, by: Person, now: datetime) -> Plan:
    """A draft with the objectives and with the tasks that are the communes'; all tasks where none
    is. Whoever sees the plan above follows how far they come. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        if plan.state != State.ADOPTED or not received(unit).filter(pk=plan.pk).exists():
            raise Refusal("not-received", _NOT_RECEIVED)
        derived = _begun(plan, unit, by, now)
        Objective.objects.bulk_create(
            Objective(
                plan=derived, place=one.place, text=one.text, target=one.target,
                unit_word=one.unit_word,
            )
            for one in plan.objectives.filter(ended_on=None)
        )  # fmt: skip
        tasks = list(plan.tasks.all())
        theirs = [task for task in tasks if for_communes(task.lead_name)] or tasks
        Task.objects.bulk_create(_copied(task, derived, unit) for task in theirs)
        record("derive-plan", subject(derived), by=by, unit=derived.unit, now=now, parent=plan.pk)
    return derived


def _begun(plan: Plan, unit: Unit, by: Person, now: datetime) -> Plan:
    number = f" số {plan.number}" if plan.number else ""
    try:
        with transaction.atomic():
            return Plan.objects.create(
                unit=unit,
                parent=plan,
                title=plan.title,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                bases=[f"Kế hoạch{number} của {plan.issuer or plan.unit.full_name}"],
                created_by=by,
                created_at=now,
            )
    except IntegrityError as error:
        raise Refusal("derived-already", _KNOWN) from error


def _copied(task: Task, plan: Plan, unit: Unit) -> Task:
    own = for_communes(task.lead_name)
    return Task(
        plan=plan,
        place=task.place,
        code=task.code,
        section=task.section,
        text=task.text,
        lead_name=committee_of(unit)[:400] if own else task.lead_name,
        cooperating=task.cooperating,
        deadlines=task.deadlines,
        product=task.product,
        passage=task.passage,
        parent=task,
    )


_NOT_RECEIVED = _(
    "Only an adopted plan of a unit above, or one that was sent to yours, can be derived."
)
_KNOWN = _("Your unit has made its plan from this one already.")
