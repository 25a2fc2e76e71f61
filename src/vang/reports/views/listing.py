"""What a unit owes, what it expects from below, and what it filed before."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.tabs import tabs
from vang.people.access import current_unit, here, signed_in
from vang.reports.access import MANAGERS
from vang.reports.models import Report
from vang.reports.queries import OWED, kept_by
from vang.reports.steps import can_write, timing

_PER_PAGE = 50


@require_safe
@signed_in
def report_list(request: HttpRequest) -> HttpResponse:
    """Of the unit in which the person works, by tab."""
    unit, today = current_unit(request), local_date(now())
    view = request.GET.get("view", "due")
    if view not in {"due", "done"}:
        view = "due"
    rows = Report.objects.filter(kept_by(unit)).select_related(
        "round__regime", "above", "unit", "keeper"
    )
    below = Q(children__state=Report.State.SUBMITTED)
    counted = rows.annotate(
        below=Count("children"),
        waiting=Count("children", filter=below),
        accepted_below=Count("children", filter=Q(children__accepted__isnull=False)),
    )
    wanted = Q(state__in=OWED)
    found = counted.filter(wanted) if view == "due" else counted.exclude(wanted)
    page = Paginator(found.order_by("-due_on", "-pk"), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "view": view,
        "tabs": tabs(
            {"due": _("To be submitted"), "done": pgettext("report", "Submitted")},
            view,
            {"due": rows.filter(wanted).count()},
        ),
        "page": page,
        "rows": [(report, timing(report, today)) for report in page.object_list],
        "manages": not here(request).roles.isdisjoint(MANAGERS),
        "writes": can_write(here(request).roles),
    }
    return render(request, "reports/list.html", context)
