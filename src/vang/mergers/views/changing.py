"""Changes of units: the list, the guided page, what moves, taking back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.mergers import services
from vang.mergers.access import above, changeable, changes_for, open_change, scope
from vang.mergers.forms import ChangeForm, Kind
from vang.mergers.showing import state_of
from vang.orgs.succession import predecessors
from vang.people.access import Role, current_unit, signed_in
from vang.people.people import person_of

_A_PAGE = 25
_MOST_UNITS = 300


@require_safe
@signed_in
def units(request: HttpRequest) -> HttpResponse:
    """What the present unit was, and all changes of it and of what is below."""
    today = local_date(now())
    unit = scope(person_of(request), current_unit(request), today, Role.values)
    page = Paginator(changes_for(unit), _A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "unit": unit,
        "page": page,
        "rows": [(one, state_of(one, today)) for one in page.object_list],
        "before": predecessors(unit)[:50],
        "administers": bool(changeable(person_of(request), today)[:1]),
    }
    return render(request, "mergers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The guided page: kind, units, what comes after, from which day and by which decision."""
    person, moment = person_of(request), now()
    found = list(changeable(person, local_date(moment)).select_related("parent")[:_MOST_UNITS])
    if not found:
        raise PermissionDenied
    kind = request.GET.get("kind", Kind.MERGE)
    if kind not in Kind.values:
        raise Http404
    upper = list(above(local_date(moment))[:_MOST_UNITS])
    form = ChangeForm(request.POST or None, kind=kind, units=found, above=upper)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            change = services.announce_change(
                kind=kind,
                effective_on=told["effective_on"],
                legal_basis=told["legal_basis"],
                parts=form.parts,
                abolished=form.before() if kind == Kind.ABOLISH else (),
                by=person,
                now=moment,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Announced. Look through what moves."))
            return redirect("mergers:change", change.pk)
    kinds = [
        {"label": one.label.capitalize(), "url": f"?kind={one.value}", "active": one == kind}
        for one in Kind
    ]
    context = {"form": form, "kinds": kinds, "kind": Kind(kind)}
    return render(request, "mergers/new.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: its units, its day, and what moves with it."""
    today = local_date(now())
    sight = open_change(person_of(request), pk, today)
    moving = services.what_moves(sight.change) if sight.change.cancelled_at is None else []
    context = {
        "sight": sight,
        "change": sight.change,
        "state": state_of(sight.change, today),
        "moving": moving,
        "waiting": sum(one.waiting for one in moving),
        "may_cancel": sight.decides
        and sight.change.applied_at is None
        and sight.change.cancelled_at is None,
    }
    return render(request, "mergers/change.html", context)


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the things of one kind go, as chosen; what was left open stays open."""
    moment = now()
    sight = open_change(person_of(request), pk, local_date(moment))
    choices = {
        name.removeprefix("thing:"): value
        for name, value in request.POST.items()
        if name.startswith("thing:") and value
    }
    try:
        services.decide(
            sight.change,
            request.POST.get("mover", ""),
            {key: str(value) for key, value in choices.items()},
            by=person_of(request),
            now=moment,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("mergers:change", pk)


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the change back, until its day."""
    moment = now()
    sight = open_change(person_of(request), pk, local_date(moment))
    try:
        services.cancel_change(sight.change, by=person_of(request), now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("mergers:change", pk)
    messages.success(request, _("Cancelled: everything stays as it was."))
    return redirect("mergers:list")
