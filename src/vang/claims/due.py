"""Claims to be checked, answered and closed, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Case, Exists, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.display import vi_datetime
from vang.claims.models import Claim
from vang.claims.queries import needs_answer
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 20


def _due(desk: Desk) -> QuerySet[Claim]:
    """Open ones that wait for a verdict or an answer, and those past their closing."""
    rows = Claim.objects.filter(unit=desk.unit, closed_at=None)
    marked = rows.annotate(unanswered=Case(When(needs_answer(), then=True), default=False))
    return marked.filter(Q(verdict="") | Q(unanswered=True) | Q(close_by__lt=desk.now))


def _claims(desk: Desk) -> Iterator[Task]:
    for claim in _due(desk).order_by("answer_by", "pk")[:_MOST]:
        due_at, words = claim.close_by, _("To be closed since %(when)s.")
        if not claim.verdict:
            due_at, words = claim.verify_by, _("To be checked until %(when)s.")
        elif claim.unanswered:  # type: ignore[attr-defined]
            due_at, words = claim.answer_by, _("To be answered until %(when)s.")
        late = due_at < desk.now
        yield Task(
            harm=22 if late else 33,
            tone="bad" if late else "warn",
            icon="shield-x",
            title=claim.title,
            text=words % {"when": vi_datetime(due_at)},
            url=reverse("claims:claim", args=[claim.pk]),
            action=_("Deal with it"),
            key=f"claim:{claim.pk}:{claim.verdict}:{late}",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "claims",
        (Role.WRITER, Role.APPROVER),
        _claims,
        if_any=lambda desk: Exists(_due(desk)),
    )
