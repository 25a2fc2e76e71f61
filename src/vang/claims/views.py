"""The register: the list, one claim with everything done about it, its time limits."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.claims import services
from vang.claims.access import DECIDERS, NEWSROOM, Sight, open_claim
from vang.claims.forms import (
    ClaimForm,
    EvidenceForm,
    FilterForm,
    LimitsForm,
    ReasonForm,
    SourceForm,
    StepForm,
    VerdictForm,
    known,
)
from vang.claims.limits import limits_of
from vang.claims.models import Claim
from vang.claims.queries import (
    VIEWS,
    counts,
    deadlines,
    listed,
    stage,
)
from vang.claims.services import NAMES_FOUND, frozen
from vang.claims.stages import Deadline, Stage
from vang.library.attachments import TOO_LARGE, attachment_response
from vang.library.uploads import dropped_uploads
from vang.people.access import current_unit, here, require, signed_in
from vang.people.people import person_of

PER_PAGE = 20


@require_safe
@signed_in
def claim_list(request: HttpRequest) -> HttpResponse:
    """Open claims by what is due first; overdue and closed ones."""
    unit, moment = current_unit(request), now()
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    words = request.GET.get("q", "")[:200]
    found = listed(unit, view, words, moment)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    held = here(request).roles
    context = {
        "unit": unit,
        "view": view,
        "words": words,
        "tabs": _tabs(view, *counts(unit, moment)),
        "page": page,
        "rows": [_row(claim, moment) for claim in page.object_list],
        "form": FilterForm(initial={"q": words}),
        "newsroom": not held.isdisjoint(NEWSROOM),
        "decider": not held.isdisjoint(DECIDERS),
    }
    return render(request, "claims/list.html", context)


def _row(claim: Claim, moment: datetime) -> dict[str, object]:
    """One line: how far it is, and what of it is due next."""
    answered = claim.answered_at  # type: ignore[attr-defined]
    waits = [one for one in deadlines(claim, answered).values() if one.waiting]
    due_at = waits[0].due_at if waits else None
    return {
        "claim": claim,
        "stage": stage(claim, answered),
        "due_at": due_at,
        "late": due_at is not None and due_at < moment,
    }


def _tabs(view: str, waiting: int, late: int) -> list[dict[str, object]]:
    labels = {
        "open": pgettext("claims", "Open"),
        "overdue": pgettext("claims", "Overdue"),
        "closed": pgettext("claims", "Closed"),
        "all": pgettext("claims", "All"),
    }
    count = {"open": waiting, "overdue": late}
    return [
        {"label": label, "url": f"?view={name}", "active": name == view, "count": count.get(name)}
        for name, label in labels.items()
    ]


def _sight(request: HttpRequest, pk: int) -> Sight:
    return open_claim(person_of(request), pk, local_date(now()))


def _acting(request: HttpRequest, pk: int) -> Sight:
    """For the newsroom of the claim's unit. Raises Http404, PermissionDenied."""
    sight = _sight(request, pk)
    require(person_of(request), NEWSROOM, sight.claim.unit, local_date(now()))
    return sight


@require_safe
@signed_in
def claim_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim, how it was checked, the verdict, the answer, and its time limits."""
    return _claim_page(request, _sight(request, pk))


def _claim_page(
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


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Note a claim."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, NEWSROOM, unit, local_date(moment))
    form, names = ClaimForm(request.POST or None, initial={"seen_at": moment}), False
    if request.method == "POST" and form.is_valid():
        try:
            claim = services.note_claim(
                unit=unit,
                words=form.words(),
                by=person,
                now=moment,
                names_checked=form.cleaned_data["names_checked"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            names = refusal.code == NAMES_FOUND
        else:
            messages.success(request, _("Noted. Now check it: add steps, evidence and sources."))
            return redirect("claims:claim", claim.pk)
    shown = {"form": form, "unit": unit, "claim": None, "names_found": names}
    context = {**shown, "limits": limits_of(unit)}
    return render(request, "claims/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for what was claimed."""
    sight, person = _acting(request, pk), person_of(request)
    form, names = ClaimForm(request.POST or None, initial=known(sight.claim)), False
    if request.method == "POST" and form.is_valid():
        try:
            services.change_claim(
                claim=sight.claim,
                words=form.words(),
                by=person,
                now=now(),
                names_checked=form.cleaned_data["names_checked"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            names = refusal.code == NAMES_FOUND
        else:
            messages.success(request, _("Saved."))
            return redirect("claims:claim", pk)
    shown = {"form": form, "unit": sight.claim.unit, "claim": sight.claim}
    context = {**shown, "names_found": names}
    return render(request, "claims/form.html", context)


def _done(
    request: HttpRequest,
    sight: Sight,
    act: Callable[[], object],
    said: str,
    **bound: forms.Form,
) -> HttpResponse:
    """Do it and show the claim; with a refusal what was typed stays in its form."""
    try:
        act()
    except Refusal as refusal:
        names_in = request.resolver_match.url_name if refusal.code == NAMES_FOUND else ""  # type: ignore[union-attr]
        return _claim_page(
            request, sight, str(refusal), status=409, names_in=names_in or "", **bound
        )
    messages.success(request, said)
    return redirect("claims:claim", sight.claim.pk)


@require_POST
@signed_in
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of checking."""
    sight, form = _acting(request, pk), StepForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, sight, _("Write what was done."), status=422, step_form=form)
    fields = form.cleaned_data
    return _done(
        request,
        sight,
        lambda: services.add_step(claim=sight.claim, **fields, by=person_of(request), now=now()),
        _("Added."),
        step_form=form,
    )


@require_POST
@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file that shows the claim."""
    sight, sent = _acting(request, pk), request.FILES.get("evidence")
    if sent is None:
        dropped = "evidence" in dropped_uploads(request)
        words = str(TOO_LARGE) if dropped else _("Choose the file first.")
        return _claim_page(request, sight, words, status=422)
    return _done(
        request,
        sight,
        lambda: services.add_evidence(
            claim=sight.claim,
            file_name=sent.name or "",
            content=sent.read(),
            by=person_of(request),
            now=now(),
        ),
        _("Kept, named by its hash."),
    )


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One file of the evidence; the journal notes who opened it."""
    sight = _acting(request, pk)
    found = sight.claim.evidence.select_related("claim__unit").filter(pk=file_pk).first()
    if found is None:
        raise Http404
    services.note_looking(evidence=found, by=person_of(request), now=now())
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """What the verdict rests on."""
    sight, form = _acting(request, pk), SourceForm(request.POST)
    if not form.is_valid():
        words = _("Name the authority or the document; a link begins with https://.")
        return _claim_page(request, sight, words, status=422, source_form=form)
    fields = form.cleaned_data
    return _done(
        request,
        sight,
        lambda: services.add_source(claim=sight.claim, **fields, by=person_of(request), now=now()),
        _("Added."),
        source_form=form,
    )


@require_POST
@signed_in
def remove_source(request: HttpRequest, pk: int, source_pk: int) -> HttpResponse:
    """Take a source away."""
    sight = _acting(request, pk)
    found = sight.claim.sources.select_related("claim").filter(pk=source_pk).first()
    if found is None:
        raise Http404
    return _done(
        request,
        sight,
        lambda: services.remove_source(source=found, by=person_of(request), now=now()),
        _("Removed."),
    )


@require_POST
@signed_in
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """What is true."""
    sight, form = _acting(request, pk), VerdictForm(request.POST)
    if not form.is_valid():
        words = _("Choose a verdict and say what is true.")
        return _claim_page(request, sight, words, status=422, verdict_form=form)
    fields = form.cleaned_data
    return _done(
        request,
        sight,
        lambda: services.give_verdict(
            claim=sight.claim, **fields, by=person_of(request), now=now()
        ),
        _("The verdict is kept."),
        verdict_form=form,
    )


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the bulletin that answers it."""
    sight = _acting(request, pk)
    try:
        bulletin = services.begin_answer(claim=sight.claim, by=person_of(request), now=now())
    except Refusal as refusal:
        return _claim_page(request, sight, str(refusal), status=409)
    messages.success(request, _("The answer is begun. Mend the words, then submit them."))
    return redirect("bulletins:edit", bulletin.pk)


@require_POST
@signed_in
def unanswered(request: HttpRequest, pk: int) -> HttpResponse:
    """No answer is published."""
    sight = _acting(request, pk)
    require(person_of(request), DECIDERS, sight.claim.unit, local_date(now()))
    return _done(
        request,
        sight,
        lambda: services.leave_unanswered(
            claim=sight.claim,
            reason=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("Noted: no answer is published."),
    )


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is due."""
    sight = _acting(request, pk)
    require(person_of(request), DECIDERS, sight.claim.unit, local_date(now()))
    return _done(
        request,
        sight,
        lambda: services.close_claim(
            claim=sight.claim,
            closing=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("The claim is closed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def limits(request: HttpRequest) -> HttpResponse:
    """Time limits of the unit; an approver decides."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, DECIDERS, unit, local_date(moment))
    form = LimitsForm(request.POST or None, initial=asdict(limits_of(unit)))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_limits(unit=unit, limits=form.limits(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. They hold for claims noted from now on."))
            return redirect("claims:list")
    return render(request, "claims/limits.html", {"form": form, "unit": unit})
