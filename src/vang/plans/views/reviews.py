"""Sơ kết, tổng kết: figures as reckoned, words to edit, the paper."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.papers import as_docx, as_pdf, docx_response
from vang.base.pdf import pdf_response
from vang.base.refusals import Refusal
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.plans import services
from vang.plans.access import NEWSROOM, Sight, open_review
from vang.plans.forms import ReviewForm, ReviewWordsForm
from vang.plans.models import Review
from vang.plans.paper import figure, file_name, paper_of
from vang.plans.services.following import year_of
from vang.plans.services.reviewing import Words
from vang.plans.views.plans import _context, sight_of

_WORDS = ("results", "causes", "lessons", "proposals")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviews of a plan, and how to begin one."""
    sight, today = sight_of(request, pk), local_date(now())
    plan = sight.plan
    year = year_of(plan, today)
    begin = {
        "kind": "FINAL" if today > plan.ends_on else "INTERIM",
        "first_on": max(plan.starts_on, date(year, 1, 1))
        if today <= plan.ends_on
        else plan.starts_on,
        "last_on": min(plan.ends_on, date(year, 12, 31)),
    }
    form = ReviewForm(request.POST or None, initial=begin)
    if request.method == "POST":
        require(person_of(request), NEWSROOM, plan.unit, today)
        if form.is_valid():
            try:
                review = services.start_review(
                    plan=plan, **form.cleaned_data, by=person_of(request), now=now()
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return done(
                    request, lambda: None, _("Begun from the figures. Say what they mean."),
                    "plans:review", review.pk,
                )  # fmt: skip
    rows = list(plan.reviews.select_related("made_by").defer("facts", *_WORDS))
    context = {**_context(sight, "reviews"), "rows": rows, "form": form}
    return render(request, "plans/reviews.html", context)


def _opened(request: HttpRequest, pk: int) -> tuple[Review, Sight]:
    return open_review(person_of(request), current_unit(request), pk, local_date(now()))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures, and the words to edit."""
    review, sight = _opened(request, pk)
    known = {name: getattr(review, name) for name in _WORDS}
    form = ReviewWordsForm(request.POST or None, initial=known)
    if request.method == "POST":
        require(person_of(request), NEWSROOM, review.plan.unit, local_date(now()))
        if form.is_valid():
            try:
                services.change_review(
                    review=review,
                    words=Words(**form.cleaned_data),
                    by=person_of(request),
                    now=now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return done(request, lambda: None, _("Saved."), "plans:review", pk)
    context = {
        "review": review,
        "plan": review.plan,
        "sight": sight,
        "form": form,
        "facts": _shown(review.facts),
    }
    return render(request, "plans/review.html", context)


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    """With the figures of the objectives as people write them."""
    told = [
        {
            **one,
            "target": figure(one["target"], one["unit"]),
            "reached": figure(one["reached"], one["unit"]),
        }
        for one in facts["objectives"]
    ]
    return {**facts, "objectives": told}


@require_POST
@signed_in
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures anew."""
    review, _sight = _opened(request, pk)
    return done(
        request,
        lambda: services.refresh_review(review=review, by=person_of(request), now=now()),
        _("Reckoned anew. What you wrote stays."),
        "plans:review",
        pk,
    )


@require_POST
@signed_in
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """It stays as it is."""
    review, _sight = _opened(request, pk)
    return done(
        request,
        lambda: services.finish_review(review=review, by=person_of(request), now=now()),
        _("Finished."),
        "plans:review",
        pk,
    )


@require_safe
@signed_in
def as_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report as DOCX."""
    review, _sight = _opened(request, pk)
    return docx_response(file_name(review), as_docx(paper_of(review, now())))


@require_safe
@signed_in
def as_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report as PDF."""
    review, _sight = _opened(request, pk)
    return pdf_response(file_name(review), as_pdf(paper_of(review, now())))
