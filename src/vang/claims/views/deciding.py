"""Verdict, answer, closing; and the unit's time limits."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.claims import services
from vang.claims.access import DECIDERS
from vang.claims.forms import (
    LimitsForm,
    VerdictForm,
)
from vang.claims.limits import limits_of
from vang.claims.views.showing import acting, done_here, show_claim
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of


@require_POST
@signed_in
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """What is true."""
    sight, form = acting(request, pk), VerdictForm(request.POST)
    if not form.is_valid():
        words = _("Choose a verdict and say what is true.")
        return show_claim(request, sight, words, status=422, verdict_form=form)
    fields = form.cleaned_data
    return done_here(
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
    sight = acting(request, pk)
    try:
        bulletin = services.begin_answer(claim=sight.claim, by=person_of(request), now=now())
    except Refusal as refusal:
        return show_claim(request, sight, str(refusal), status=409)
    messages.success(request, _("The answer is begun. Mend the words, then submit them."))
    return redirect("bulletins:edit", bulletin.pk)


@require_POST
@signed_in
def unanswered(request: HttpRequest, pk: int) -> HttpResponse:
    """No answer is published."""
    sight = acting(request, pk)
    require(person_of(request), DECIDERS, sight.claim.unit, local_date(now()))
    return done_here(
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
    sight = acting(request, pk)
    require(person_of(request), DECIDERS, sight.claim.unit, local_date(now()))
    return done_here(
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
