"""The first page after signing in."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vang.base import clock
from vang.base.display import vi_date
from vang.channels.portal.services import has_page
from vang.desk.loudspeakers import coming, lately
from vang.desk.overview import Row, overview
from vang.desk.tasks import Desk, tasks
from vang.people.access import Role, current_unit, roles, signed_in, visible_communes
from vang.people.models import Person
from vang.people.people import person_of

_COMMUNES_A_PAGE = 100


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What is due for me; what plays next and has just played."""
    person, now = person_of(request), clock.now()
    unit = current_unit(request)
    held = roles(person, unit, clock.local_date(now))
    communes = _communes(person, now, request.GET.get("page", "1")) if _oversees(held) else None
    return render(
        request,
        "desk/home.html",
        {
            "unit": unit,
            "roles": held,
            "tasks": tasks(Desk(person, unit, held, now)),
            "coming": coming(unit, now),
            "lately": lately(unit, now),
            "communes": communes,
            "today": vi_date(now),
            "has_page": has_page(unit),
        },
    )


def _oversees(held: frozenset[str]) -> bool:
    return Role.READER in held


def _communes(person: Person, now: datetime, number: str) -> dict[str, object]:
    """One page of the communes that the person may look at."""
    seen = visible_communes(person, clock.local_date(now))
    page = Paginator(seen, _COMMUNES_A_PAGE).get_page(number)
    rows: list[Row] = overview(list(page.object_list), now)
    return {"page": page, "rows": rows}
