# ruff: noqa: E501
"""Sơ kết, tổng kết: the figures are reckoned, the words are people's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date, vi_number
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.people.models import Person
from vang.plans.access import NEWSROOM, guard
from vang.plans.counting import counted_proofs
from vang.plans.models import Objective, ObjectiveChange, Occurrence, Plan, Review, Task
from vang.plans.queries import acknowledged, below_of, changes_of
from vang.plans.services.common import State, locked, subject

_MOST_LISTED = 30


@dataclass(frozen=True)
class Words:
    """What people make of the figures."""

    results: str
    causes: str
    lessons: str
    proposals: str


def start_review(
    *, plan: Plan, kind: str, first_on: date, last_on: date, by: Person, now: datetime
) -> Review:
    """A draft with the figures of those days, and their words. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(plan)
        guard(by, NEWSROOM, fresh.unit, now)
        if fresh.state == State.DRAFT:
            raise Refusal("plan-not-adopted", _NOT_ADOPTED)
        if kind not in Review.Kind.values or last_on < first_on:
            raise Refusal("days-wrong", _DAYS_WRONG)
        facts = facts_of(fresh, first_on, last_on, local_date(now))
        try:
            with transaction.atomic():
                review = Review.objects.create(
                    plan=fresh, kind=kind, first_on=first_on, last_on=last_on, facts=facts,
                    results=told_results(facts), causes=told_causes(facts), made_by=by, made_at=now,
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal("review-known", _KNOWN) from error
        record(
            "start-plan-review", subject(fresh), by=by, unit=fresh.unit, now=now, review=review.pk
        )
    return review


def change_review(*, review: Review, words: Words, by: Person, now: datetime) -> Review:
    """Raises Refusal."""
    with transaction.atomic():
        fresh = _open(review, by, now)
        for name in ("results", "causes", "lessons", "proposals"):
            setattr(fresh, name, clean_text(getattr(words, name)).strip()[:20_000])
        fresh.save()
        record(
            "change-plan-review",
            subject(fresh.plan),
            by=by,
            unit=fresh.plan.unit,
            now=now,
            review=fresh.pk,
        )
    return fresh


def refresh_review(*, review: Review, by: Person, now: datetime) -> Review:
    """The figures anew; what people wrote stays. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(review, by, now)
        fresh.facts = facts_of(fresh.plan, fresh.first_on, fresh.last_on, local_date(now))
        fresh.save(update_fields=["facts"])
        record(
            "refresh-plan-review",
            subject(fresh.plan),
            by=by,
            unit=fresh.plan.unit,
            now=now,
            review=fresh.pk,
        )
    return fresh


def finish_review(*, review: Review, by: Person, now: datetime) -> Review:
    """From now on it stays as it is. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(review, by, now)
        fresh.finished_at = now
        fresh.save(update_fields=["finished_at"])
        record(
            "finish-plan-review",
            subject(fresh.plan),
            by=by,
            unit=fresh.plan.unit,
            now=now,
            review=fresh.pk,
        )
    return fresh


def _open(review: Review, by: Person, now: datetime) -> Review:
    plan = locked(review.plan)
    guard(by, NEWSROOM, plan.unit, now)
    fresh = Review.objects.select_related("plan__unit").get(pk=review.pk)
    if fresh.finished_at is not None:
        raise Refusal("review-finished", _FINISHED)
    return fresh


def facts_of(plan: Plan, first: date, last: date, today: date) -> dict[str, Any]:
    """Everything reckoned from rows, nothing guessed: tasks, days, proofs, objectives, units."""
    until = min(last + timedelta(days=1), today)
    tasks = list(plan.tasks.order_by("place", "pk"))
    days = Occurrence.objects.filter(task__plan=plan, due_on__gte=first, due_on__lte=last)
    told = days.aggregate(
        due=Count("pk"),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        late=Count("pk", filter=Q(done_on=None, due_on__lt=until)),
    )
    units, heard = acknowledged(plan)
    below = below_of(plan, today)
    return {
        "tasks": len(tasks),
        "finished": sum(t.finished_on is not None and t.finished_on <= last for t in tasks),
        "begun": sum(t.finished_on is None and t.percent > 0 for t in tasks),
        "days": told["due"],
        "days_done": told["done"],
        "days_late": told["late"],
        "by_lead": _by_lead(tasks, last),
        "late": [_task(t) for t in tasks if t.next_due and t.next_due < until and not t.finished_on][
            :_MOST_LISTED
        ],
        "proofs": [
            {"task": one.task.code, "label": one.label, "count": one.count, "wanted": one.wanted}
            for one in counted_proofs(plan, first, last)
        ],
        "objectives": [_objective(one) for one in plan.objectives.order_by("place", "pk")],
        "changes": [_change(one) for one in changes_of(plan, first, last)],
        "units": units,
        "acknowledged": heard,
        "below": [
            {"unit": one.plan.unit.full_name, "tasks": one.count, "done": one.done, "late": one.late,
             "percent": one.percent}
            for one in below
        ],
    }  # fmt: skip


def _by_lead(tasks: list[Task], last: date) -> list[dict[str, Any]]:
    told: dict[str, list[int]] = {}
    for task in tasks:
        row = told.setdefault(task.lead_name, [0, 0, 0])
        row[0] += 1
        row[1] += task.finished_on is not None and task.finished_on <= last
        row[2] += task.percent
    return [
        {"lead": lead, "tasks": n, "done": done, "percent": round(sum_ / n)}
        for lead, (n, done, sum_) in told.items()
    ]


def _task(task: Task) -> dict[str, Any]:
    due = vi_date(task.next_due)
    return {"code": task.code, "text": task.text[:300], "lead": task.lead_name, "due": due}


def _objective(one: Objective) -> dict[str, Any]:
    return {
        "text": one.text[:500],
        "target": str(one.target) if one.target is not None else "",
        "unit": one.unit_word,
        "reached": str(one.reached) if one.reached is not None else "",
        "note": one.note,
        "ended": vi_date(one.ended_on) if one.ended_on else "",
    }


def _change(one: ObjectiveChange) -> dict[str, Any]:
    return {
        "day": vi_date(local_date(one.at)),
        "kind": one.kind,
        "text": one.objective.text[:500],
        "before": one.before[:500],
        "why": one.why,
    }


def told_results(facts: dict[str, Any]) -> str:
    """Sentences of the figures, in the language of the paper."""
    with override("vi"):
        lines = [
            gettext("Of %(all)s tasks %(done)s are finished and %(begun)s are under way.")
            % {
                n: vi_number(facts[k])
                for n, k in (("all", "tasks"), ("done", "finished"), ("begun", "begun"))
            }
        ]
        if facts["days"]:
            lines.append(
                gettext("Of %(all)s days due %(done)s were kept; %(late)s are overdue.")
                % {
                    n: vi_number(facts[k])
                    for n, k in (("all", "days"), ("done", "days_done"), ("late", "days_late"))
                }
            )
        if facts["units"]:
            lines.append(
                gettext("%(told)s of %(all)s recipient units have acknowledged the plan.")
                % {"told": vi_number(facts["acknowledged"]), "all": vi_number(facts["units"])}
            )
        lines += [_proof_words(one) for one in facts["proofs"]]
        lines += [
            gettext("%(unit)s: %(done)s of %(all)s tasks finished, %(percent)s%% on average.")
            % {
                "unit": one["unit"],
                "done": vi_number(one["done"]),
                "all": vi_number(one["tasks"]),
                "percent": one["percent"],
            }
            for one in facts["below"]
        ]
    return "\n".join(lines)


def _proof_words(one: dict[str, Any]) -> str:
    told = gettext("%(count)s of %(wanted)s wanted") % {
        "count": vi_number(one["count"]),
        "wanted": vi_number(one["wanted"]),
    }
    code = f"{one['task']}: " if one["task"] else ""
    return f"{code}{one['label']}: {told}."


def told_causes(facts: dict[str, Any]) -> str:
    """The overdue tasks by name: what held them up is for people to say."""
    with override("vi"):
        return "\n".join(
            gettext("Overdue since %(day)s: %(task)s (%(lead)s). Cause:")
            % {
                "day": one["due"],
                "task": one["text"],
                "lead": one["lead"] or gettext("nobody named"),
            }
            for one in facts["late"]
        )


_NOT_ADOPTED = _("Only an adopted plan is reviewed.")
_DAYS_WRONG = _("The last day must not lie before the first.")
_KNOWN = _("There is a review of this kind up to that day already.")
_FINISHED = _("This review is finished and stays as it is.")
