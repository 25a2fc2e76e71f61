"""One claim: how it was checked, the verdict, the answer, its time limits, and acts on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.claims.access import NEWSROOM, Sight, open_claim
from vang.claims.forms import (
    EvidenceForm,
    ReasonForm,
    SourceForm,
    StepForm,
    VerdictForm,
)
from vang.claims.queries import (
    deadlines,
    stage,
)
from vang.claims.services import NAMES_FOUND, frozen
from vang.claims.stages import Deadline, Stage
from vang.people.access import require, signed_in
from vang.people.people import person_of


def sight_of(request: HttpRequest, pk: int) -> Sight:
    return open_claim(person_of(request), pk, local_date(now()))


def acting(request: HttpRequest, pk: int) -> Sight:
    """For the newsroom of the claim's unit. Raises Http404, PermissionDenied."""
    sight = sight_of(request, pk)
    require(person_of(request), NEWSROOM, sight.claim.unit, local_date(now()))
    return sight


@require_safe
@signed_in
def claim_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim, how it was checked, the verdict, the answer, and its time limits."""
    return show_claim(request, sight_of(request, pk))


def show_claim(
    request: HttpRequest,
    sight: Sight,
    refusal: str = "",
    *,
    status: int = 200,
    names_in: str = "",
    **bound: forms.Form,
) -> HttpResponse:
    claim, moment = sight.claim, now()
    answered = claim.answered_at  # type: ignore[attr-defined]
    at = stage(claim, answered)
    is_open, is_frozen = claim.closed_at is None, frozen(claim.bulletin)
    begun = claim.bulletin is not None and claim.bulletin.state != Bulletin.State.WITHDRAWN
    verdict: dict[str, Any] = {"verdict": claim.verdict, "finding": claim.finding}
    context = {
        "sight": sight,
        "claim": claim,
        "stage": at,
        "progress": _progress(at),
        "open": is_open,
        "changeable": sight.newsroom and is_open and not is_frozen,
        "frozen": is_open and is_frozen,
        "answering": at == Stage.ANSWERING,
        "may_begin": sight.newsroom and at in {Stage.ANSWERING, Stage.NO_ANSWER} and not begun,
        "may_leave": sight.decider and at == Stage.ANSWERING and not begun,
        "may_close": sight.decider and at in {Stage.ANSWERED, Stage.NO_ANSWER},
        "limits": _limits(deadlines(claim, answered), moment),
        "channels": claim.channels,  # type: ignore[attr-defined]
        "steps": claim.steps.select_related("by"),
        "evidence": claim.evidence.select_related("added_by") if sight.newsroom else [],
        "sources": claim.sources.all(),
        "step_form": StepForm(),
        "evidence_form": EvidenceForm(),
        "source_form": SourceForm(),
        "verdict_form": VerdictForm(initial=verdict),
        "reason": ReasonForm(auto_id="unanswered_%s"),
        "closing": ReasonForm(auto_id="closing_%s"),
        "refusal": refusal,
        "names_in": names_in,
        **bound,
    }
    return render(request, "claims/claim.html", context, status=status)


def _progress(at: Stage) -> list[tuple[str, str]]:
    """The four steps of a claim, and where it stands."""
    reached = {Stage.VERIFYING: 1, Stage.ANSWERING: 2, Stage.CLOSED: 4}.get(at, 3)
    words = (_("Noted"), _("Checked"), pgettext("claim", "Answered"), pgettext("claim", "Closed"))
    return [
        (word, "done" if number < reached else "current" if number == reached else "todo")
        for number, word in enumerate(words)
    ]


def _limits(found: dict[str, Deadline], moment: datetime) -> list[dict[str, object]]:
    labels = {
        "verdict": _("Verdict"),
        "answer": pgettext("claim", "Answer"),
        "closing": _("Closing"),
    }
    return [
        {"label": labels[name], "deadline": one, "late": one.late(moment)}
        for name, one in found.items()
    ]


def done_here(
    request: HttpRequest,
    sight: Sight,
    act: Callable[[], object],
    said: str,
    **bound: forms.Form,
) -> HttpResponse:
    """Do it and show the claim; with a refusal what was typed stays in its form."""

    def refused(refusal: Refusal) -> HttpResponse:
        """Where names were found, the form in which they stand asks."""
        names_in = request.resolver_match.url_name if refusal.code == NAMES_FOUND else ""  # type: ignore[union-attr]
        told = str(refusal)
        return show_claim(request, sight, told, status=409, names_in=names_in or "", **bound)

    return done(request, act, said, "claims:claim", sight.claim.pk, refused=refused)
