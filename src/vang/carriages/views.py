"""What was relayed: when, from which source, how long, and who heard it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.pages import BoundedPaginator
from vang.carriages.queries import carriages_of, shown
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.relays.access import READERS

PER_PAGE = 20


@require_safe
@signed_in
def carried(request: HttpRequest) -> HttpResponse:
    """Of the unit, the newest first."""
    unit = current_unit(request)
    require(person_of(request), READERS, unit, local_date(now()))
    page = BoundedPaginator(carriages_of(unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {"unit": unit, "page": page, "rows": shown(list(page.object_list))}
    return render(request, "carriages/carried.html", context)
