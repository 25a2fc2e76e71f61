"""A plan and its tasks while they are written, adopted and closed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.people.models import Person
from vang.plans import notices
from vang.plans.access import ADOPTERS, NEWSROOM, guard
from vang.plans.matching import organisation_named
from vang.plans.models import MAX_TEXT, Plan, Recipient, Task
from vang.plans.queries import organisations_at
from vang.plans.services.common import (
    State,
    drafting,
    following,
    lines_of,
    locked,
    names_of,
    one_line,
    read_deadlines,
    settle_days,
    subject,
)
from vang.plans.services.registering import keep_in_register

MOST_TASKS = 2_000
MOST_YEARS = 30


@dataclass(frozen=True)
class Heads:
    """What is told of a plan itself. ``bases``: one a line."""

    title: str
    starts_on: date
    ends_on: date
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    bases: str = ""
    signer: str = ""


@dataclass(frozen=True)
class Work:
    """What is told of a task. ``leads``, ``cooperating``, ``deadlines``: one a line."""

    text: str
    leads: str = ""
    cooperating: str = ""
    deadlines: str = ""
    product: str = ""
    section: str = ""


def start_plan(*, unit: Unit, heads: Heads, by: Person, now: datetime) -> Plan:
    """An empty draft. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        plan = Plan(unit=unit, created_by=by, created_at=now)
        _fill(plan, heads)
        record("make-plan", subject(plan), by=by, unit=plan.unit, now=now)
    return plan


def change_plan(*, plan: Plan, heads: Heads, by: Person, now: datetime) -> Plan:
    """Another head of a draft. Raises Refusal."""
    with transaction.atomic():
        fresh = drafting(plan, by, now)
        _fill(fresh, heads)
        record("change-official-plan", subject(fresh), by=by, unit=fresh.unit, now=now)
    return fresh


def _fill(plan: Plan, heads: Heads) -> None:
    title = one_line(heads.title)[:500]
    if not title:
        raise Refusal("title-missing", _TITLE_MISSING)
    if heads.ends_on < heads.starts_on:
        raise Refusal("days-wrong", _DAYS_WRONG)
    if heads.ends_on.year - heads.starts_on.year > MOST_YEARS:
        raise Refusal("plan-too-long", _TOO_LONG)
    plan.title, plan.starts_on, plan.ends_on = title, heads.starts_on, heads.ends_on
    plan.number, plan.issuer = one_line(heads.number)[:60], one_line(heads.issuer)[:300]
    plan.issued_on, plan.signer = heads.issued_on, one_line(heads.signer)[:200]
    plan.bases = lines_of(heads.bases)
    plan.save()


def add_task(*, plan: Plan, work: Work, by: Person, now: datetime) -> Task:
    """One more in a draft, or in an adopted plan. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(plan, by, now)
        if fresh.tasks.count() >= MOST_TASKS:
            raise Refusal("too-many-tasks", _TOO_MANY)
        last = fresh.tasks.order_by("-place").values_list("place", flat=True).first()
        task = Task(plan=fresh, place=(last or 0) + 1)
        _write(task, work, local_date(now))
        record("add-plan-task", subject(fresh), by=by, unit=fresh.unit, now=now, task=task.pk)
    return task


def change_task(*, task: Task, work: Work, by: Person, now: datetime) -> Task:
    """Raises Refusal."""
    with transaction.atomic():
        plan = _open(task.plan, by, now)
        fresh = Task.objects.select_related("plan__unit__parent__parent").get(pk=task.pk)
        _write(fresh, work, local_date(now))
        record("change-plan-task", subject(plan), by=by, unit=plan.unit, now=now, task=fresh.pk)
    return fresh


def remove_task(*, task: Task, by: Person, now: datetime) -> None:
    """Out of a draft. Raises Refusal."""
    with transaction.atomic():
        plan = drafting(task.plan, by, now)
        record(
            "remove-plan-task",
            subject(plan),
            by=by,
            unit=plan.unit,
            now=now,
            task=task.pk,
            text=task.text[:200],
        )
        task.delete()


def _open(plan: Plan, by: Person, now: datetime) -> Plan:
    return drafting(plan, by, now) if plan.state == State.DRAFT else following(plan, by, now)


def _write(task: Task, work: Work, today: date) -> None:
    text = clean_text(work.text).strip()[:MAX_TEXT]
    if not text:
        raise Refusal("text-missing", _TEXT_MISSING)
    leads = lines_of(work.leads)
    known = list(organisations_at(task.plan.unit, today)) if leads else []
    task.text, task.section = text, one_line(work.section)[:300]
    task.lead_name, task.lead = names_of(leads), organisation_named(leads, known)
    task.cooperating, task.product = lines_of(work.cooperating), one_line(work.product)[:1_000]
    task.deadlines = read_deadlines(work.deadlines)
    task.save()
    if task.plan.state == State.ADOPTED:
        settle_days(task, task.plan.starts_on, task.plan.ends_on, today)


def adopt_plan(*, plan: Plan, to_communes: bool = False, by: Person, now: datetime) -> Plan:
    """From now on its days count, and those it goes to see it. ``to_communes``: every commune
    below is a recipient that acknowledges here. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(plan)
        guard(by, ADOPTERS, fresh.unit, now)
        if fresh.state != State.DRAFT:
            raise Refusal("adopted-already", _ADOPTED)
        tasks = list(fresh.tasks.all())
        if not tasks:
            raise Refusal("plan-empty", _EMPTY)
        fresh.state, fresh.adopted_by, fresh.adopted_at = State.ADOPTED, by, now
        fresh.save(update_fields=["state", "adopted_by", "adopted_at"])
        for task in tasks:
            settle_days(task, fresh.starts_on, fresh.ends_on, local_date(now))
        if to_communes:
            _send_below(fresh, local_date(now))
        keep_in_register(fresh, by, now)
        record("adopt-official-plan", subject(fresh), by=by, unit=fresh.unit, now=now)
        notices.tell_of_plan(fresh, now=now)
    return fresh


def _send_below(plan: Plan, today: date) -> None:
    known = set(plan.recipients.values_list("unit", flat=True))
    communes = communes_below(plan.unit, today).exclude(pk=plan.unit_id)
    Recipient.objects.bulk_create(
        Recipient(plan=plan, name=unit.full_name, unit=unit)
        for unit in communes
        if unit.pk not in known
    )


def reopen_plan(*, plan: Plan, by: Person, now: datetime) -> Plan:
    """A draft again; what was done stays. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(plan)
        guard(by, ADOPTERS, fresh.unit, now)
        if fresh.state == State.DRAFT:
            raise Refusal("plan-not-adopted", _DRAFT)
        fresh.state, fresh.closed_at = State.DRAFT, None
        fresh.save(update_fields=["state", "closed_at"])
        record("reopen-official-plan", subject(fresh), by=by, unit=fresh.unit, now=now)
    return fresh


def close_plan(*, plan: Plan, by: Person, now: datetime) -> Plan:
    """It is over: nobody is reminded any more. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(plan)
        guard(by, ADOPTERS, fresh.unit, now)
        if fresh.state != State.ADOPTED:
            raise Refusal("plan-not-adopted", _DRAFT)
        fresh.state, fresh.closed_at = State.CLOSED, now
        fresh.save(update_fields=["state", "closed_at"])
        record("close-official-plan", subject(fresh), by=by, unit=fresh.unit, now=now)
    return fresh


_TITLE_MISSING = _("Give the plan a title.")
_DAYS_WRONG = _("The last day must not lie before the first.")
_TOO_LONG = _("A plan lasts thirty years at most.")
_TEXT_MISSING = _("Write what is to be done.")
_TOO_MANY = _("A plan has two thousand tasks at most.")
_ADOPTED = _("This plan is adopted already.")
_DRAFT = _("This plan is not adopted.")
_EMPTY = _("The plan has no task yet. Add one first.")
