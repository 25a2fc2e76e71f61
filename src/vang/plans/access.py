"""The only way a view comes to a plan, a draft, a task or a review."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import Role, may, roles
from vang.people.models import Person
from vang.plans.models import Draft, DraftRow, Plan, Recipient, Review, Task

NEWSROOM = (Role.WRITER, Role.APPROVER)
ADOPTERS = (Role.APPROVER,)
_PLAN = ("unit__parent__parent__parent", "parent__unit", "adopted_by", "document")


@dataclass(frozen=True)
class Sight:
    """A plan before a person, as of ``unit``: its own, or one that it goes to."""

    plan: Plan
    unit: Unit
    roles: frozenset[str]

    @property
    def own(self) -> bool:
        return self.plan.unit_id == self.unit.pk

    @property
    def newsroom(self) -> bool:
        return self.own and not self.roles.isdisjoint(NEWSROOM)

    @property
    def adopter(self) -> bool:
        return self.own and not self.roles.isdisjoint(ADOPTERS)

    @property
    def drafting(self) -> bool:
        return self.newsroom and self.plan.state == Plan.State.DRAFT

    @property
    def following(self) -> bool:
        return self.newsroom and self.plan.state == Plan.State.ADOPTED


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_plan(person: Person, unit: Unit, pk: int, on: date) -> Sight:
    """A plan of the unit where the person works, an adopted one from above or sent to it, or one
    of another unit of the person's. Raises Http404."""
    plan = Plan.objects.select_related(*_PLAN).filter(pk=pk).first()
    if plan is None:
        raise Http404
    return see(person, unit, plan, on)


def see(person: Person, unit: Unit, plan: Plan, on: date) -> Sight:
    """Raises Http404 for a stranger."""
    held = roles(person, unit, on)
    if held and (plan.unit_id == unit.pk or _reaches(plan, unit)):
        return Sight(plan, unit, held)
    held = roles(person, plan.unit, on)
    if not held:
        raise Http404
    return Sight(plan, plan.unit, held)


def _reaches(plan: Plan, unit: Unit) -> bool:
    if plan.state == Plan.State.DRAFT:
        return False
    above = {one.pk for one in ancestors(unit)}
    if plan.unit_id in above or (plan.unit.level == "OFFICE" and plan.unit.parent_id in above):
        return True
    return Recipient.objects.filter(plan=plan, unit=unit).exists()


def open_draft(person: Person, pk: int, on: date) -> Draft:
    """Raises Http404 for a stranger to its unit."""
    draft = (
        Draft.objects.select_related("unit__parent__parent", "plan", "item").filter(pk=pk).first()
    )
    if draft is None or not roles(person, draft.unit, on):
        raise Http404
    return draft


def open_row(person: Person, pk: int, on: date) -> DraftRow:
    """Raises Http404 for a stranger to its unit."""
    row = DraftRow.objects.select_related("draft__unit__parent__parent").filter(pk=pk).first()
    if row is None or not roles(person, row.draft.unit, on):
        raise Http404
    return row


def open_task(person: Person, unit: Unit, pk: int, on: date) -> tuple[Task, Sight]:
    """Raises Http404 for whoever may not see its plan."""
    rows = Task.objects.select_related("lead", "parent__plan__unit", *(f"plan__{n}" for n in _PLAN))
    task = rows.filter(pk=pk).first()
    if task is None:
        raise Http404
    return task, see(person, unit, task.plan, on)


def open_review(person: Person, unit: Unit, pk: int, on: date) -> tuple[Review, Sight]:
    """Raises Http404 for whoever may not see its plan."""
    rows = Review.objects.select_related("made_by", *(f"plan__{n}" for n in _PLAN))
    review = rows.filter(pk=pk).first()
    if review is None:
        raise Http404
    return review, see(person, unit, review.plan, on)


_WORDS = {
    NEWSROOM: _("Only a writer or an approver of the unit may do this."),
    ADOPTERS: _("Only an approver of the unit adopts or closes its plan."),
}
