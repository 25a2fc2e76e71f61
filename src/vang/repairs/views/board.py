"""The board of alarms, and how one device fares."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import Role, current_unit, here, may, signed_in
from vang.people.people import person_of
from vang.repairs import queries
from vang.repairs.access import KEEPERS, OFFICE
from vang.repairs.models import DayHealth, Fault, Ticket
from vang.repairs.pictures_of_health import charts
from vang.repairs.readings import readings_of
from vang.repairs.services import open_ticket
from vang.repairs.words import reading
from vang.stations.access import kept_cluster, readable_cluster
from vang.stations.models import Node

PER_PAGE = 50


@require_safe
@signed_in
def board(request: HttpRequest) -> HttpResponse:
    """What is wrong now: outages first, then single faults, the worst first."""
    unit = current_unit(request)
    faults = queries.by_gravity(queries.standing_faults(unit))
    page = Paginator(faults, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    tickets = dict(Ticket.objects.filter(fault__in=rows, closed_at=None).values_list("fault", "pk"))
    held = here(request).roles
    context = {
        "unit": unit,
        "outages": queries.standing_outages(unit),
        "page": page,
        "rows": [_row(fault, tickets.get(fault.pk)) for fault in rows],
        "serving": queries.serving_nodes(unit),
        "keeps": not held.isdisjoint(KEEPERS),
        "reports": not held.isdisjoint(OFFICE),
        "goes": Role.TECHNICIAN in held,
    }
    return render(request, "repairs/board.html", context)


def _row(fault: Fault, ticket: int | None) -> dict[str, object]:
    return {"fault": fault, "reading": reading(fault), "ticket": ticket}


@require_safe
@signed_in
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """Readings of the device now, charts of three days, its faults and repairs."""
    moment, person = now(), person_of(request)
    cluster = readable_cluster(pk, person, local_date(moment))
    node = Node.objects.filter(cluster=cluster, retired_at=None).first()
    faults = Fault.objects.filter(cluster=cluster, opened_at__isnull=False)
    context = {
        "cluster": cluster,
        "node": node,
        "readings": readings_of(node.state if node else {}),
        "charts": charts(queries.hours_of(cluster, now=moment)),
        "fared": _fared(pk, moment),
        "faults": [
            {"fault": one, "reading": reading(one)}
            for one in faults.order_by("-opened_at", "-pk")[:20]
        ],
        "tickets": Ticket.objects.filter(cluster=cluster).select_related("technician").defer(
            "text", "done", "proof"
        )[:20],
        "keeps": may(person, KEEPERS, cluster.unit, local_date(moment)),
        "reports": may(person, OFFICE, cluster.unit, local_date(moment)),
    }  # fmt: skip
    return render(request, "repairs/device.html", context)


def _fared(cluster: int, moment: datetime) -> queries.Fared:
    """The last thirty days."""
    today = local_date(moment)
    rows = DayHealth.objects.filter(
        cluster=cluster, day__gte=today - timedelta(days=30), day__lte=today
    ).values_list("up", "down", "unknown")
    told = list(rows)
    return queries.Fared(*(sum(one[n] for one in told) for n in range(3)))


@require_POST
@signed_in
def open_from_fault(request: HttpRequest, pk: int) -> HttpResponse:
    """A repair of a fault."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    asked = request.POST.get("fault", "")
    fault = Fault.objects.filter(
        cluster=cluster, pk=int(asked) if asked.isdecimal() else 0, closed_at=None
    ).first()
    about = _ABOUT.get(fault.kind if fault else "", Ticket.About.OTHER)
    try:
        made = open_ticket(cluster=cluster, about=about, fault=fault, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("repairs:board")
    return redirect("repairs:ticket", made.pk)


_ABOUT: dict[str, str] = {
    Fault.Kind.OFFLINE: Ticket.About.CONTACT,
    Fault.Kind.SIGNAL: Ticket.About.CONTACT,
    Fault.Kind.SOUND: Ticket.About.SILENT,
    Fault.Kind.NOT_HEARD: Ticket.About.SILENT,
    Fault.Kind.POWER: Ticket.About.POWER,
    Fault.Kind.BATTERY: Ticket.About.POWER,
}
