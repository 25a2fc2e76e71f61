"""Objectives of a plan: added, changed, ended, and what was reached of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import require, signed_in
from vang.people.people import person_of
from vang.plans import services
from vang.plans.access import NEWSROOM, Sight
from vang.plans.forms import EndObjectiveForm, ObjectiveForm, ReachedForm, known_objective
from vang.plans.models import Objective, Plan
from vang.plans.views.plans import sight_of


def _sight(request: HttpRequest, pk: int) -> Sight:
    """For its newsroom. Raises Http404 or PermissionDenied."""
    sight = sight_of(request, pk)
    require(person_of(request), NEWSROOM, sight.plan.unit, local_date(now()))
    return sight


def _found(sight: Sight, pk: int) -> Objective:
    rows = Objective.objects.select_related("plan").filter(pk=pk, plan=sight.plan)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _there(plan: Plan) -> str:
    return f"/plans/{plan.pk}#objectives"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """One objective more."""
    sight = _sight(request, pk)
    form = ObjectiveForm(request.POST or None, adopted=sight.plan.state != Plan.State.DRAFT)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_objective(
                plan=sight.plan,
                wanted=form.wanted(),
                why=form.reason(),
                by=person_of(request),
                now=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Added."), _there(sight.plan))
    context = {"form": form, "plan": sight.plan, "objective": None}
    return render(request, "plans/aim.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int, objective_pk: int) -> HttpResponse:
    """Other words, another figure."""
    sight = _sight(request, pk)
    found = _found(sight, objective_pk)
    form = ObjectiveForm(
        request.POST or None,
        adopted=sight.plan.state != Plan.State.DRAFT,
        initial=known_objective(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_objective(
                objective=found,
                wanted=form.wanted(),
                why=form.reason(),
                by=person_of(request),
                now=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), _there(sight.plan))
    context = {
        "form": form,
        "plan": sight.plan,
        "objective": found,
        "end_form": EndObjectiveForm(),
        "changes": found.changes.select_related("by"),
    }
    return render(request, "plans/aim.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int, objective_pk: int) -> HttpResponse:
    """Nobody strives for it any more."""
    sight = _sight(request, pk)
    found = _found(sight, objective_pk)
    return done(
        request,
        lambda: services.end_objective(
            objective=found, why=request.POST.get("why", ""), by=person_of(request), now=now()
        ),
        _("Ended.") if sight.plan.state != Plan.State.DRAFT else _("Removed."),
        _there(sight.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reached(request: HttpRequest, pk: int, objective_pk: int) -> HttpResponse:
    """What was reached of an objective."""
    sight = _sight(request, pk)
    found = _found(sight, objective_pk)
    form = ReachedForm(request.POST or None, initial={"reached": found.reached, "note": found.note})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_reached(
                objective=found,
                reached=form.cleaned_data["reached"],
                text=form.cleaned_data["note"],
                by=person_of(request),
                now=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_there(sight.plan))
    context = {"form": form, "plan": sight.plan, "objective": found}
    return render(request, "plans/objective.html", context)
