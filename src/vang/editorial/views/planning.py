"""The year's plan with its progress, its lines, and the calendar of seasons."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.editorial import services
from vang.editorial.access import NEWSROOM, open_line, open_plan, open_season
from vang.editorial.forms import LineForm, PlanForm, SeasonForm, known_line
from vang.editorial.models import Plan, Season
from vang.editorial.progress import Standing
from vang.editorial.queries import (
    counts_below,
    derived,
    plan_of,
    plans_to_copy,
    progress_of,
    years_of,
)
from vang.editorial.seasons import suggestions
from vang.people.access import Role, current_unit, here, may, require, roles, signed_in
from vang.people.people import person_of

_FOLLOWERS = (*NEWSROOM, Role.READER, Role.ADMINISTRATOR)
_PER_PAGE = 50
_MOST_ADDED = 20


def _year(request: HttpRequest) -> int:
    """The year asked for; this one otherwise."""
    asked = request.GET.get("year") or request.POST.get("year", "")
    this_year = local_date(now()).year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this_year
    return year if 2000 <= year <= 2100 else this_year


@require_safe
@signed_in
def plan_of_year(request: HttpRequest) -> HttpResponse:
    """The unit's plan of the year with its progress, or how to begin one."""
    unit, year = current_unit(request), _year(request)
    plan = plan_of(unit, year)
    if plan is not None:
        return _plan_page(request, plan)
    context = {
        "unit": unit,
        "year": year,
        "years": years_of(unit, local_date(now()).year),
        "above": plans_to_copy(unit, year),
        "form": PlanForm(initial={"title": _("Communication plan for %(year)s") % {"year": year}}),
        "newsroom": not here(request).roles.isdisjoint(NEWSROOM),
    }
    return render(request, "editorial/begin.html", context)


@require_safe
@signed_in
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan of the unit's own or of one above."""
    person, today = person_of(request), local_date(now())
    return _plan_page(request, open_plan(person, current_unit(request), pk, today))


def _plan_page(request: HttpRequest, plan: Plan) -> HttpResponse:
    unit, today = current_unit(request), local_date(now())
    rows = progress_of(plan, today)
    standings = [row.reached.standing for row in rows]
    held = here(request).roles if plan.unit_id == unit.pk else frozenset[str]()
    context = {
        "plan": plan,
        "unit": plan.unit,
        "own": plan.unit_id == unit.pk,
        "years": years_of(unit, today.year),
        "year": plan.year,
        "rows": rows,
        "done": standings.count(Standing.DONE),
        "behind": standings.count(Standing.BEHIND) + standings.count(Standing.MISSED),
        "newsroom": not held.isdisjoint(NEWSROOM),
        "adopter": "APPROVER" in held,
        "below": derived(plan).count() if _may_follow(request, plan) else 0,
    }
    return render(request, "editorial/plan.html", context)


@require_POST
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Begin an empty plan."""
    unit, person = current_unit(request), person_of(request)
    require(person, NEWSROOM, unit, local_date(now()))
    form, year = PlanForm(request.POST), _year(request)
    if not form.is_valid():
        return redirect(f"/editorial/plan?year={year}")
    return done(
        request,
        lambda: services.start_plan(
            unit=unit, year=year, **form.cleaned_data, by=person, now=now()
        ),
        _("Begun. Add the first theme, or choose from the calendar."),
        f"/editorial/plan?year={year}",
    )


@require_POST
@signed_in
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Derive the unit's plan from one above."""
    unit, person = current_unit(request), person_of(request)
    require(person, NEWSROOM, unit, local_date(now()))
    plan = open_plan(person, unit, pk, local_date(now()))
    return done(
        request,
        lambda: services.copy_plan(plan=plan, unit=unit, by=person, now=now()),
        _("Copied as a draft. Adapt the figures to your unit, then have it adopted."),
        f"/editorial/plan?year={plan.year}",
    )


def _own(request: HttpRequest, pk: int) -> Plan:
    """A plan of a unit for which the person writes or approves."""
    person, today = person_of(request), local_date(now())
    plan = open_plan(person, current_unit(request), pk, today)
    require(person, NEWSROOM, plan.unit, today)
    return plan


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Title and number of a draft."""
    plan = _own(request, pk)
    form = PlanForm(request.POST or None, initial={"title": plan.title, "number": plan.number})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_plan(plan=plan, **form.cleaned_data, by=person_of(request), now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), "editorial:open", pk)
    return render(request, "editorial/change.html", {"form": form, "plan": plan})


@require_POST
@signed_in
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on it counts."""
    plan = _own(request, pk)
    return done(
        request,
        lambda: services.adopt_plan(plan=plan, by=person_of(request), now=now()),
        _("Adopted. Units below may copy it."),
        "editorial:open",
        pk,
    )


@require_POST
@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft again."""
    plan = _own(request, pk)
    return done(
        request,
        lambda: services.reopen_plan(plan=plan, by=person_of(request), now=now()),
        _("A draft again."),
        "editorial:open",
        pk,
    )


def _may_follow(request: HttpRequest, plan: Plan) -> bool:
    held = roles(person_of(request), plan.unit, local_date(now()))
    return plan.state == Plan.State.ADOPTED and not held.isdisjoint(_FOLLOWERS)


@require_safe
@signed_in
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units made their plan from this one, and what they released."""
    person, today = person_of(request), local_date(now())
    plan = open_plan(person, current_unit(request), pk, today)
    require(person, _FOLLOWERS, plan.unit, today)
    page = Paginator(derived(plan), _PER_PAGE).get_page(request.GET.get("page"))
    plans = list(page.object_list)
    counts = counts_below(plans, plan.year)
    rows = [(one, counts.get(one.unit_id, 0)) for one in plans]
    return render(request, "editorial/below.html", {"plan": plan, "page": page, "rows": rows})


# lines


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One theme more."""
    plan = _own(request, pk)
    form = LineForm(request.POST or None, unit=plan.unit, initial={"month_from": 1, "month_to": 12})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_line(plan=plan, theme=form.theme(), by=person_of(request), now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Added."), "editorial:open", plan.pk)
    return render(request, "editorial/line.html", {"form": form, "plan": plan, "line": None})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a theme of a draft."""
    person, today = person_of(request), local_date(now())
    line = open_line(person, pk, today)
    require(person, NEWSROOM, line.plan.unit, today)
    form = LineForm(request.POST or None, unit=line.plan.unit, initial=known_line(line))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_line(line=line, theme=form.theme(), by=person, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), "editorial:open", line.plan_id)
    context = {"form": form, "plan": line.plan, "line": line}
    return render(request, "editorial/line.html", context)


@require_POST
@signed_in
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a theme out of a draft."""
    person, today = person_of(request), local_date(now())
    line = open_line(person, pk, today)
    require(person, NEWSROOM, line.plan.unit, today)
    return done(
        request,
        lambda: services.remove_line(line=line, by=person, now=now()),
        _("Removed."),
        "editorial:open",
        line.plan_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def suggestions_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Seasons to take into the plan: the chosen ones, each with a number of bulletins."""
    plan = _own(request, pk)
    offered = suggestions(plan.unit)
    if request.method == "POST":
        chosen = set(request.POST.getlist("chosen"))
        wanted = [one for one in offered if one.key in chosen][:_MOST_ADDED]
        return done(
            request,
            lambda: _add(request, plan, wanted),
            _("Added to the plan."),
            "editorial:open",
            plan.pk,
        )
    known = set(plan.lines.values_list("name", flat=True))
    rows = [(one, one.name in known) for one in offered]
    return render(request, "editorial/suggestions.html", {"plan": plan, "rows": rows})


def _add(request: HttpRequest, plan: Plan, wanted: list[Any]) -> None:
    for one in wanted:
        asked = request.POST.get(f"items-{one.key}", "")
        items = int(asked) if asked.isdecimal() and 0 < int(asked[:6]) <= 10_000 else 1
        services.add_suggestion(
            plan=plan, suggestion=one, items=items, by=person_of(request), now=now()
        )


# seasons


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def seasons(request: HttpRequest) -> HttpResponse:
    """The calendar of seasons; the newsroom adds its own."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    form = SeasonForm(request.POST or None)
    if request.method == "POST":
        require(person, NEWSROOM, unit, today)
        if form.is_valid():
            return done(
                request,
                lambda: services.add_season(unit=unit, **form.cleaned_data, by=person, now=now()),
                _("Added to the calendar."),
                "editorial:seasons",
            )
    context = {
        "unit": unit,
        "form": form,
        "rows": suggestions(unit),
        "own": {f"own-{row.pk}": row for row in Season.objects.filter(unit=unit)},
        "newsroom": may(person, NEWSROOM, unit, today),
    }
    return render(request, "editorial/seasons.html", context)


@require_POST
@signed_in
def remove_season(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a season of the unit's own out of the calendar."""
    person, today = person_of(request), local_date(now())
    season = open_season(person, pk, today)
    require(person, NEWSROOM, season.unit, today)
    return done(
        request,
        lambda: services.remove_season(season=season, by=person, now=now()),
        _("Removed."),
        "editorial:seasons",
    )
