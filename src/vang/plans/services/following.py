"""What is done while a plan is carried out."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.attachments import keep_attachment
from vang.notices.services import settle
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans import notices
from vang.plans.access import NEWSROOM, guard
from vang.plans.models import (
    Acknowledgement,
    Evidence,
    Objective,
    Occurrence,
    Plan,
    Proof,
    Recipient,
    Task,
    TaskProgress,
)
from vang.plans.proofs import find_kind
from vang.plans.services.common import following, one_line, set_next, subject

MOST_PROOFS = 3
MOST_EVIDENCE = 200


def report_progress(
    *, task: Task, percent: int, text: str, by: Person, now: datetime
) -> TaskProgress:
    """How far it has come; 100 finishes it, less opens it again. Raises Refusal."""
    if not 0 <= percent <= 100:
        raise Refusal("percent-wrong", _PERCENT)
    with transaction.atomic():
        plan = following(task.plan, by, now)
        fresh = Task.objects.select_for_update().get(pk=task.pk)
        if (
            percent == 100
            and fresh.occurrences.filter(done_on=None, due_on__gt=local_date(now)).exists()
        ):
            raise Refusal("days-to-come", _DAYS_TO_COME)
        fresh.percent = percent
        fresh.finished_on = local_date(now) if percent == 100 else None
        fresh.save(update_fields=["percent", "finished_on"])
        report = TaskProgress.objects.create(
            task=fresh, percent=percent, note=clean_text(text).strip()[:2_000], by=by, at=now
        )
        if percent == 100:
            fresh.occurrences.filter(done_on=None).update(done_on=local_date(now), done_by=by)
            set_next(fresh)
            _settle(fresh, now)
        record(
            "report-plan-task",
            subject(plan),
            by=by,
            unit=plan.unit,
            now=now,
            task=fresh.pk,
            percent=percent,
        )
    return report


def mark_day(*, day: Occurrence, done: bool, by: Person, now: datetime) -> None:
    """One of the days due is done, or not yet. The last one finishes the task. Raises Refusal."""
    with transaction.atomic():
        plan = following(day.task.plan, by, now)
        task = Task.objects.select_for_update().get(pk=day.task_id)
        Occurrence.objects.filter(pk=day.pk).update(
            done_on=local_date(now) if done else None, done_by=by if done else None
        )
        days = list(task.occurrences.values_list("done_on", flat=True))
        ready = sum(one is not None for one in days)
        task.percent = round(100 * ready / len(days))
        task.finished_on = local_date(now) if ready == len(days) else None
        task.save(update_fields=["percent", "finished_on"])
        set_next(task)
        if done:
            _settle(task, now)
        record(
            "mark-plan-day",
            subject(plan),
            by=by,
            unit=plan.unit,
            now=now,
            task=task.pk,
            day=day.due_on.isoformat(),
            done=done,
        )


def _settle(task: Task, now: datetime) -> None:
    settle(subject=f"plan-task:{task.pk}", kinds=[notices.DUE, notices.LATE], now=now)


def add_proof(
    *, task: Task, kind: str, value: str, wanted: int, by: Person, now: datetime
) -> Proof:
    """From now on what is found of this kind counts for the task. Raises Refusal."""
    with transaction.atomic():
        plan = following(task.plan, by, now)
        known = find_kind(kind)
        if known is None or value not in {one for one, _words in known.choices(plan.unit)}:
            raise Refusal("proof-unknown", _PROOF_UNKNOWN)
        if task.proofs.count() >= MOST_PROOFS or not 1 <= wanted <= 10_000:
            raise Refusal("proof-wrong", _PROOF_WRONG)
        proof, _new = Proof.objects.update_or_create(
            task=task, kind=kind, value=value, defaults={"wanted": wanted}
        )
        record("add-plan-proof", subject(plan), by=by, unit=plan.unit, now=now, task=task.pk)
    return proof


def remove_proof(*, proof: Proof, by: Person, now: datetime) -> None:
    """Raises Refusal."""
    with transaction.atomic():
        plan = following(proof.task.plan, by, now)
        proof.delete()
        record(
            "remove-plan-proof", subject(plan), by=by, unit=plan.unit, now=now, task=proof.task_id
        )


def bring_evidence(
    *, task: Task, text: str, file_name: str, content: bytes, by: Person, now: datetime
) -> Evidence:
    """Words, with or without a file. Raises Refusal."""
    words = one_line(text)[:500]
    if not words:
        raise Refusal("text-missing", _EVIDENCE_MISSING)
    with transaction.atomic():
        plan = following(task.plan, by, now)
        if task.evidence.count() >= MOST_EVIDENCE:
            raise Refusal("too-much-evidence", _TOO_MUCH)
        kept = keep_attachment(file_name, content) if file_name or content else None
        evidence = Evidence.objects.create(
            task=task,
            text=words,
            sha256=kept.sha256 if kept else "",
            name=kept.name if kept else "",
            by=by,
            at=now,
        )
        record("bring-plan-evidence", subject(plan), by=by, unit=plan.unit, now=now, task=task.pk)
    return evidence


def set_reached(
    *, objective: Objective, reached: Decimal | None, text: str, by: Person, now: datetime
) -> None:
    """What was reached of an objective. Raises Refusal."""
    with transaction.atomic():
        plan = following(objective.plan, by, now)
        fresh = Objective.objects.get(pk=objective.pk)
        if fresh.ended_on is not None:
            raise Refusal("objective-ended", _OBJECTIVE_ENDED)
        fresh.reached, fresh.note = reached, one_line(text)[:500]
        fresh.save(update_fields=["reached", "note"])
        record(
            "report-plan-objective",
            subject(plan),
            by=by,
            unit=plan.unit,
            now=now,
            objective=fresh.pk,
        )


def acknowledge(*, plan: Plan, unit: Unit, text: str, by: Person, now: datetime) -> None:
    """The unit has received the plan and carries it out. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        recipient = Recipient.objects.select_for_update().filter(plan=plan, unit=unit).first()
        if recipient is None or plan.state == Plan.State.DRAFT:
            raise Refusal("no-recipient", _NO_RECIPIENT)
        _row, new = Acknowledgement.objects.get_or_create(
            recipient=recipient,
            defaults={"note": one_line(text)[:500], "by": by, "at": now},
        )
        if new:
            record(
                "acknowledge-plan", subject(plan), by=by, unit=plan.unit, now=now, of=unit.full_name
            )
            settle(subject=f"official-plan:{plan.pk}", kinds=[notices.SENT], now=now)


def year_of(plan: Plan, today: date) -> int:
    """The plan's year nearest to today."""
    return min(max(today.year, plan.starts_on.year), plan.ends_on.year)


_PERCENT = _("Give a percentage from 0 to 100.")
_DAYS_TO_COME = _("The task still has days to come. Mark the day that is done instead.")
_PROOF_UNKNOWN = _("Choose what counts from the list.")
_PROOF_WRONG = _("At most three kinds of proof, each with a number from 1 to 10,000.")
_OBJECTIVE_ENDED = _("This objective has ended and stays as it was.")
_EVIDENCE_MISSING = _("Say in a few words what this shows.")
_TOO_MUCH = _("There are two hundred pieces of evidence already.")
_NO_RECIPIENT = _("This plan was not sent to your unit.")
