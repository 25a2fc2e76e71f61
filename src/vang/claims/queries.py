"""Reading the register: what is open, what is overdue, what was published."""

from datetime import datetime

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from vang.base.text import fold
from vang.bulletins.models import Delivery, Edition
from vang.claims.models import Claim
from vang.claims.stages import ANSWERED_VERDICTS, Deadline, Facts, Stage, stage_of
from vang.orgs.models import Unit

VIEWS = ("open", "overdue", "closed", "all")
_HEAVY = ("text", "finding", "closing")


def with_answers(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Each with ``answered_at``: when its answer was first released, while one stands."""
    standing = Edition.objects.filter(bulletin=OuterRef("bulletin"), withdrawn_at=None)
    first = standing.order_by().values("bulletin").annotate(at=Min("released_at")).values("at")
    return rows.annotate(answered_at=Subquery(first))


def with_channels(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Each with ``channels``: over how many of them its answer has gone out; None for none."""
    sent = Delivery.objects.filter(
        edition__bulletin=OuterRef("bulletin"),
        edition__withdrawn_at=None,
        delivered_at__isnull=False,
    )
    by_bulletin = sent.order_by().values("edition__bulletin")
    counted = by_bulletin.annotate(n=Count("channel", distinct=True)).values("n")
    return rows.annotate(channels=Subquery(counted))


def needs_answer() -> Q:
    """The condition that an answer is to be published and is not out yet."""
    standing = Edition.objects.filter(bulletin=OuterRef("bulletin"), withdrawn_at=None)
    calls = Q(verdict__in=sorted(ANSWERED_VERDICTS), unanswered_because="")
    return calls & ~Q(Exists(standing))


def overdue(now: datetime) -> Q:
    """The condition that an open claim has passed one of its limits."""
    unchecked = Q(verdict="", verify_by__lt=now)
    unanswered = needs_answer() & Q(answer_by__lt=now)
    return Q(closed_at=None) & (unchecked | unanswered | Q(close_by__lt=now))


def listed(unit: Unit, view: str, words: str, now: datetime) -> QuerySet[Claim]:
    """The register: open ones by what is due first, closed ones by when they were noted."""
    rows = Claim.objects.filter(unit=unit)
    if view == "open":
        rows = rows.filter(closed_at=None)
    elif view == "overdue":
        rows = rows.filter(overdue(now))
    elif view == "closed":
        rows = rows.filter(closed_at__isnull=False)
    for word in fold(words).split():
        rows = rows.filter(search_key__contains=word)
    ordered = with_answers(rows).defer(*_HEAVY)
    if view in {"open", "overdue"}:
        due = Case(
            When(verdict="", then=F("verify_by")),
            When(needs_answer(), then=F("answer_by")),
            default=F("close_by"),
        )
        return ordered.order_by(due, "pk")
    return ordered.order_by("-noted_at", "-pk")


def counts(unit: Unit, now: datetime) -> tuple[int, int]:
    """How many are open, and how many of them overdue. One query."""
    rows = Claim.objects.filter(unit=unit, closed_at=None)
    marked = rows.annotate(late=Case(When(overdue(now), then=Value(1)), default=Value(0)))
    flags = list(marked.values_list("late", flat=True))
    return len(flags), sum(flags)


def answered_at(claim: Claim) -> datetime | None:
    """When its answer was released, while one stands."""
    if claim.bulletin_id is None:
        return None
    rows = Edition.objects.filter(bulletin=claim.bulletin_id, withdrawn_at=None)
    found: datetime | None = rows.aggregate(at=Min("released_at"))["at"]
    return found


def stage(claim: Claim, answered: datetime | None) -> Stage:
    return stage_of(
        Facts(
            verdict=claim.verdict,
            unanswered=bool(claim.unanswered_because),
            answered_at=answered,
            closed=claim.closed_at is not None,
        )
    )


def deadlines(claim: Claim, answered: datetime | None) -> dict[str, Deadline]:
    """Verdict, answer and closing, each with when it was due and when it was done."""
    calls = claim.verdict in ANSWERED_VERDICTS or not claim.verdict
    awaited = calls and not claim.unanswered_because
    return {
        "verdict": Deadline(claim.verify_by, claim.verdict_at, needed=True),
        "answer": Deadline(claim.answer_by, answered, needed=awaited),
        "closing": Deadline(claim.close_by, claim.closed_at, needed=True),
    }
