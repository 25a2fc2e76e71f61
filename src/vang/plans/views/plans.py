"""Plans: the list, one plan, its board and timeline, recipients and units below."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.documents.queries import weak_in
from vang.people.access import Role, current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.plans import services
from vang.plans.access import NEWSROOM, Sight, open_plan
from vang.plans.forms import AcknowledgeForm, PlanForm, known_plan
from vang.plans.models import Plan
from vang.plans.queries import (
    acknowledged,
    below_of,
    board_of,
    objectives_of,
    open_drafts,
    plans_of,
    received,
    recipients_of,
    rolled_up,
    tasks_of,
    with_days,
)
from vang.plans.standing import Standing, bar_of, months_of, standing_of

_PER_PAGE = 50
_FOLLOWERS = (*NEWSROOM, Role.READER, Role.ADMINISTRATOR, Role.LEADER)


def sight_of(request: HttpRequest, pk: int) -> Sight:
    """Raises Http404."""
    return open_plan(person_of(request), current_unit(request), pk, local_date(now()))


@require_safe
@signed_in
def plan_list(request: HttpRequest) -> HttpResponse:
    """The unit's plans, or those from above."""
    unit, today = current_unit(request), local_date(now())
    above = request.GET.get("view") == "above"
    rows = received(unit) if above else plans_of(unit, today)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": page,
        "above": above,
        "drafts": [] if above else list(open_drafts(unit)[:10]),
        "newsroom": may(person_of(request), NEWSROOM, unit, today),
        "tabs": [
            {"label": _("Our plans"), "url": "?view=own", "active": not above},
            {"label": _("From above"), "url": "?view=above", "active": above},
        ],
    }
    return render(request, "plans/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begin one by hand."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    require(person, NEWSROOM, unit, today)
    year = today.year
    form = PlanForm(
        request.POST or None, initial={"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.start_plan(unit=unit, heads=form.heads(), by=person, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(
                request, lambda: None, _("Begun. Add the first task."), "plans:plan", plan.pk
            )
    return render(request, "plans/head.html", {"form": form, "plan": None, "unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another head of a draft."""
    sight = sight_of(request, pk)
    require(person_of(request), NEWSROOM, sight.plan.unit, local_date(now()))
    form = PlanForm(request.POST or None, initial=known_plan(sight.plan))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_plan(
                plan=sight.plan, heads=form.heads(), by=person_of(request), now=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), "plans:plan", pk)
    context = {"form": form, "plan": sight.plan, "unit": sight.plan.unit}
    return render(request, "plans/head.html", context)


def _context(sight: Sight, view: str) -> dict[str, Any]:
    plan = sight.plan
    views = (
        ("plan", _("Tasks")), ("board", _("Board")), ("timeline", _("Timeline")),
        ("recipients", _("Recipients")), ("below", _("Units below")), ("reviews", _("Reviews")),
    )  # fmt: skip
    place = f"/plans/{plan.pk}"
    return {
        "sight": sight,
        "plan": plan,
        "tabs": [
            {
                "label": label,
                "url": place if name == "plan" else f"{place}/{name}",
                "active": name == view,
            }
            for name, label in views
        ],
    }


@require_safe
@signed_in
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan with its objectives and tasks."""
    sight, today = sight_of(request, pk), local_date(now())
    rows = tasks_of(sight.plan, today)
    below = rolled_up(sight.plan) if sight.own else {}
    sections: list[tuple[str, list[Any]]] = []
    for row in rows:
        if not sections or sections[-1][0] != row.task.section:
            sections.append((row.task.section, []))
        sections[-1][1].append((row, below.get(row.task.pk)))
    mine = (
        sight.plan.recipients.filter(unit=sight.unit).select_related("acknowledgement__by").first()
    )
    context = {
        **_context(sight, "plan"),
        "sections": sections,
        "count": len(rows),
        "finished": sum(row.standing == Standing.DONE for row in rows),
        "overdue": sum(row.standing == Standing.OVERDUE for row in rows),
        "soon": sum(row.standing == Standing.SOON for row in rows),
        "weak": _rests_on_what_ended(sight, today),
        "objectives": objectives_of(sight.plan),
        "mine": mine,
        "acknowledge": AcknowledgeForm(),
        "may_answer": not sight.roles.isdisjoint(NEWSROOM),
        "may_derive": _may_derive(sight),
        "units": acknowledged(sight.plan) if sight.own else (0, 0),
    }
    return render(request, "plans/plan.html", context)


def _rests_on_what_ended(sight: Sight, on: date) -> bool:
    document = sight.plan.document
    return sight.own and document is not None and bool(weak_in([document], on))


def _may_derive(sight: Sight) -> bool:
    if sight.own or sight.plan.state != Plan.State.ADOPTED or sight.roles.isdisjoint(NEWSROOM):
        return False
    return not Plan.objects.filter(parent=sight.plan, unit=sight.unit).exists()


@require_safe
@signed_in
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Tasks by how they stand."""
    sight = sight_of(request, pk)
    columns = board_of(tasks_of(sight.plan, local_date(now())))
    return render(request, "plans/board.html", {**_context(sight, "board"), "columns": columns})


@require_safe
@signed_in
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Tasks over the time of the plan."""
    sight, today = sight_of(request, pk), local_date(now())
    plan = sight.plan
    rows = []
    for task in with_days(plan):
        days = [(day.due_on, day.done_on is not None) for day in task.occurrences.all()]
        standing = standing_of(task.percent, task.next_due, task.finished_on, today)
        bar = bar_of(plan.starts_on, plan.ends_on, days, finished_on=task.finished_on)
        rows.append((task, standing, bar, [day for day, done_ in days if not done_][:3]))
    whole = (plan.ends_on - plan.starts_on).days + 1
    share = 100 * (today - plan.starts_on).days / whole
    context = {
        **_context(sight, "timeline"),
        "rows": rows,
        "ticks": months_of(plan.starts_on, plan.ends_on),
        "now": f"{share:.2f}%" if 0 <= share <= 100 else "",
    }
    return render(request, "plans/timeline.html", context)


@require_safe
@signed_in
def recipients(request: HttpRequest, pk: int) -> HttpResponse:
    """Who received it, who has said so."""
    sight = sight_of(request, pk)
    page = Paginator(recipients_of(sight.plan), _PER_PAGE).get_page(request.GET.get("page"))
    units, told = acknowledged(sight.plan)
    context = {**_context(sight, "recipients"), "page": page, "units": units, "told": told}
    return render(request, "plans/recipients.html", context)


@require_safe
@signed_in
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """What units below made of it."""
    sight, person = sight_of(request, pk), person_of(request)
    require(person, _FOLLOWERS, sight.plan.unit, local_date(now()))
    page = Paginator(below_of(sight.plan, local_date(now())), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "plans/below.html", {**_context(sight, "below"), "page": page})


@require_POST
@signed_in
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on it counts."""
    sight = sight_of(request, pk)
    return done(
        request,
        lambda: services.adopt_plan(
            plan=sight.plan,
            to_communes="to_communes" in request.POST,
            by=person_of(request),
            now=now(),
        ),
        _("Adopted. Its days count from now on, and those it goes to are told."),
        "plans:plan",
        pk,
    )


@require_POST
@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft again."""
    sight = sight_of(request, pk)
    return done(
        request,
        lambda: services.reopen_plan(plan=sight.plan, by=person_of(request), now=now()),
        _("A draft again."),
        "plans:plan",
        pk,
    )


@require_POST
@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It is over."""
    sight = sight_of(request, pk)
    return done(
        request,
        lambda: services.close_plan(plan=sight.plan, by=person_of(request), now=now()),
        _("Closed. Nobody is reminded any more."),
        "plans:plan",
        pk,
    )


@require_POST
@signed_in
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Received and understood."""
    sight = sight_of(request, pk)
    return done(
        request,
        lambda: services.acknowledge(
            plan=sight.plan,
            unit=sight.unit,
            text=request.POST.get("note", ""),
            by=person_of(request),
            now=now(),
        ),
        _("Acknowledged."),
        "plans:plan",
        pk,
    )


@require_POST
@signed_in
def derive(request: HttpRequest, pk: int) -> HttpResponse:
    """Our plan from this one."""
    sight = sight_of(request, pk)
    try:
        derived = services.derive_plan(
            plan=sight.plan, unit=sight.unit, by=person_of(request), now=now()
        )
    except Refusal as refusal:
        return done(request, _refuses(refusal), "", "plans:plan", pk)
    said = _("Derived as a draft. Adapt it to your unit, then have it adopted.")
    return done(request, lambda: None, said, "plans:plan", derived.pk)


def _refuses(refusal: Refusal) -> Any:
    def act() -> None:
        raise refusal

    return act
