"""The list of a commune's bulletins."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vang.base.clock import local_date, now
from vang.bulletins.models import Bulletin
from vang.bulletins.queries import bulletins_of, state_counts
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, roles, signed_in
from vang.people.people import person_of
from vang.review.verbs import VERBS

PER_PAGE = 20


@require_GET
@signed_in
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Newest change first, by state and by words of the title."""
    unit = current_unit(request)
    held = roles(person_of(request), unit, local_date(now()))
    state = request.GET.get("state", "")
    state = state if state in Bulletin.State else ""
    words = request.GET.get("q", "")[:200]
    found = Paginator(bulletins_of(unit, state=state, words=words), PER_PAGE)
    return render(
        request,
        "bulletins/list.html",
        {
            "unit": unit,
            "page": found.get_page(request.GET.get("page")),
            "state": state,
            "words": words,
            "states": _states(unit),
            "may_write": Role.WRITER in held,
        },
    )


def _states(unit: Unit) -> list[dict[str, object]]:
    counts = state_counts(unit)
    return [
        {"value": state.value, "label": state.label, "count": counts.get(state.value, 0)}
        for state in Bulletin.State
    ]


@require_GET
@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """Who does what and when, straight from the table of verbs."""
    rows = [
        {
            "verb": verb,
            "roles": [role.label for role in Role if role in verb.roles],
            "states": [state.label for state in Bulletin.State if state in verb.sources],
        }
        for verb in VERBS
    ]
    return render(request, "bulletins/help.html", {"rows": rows})
