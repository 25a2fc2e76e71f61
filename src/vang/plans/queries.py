"""Reading plans: whose, how far, what is due, what those below made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import ancestors, valid_on
from vang.plans.models import (
    Draft,
    Objective,
    ObjectiveChange,
    Occurrence,
    Plan,
    Recipient,
    Task,
)
from vang.plans.standing import SOON_DAYS, Standing, standing_of

State = Plan.State


def counted(rows: QuerySet[Plan], today: date) -> QuerySet[Plan]:
    """Each with ``count`` of its tasks, ``done`` and ``late``."""
    return rows.annotate(
        count=Count("tasks"),
        done=Count("tasks", filter=Q(tasks__finished_on__isnull=False)),
        late=Count("tasks", filter=Q(tasks__finished_on=None, tasks__next_due__lt=today)),
    )


def plans_of(unit: Unit, today: date) -> QuerySet[Plan]:
    rows = Plan.objects.filter(unit=unit).select_related("unit", "parent__unit")
    return counted(rows, today).order_by("-starts_on", "-pk")


def received(unit: Unit) -> QuerySet[Plan]:
    """Adopted plans of the units above and of their offices, and those sent to the unit."""
    above = ancestors(unit)[1:]
    office = Q(unit__level=Unit.Level.OFFICE, unit__parent__in=above)
    sent = Exists(Recipient.objects.filter(plan=OuterRef("pk"), unit=unit))
    rows = Plan.objects.filter(Q(unit__in=above) | office | Q(sent)).exclude(unit=unit)
    return rows.exclude(state=State.DRAFT).select_related("unit").order_by("-starts_on", "-pk")


def unacknowledged(unit: Unit) -> QuerySet[Plan]:
    """Adopted plans sent to the unit to which nobody has said so yet."""
    waiting = Recipient.objects.filter(plan=OuterRef("pk"), unit=unit, acknowledgement=None)
    rows = Plan.objects.filter(Exists(waiting), state=State.ADOPTED).exclude(unit=unit)
    return rows.select_related("unit").order_by("adopted_at", "pk")


def open_drafts(unit: Unit) -> QuerySet[Draft]:
    rows = Draft.objects.filter(unit=unit, plan=None, dropped_at=None)
    return rows.select_related("made_by").defer("text", "head").order_by("-made_at", "-pk")


@dataclass(frozen=True)
class Row:
    """A task and how it stands."""

    task: Task
    standing: Standing

    @property
    def late_days(self) -> bool:
        return self.standing == Standing.OVERDUE


def tasks_of(plan: Plan, today: date) -> list[Row]:
    """All tasks of a plan in its order. One query."""
    rows = plan.tasks.select_related("lead").defer("passage").order_by("place", "pk")
    return [
        Row(task, standing_of(task.percent, task.next_due, task.finished_on, today))
        for task in rows
    ]


def with_days(plan: Plan) -> list[Task]:
    """All tasks with ``occurrences`` loaded. Two queries."""
    days = Prefetch("occurrences", Occurrence.objects.order_by("due_on"))
    rows = plan.tasks.select_related("lead").defer("passage").prefetch_related(days)
    return list(rows.order_by("place", "pk"))


def board_of(rows: Sequence[Row]) -> list[tuple[Standing, list[Row]]]:
    """The columns of the board, each with its tasks, the earliest due first."""
    found = []
    for standing in Standing:
        here = [row for row in rows if row.standing == standing]
        found.append(
            (standing, sorted(here, key=lambda r: (r.task.next_due or date.max, r.task.place)))
        )
    return found


def organisations_at(unit: Unit, on: date) -> QuerySet[Organisation]:
    """Those of the unit and of the units above it, as they are named on a day."""
    rows = Organisation.objects.filter(valid_on(on), unit__in=ancestors(unit))
    return rows.select_related("unit").order_by("name", "pk")


# below


@dataclass(frozen=True)
class Below:
    """What a unit made of a plan: ``percent`` is the mean of its tasks."""

    plan: Plan
    count: int
    done: int
    late: int
    percent: int


def below_of(plan: Plan, today: date) -> list[Below]:
    """Plans derived from this one, by name of the unit. One query."""
    rows = counted(Plan.objects.filter(parent=plan).select_related("unit"), today)
    rows = rows.annotate(mean=Avg("tasks__percent")).order_by("unit__name", "pk")
    return [
        Below(one, one.count, one.done, one.late, round(one.mean or 0))  # type: ignore[attr-defined]
        for one in rows
    ]


def rolled_up(plan: Plan) -> dict[int, tuple[int, int, int]]:
    """By key of a task of the plan: how many units carry it on, how many have done it, and their
    mean percentage. Only plans that are no drafts. One query."""
    rows = Task.objects.filter(parent__plan=plan).exclude(plan__state=State.DRAFT)
    told = (
        rows.order_by()
        .values("parent")
        .annotate(
            n=Count("pk"),
            done=Count("pk", filter=Q(finished_on__isnull=False)),
            mean=Avg("percent"),
        )
    )
    return {row["parent"] or 0: (row["n"], row["done"], round(row["mean"] or 0)) for row in told}


# recipients


def recipients_of(plan: Plan) -> list[Recipient]:
    rows = plan.recipients.select_related("unit", "acknowledgement__by")
    return list(rows.order_by("pk"))


def acknowledged(plan: Plan) -> tuple[int, int]:
    """How many recipient units there are, and how many have acknowledged."""
    rows = plan.recipients.filter(unit__isnull=False)
    told = rows.aggregate(units=Count("pk"), heard=Count("acknowledgement"))
    return told["units"], told["heard"]


# what is due


def due_in(unit: Unit, today: date) -> QuerySet[Occurrence]:
    """Days of tasks in adopted plans of the unit that are overdue or near, not done."""
    rows = Occurrence.objects.filter(
        task__plan__unit=unit,
        task__plan__state=State.ADOPTED,
        task__finished_on=None,
        done_on=None,
        due_on__lte=today + timedelta(days=SOON_DAYS),
    )
    return rows.select_related("task__plan").order_by("due_on", "pk")


def objectives_of(plan: Plan) -> list[Objective]:
    """Those that are strived for before those that ended."""
    return list(plan.objectives.order_by(F("ended_on").asc(nulls_first=True), "place", "pk"))


def changes_of(plan: Plan, first: date, last: date) -> list[ObjectiveChange]:
    """What became of its objectives on those days, in their order."""
    rows = ObjectiveChange.objects.filter(objective__plan=plan, at__date__range=(first, last))
    return list(rows.select_related("objective").order_by("at", "pk"))
