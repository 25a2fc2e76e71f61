"""The room's first page: what threatens as big buttons, then what stands open and what was sent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vang.alerts.access import WRITERS, templates_for
from vang.alerts.models import AlertTemplate
from vang.alerts.queries import VIEWS, counts, drill_of, listed
from vang.alerts.starters import STARTERS, Starter
from vang.base.clock import now
from vang.base.tabs import tabs
from vang.people.access import DECIDE, current_unit, here, signed_in

PER_PAGE = 20


@require_safe
@signed_in
def alert_list(request: HttpRequest) -> HttpResponse:
    """Four taps from here an alert waits for its signatures."""
    unit, moment = current_unit(request), now()
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    page = Paginator(listed(unit, view), PER_PAGE).get_page(request.GET.get("page"))
    held = here(request).roles
    approved = list(templates_for(unit).filter(approved__isnull=False))
    drill = drill_of(unit)
    context = {
        "unit": unit,
        "view": view,
        "page": page,
        "tabs": _tabs(view, counts(unit)["open"]),
        "writer": not held.isdisjoint(WRITERS),
        "decider": not held.isdisjoint(DECIDE),
        "buttons": [_button(starter, approved) for starter in STARTERS],
        "own": [one for one in approved if one.event not in _STARTED],
        "drill": drill,
        "drill_due": drill.due(moment),
        "drill_late": drill.late(moment),
    }
    return render(request, "alerts/list.html", context)


_STARTED = {starter.event for starter in STARTERS}


def _button(starter: Starter, approved: list[AlertTemplate]) -> dict[str, object]:
    """The approved template of this event leads; without one, the starter as a free draft."""
    own = next((one for one in approved if one.event == starter.event), None)
    if own is not None:
        url = reverse("alerts:new-from-template", args=[own.pk])
    else:
        url = reverse("alerts:new-from-starter", args=[starter.key])
    return {"name": starter.name, "icon": starter.icon, "url": url, "approved": own is not None}


def _tabs(view: str, waiting: int) -> list[dict[str, object]]:
    labels = {
        "open": pgettext("alerts", "Open"),
        "sent": pgettext("alerts", "Sent"),
        "all": pgettext("alerts", "All"),
    }
    return tabs(labels, view, {"open": waiting})
