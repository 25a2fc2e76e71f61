"""Quality scores and their criteria."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.access import open_bulletin
from vang.editorial import services
from vang.editorial.access import ADOPTERS, NEWSROOM, open_criterion
from vang.editorial.forms import CriterionForm, ScoreForm
from vang.editorial.queries import criteria_of, scores_of
from vang.editorial.services.scoring import FIRST_CRITERIA
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def score(request: HttpRequest, bulletin_pk: int) -> HttpResponse:
    """The scores of a released bulletin; whoever had no part in it gives theirs."""
    person, today = person_of(request), local_date(now())
    bulletin = open_bulletin(person, bulletin_pk, today).bulletin
    given = list(scores_of(bulletin))
    mine = next((one for one in given if one.by_id == person.pk), None)
    criteria = list(criteria_of(bulletin.unit))
    form = ScoreForm(request.POST or None, criteria=criteria, initial=_known(mine))
    newsroom = may(person, NEWSROOM, bulletin.unit, today)
    if request.method == "POST":
        require(person, NEWSROOM, bulletin.unit, today)
        if form.is_valid():
            try:
                services.score_bulletin(
                    bulletin=bulletin,
                    points=form.points(),
                    comment=form.cleaned_data["comment"],
                    by=person,
                    now=now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return done(request, lambda: None, _("Scored."), "editorial:score", bulletin_pk)
    context = {
        "bulletin": bulletin,
        "version": bulletin.current,
        "scores": given,
        "average": round(sum(one.average for one in given) / len(given), 2) if given else None,
        "criteria": criteria,
        "form": form,
        "newsroom": newsroom,
    }
    return render(request, "editorial/score.html", context)


def _known(mine: object) -> dict[str, object]:
    """The marks that the person gave before."""
    if mine is None:
        return {}
    marks = {f"c{mark.criterion_id}": mark.points for mark in mine.marks.all()}  # type: ignore[attr-defined]
    return {**marks, "comment": mine.comment}  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def criteria(request: HttpRequest) -> HttpResponse:
    """What bulletins are scored by; an approver decides."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    form = CriterionForm(request.POST or None)
    if request.method == "POST":
        require(person, ADOPTERS, unit, today)
        if form.is_valid():
            return done(
                request,
                lambda: services.add_criterion(
                    unit=unit, **form.cleaned_data, by=person, now=now()
                ),
                _("Added."),
                "editorial:criteria",
            )
    context = {
        "unit": unit,
        "form": form,
        "criteria": criteria_of(unit),
        "first": FIRST_CRITERIA,
        "adopter": may(person, ADOPTERS, unit, today),
    }
    return render(request, "editorial/criteria.html", context)


@require_POST
@signed_in
def first_criteria(request: HttpRequest) -> HttpResponse:
    """Begin with those that are proposed."""
    unit, person = current_unit(request), person_of(request)
    require(person, ADOPTERS, unit, local_date(now()))
    return done(
        request,
        lambda: services.add_first_criteria(unit=unit, by=person, now=now()),
        _("Added."),
        "editorial:criteria",
    )


@require_POST
@signed_in
def end_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """No further marks for it."""
    person, today = person_of(request), local_date(now())
    criterion = open_criterion(person, pk, today)
    require(person, ADOPTERS, criterion.unit, today)
    return done(
        request,
        lambda: services.end_criterion(criterion=criterion, by=person, now=now()),
        _("Ended. Marks that were given stay."),
        "editorial:criteria",
    )
