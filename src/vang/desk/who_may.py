"""The page of rights."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vang.desk.rights import deeds
from vang.people.access import signed_in
from vang.people.rights import rights
from vang.people.tabs import order_tabs


@require_safe
@signed_in
def who_may(request: HttpRequest) -> HttpResponse:
    """Who may do what, by role."""
    page = {"tables": rights(deeds()), "tabs": order_tabs(request, "desk:rights")}
    return render(request, "desk/rights.html", page)
