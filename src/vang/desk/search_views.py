"""Finding anything from every page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import local_date, now
from vang.desk.context import Console
from vang.desk.opened import opened_lately, remember, thing_at
from vang.desk.ways import ways
from vang.people.access import signed_in
from vang.people.people import person_of
from vang.people.searching import scopes_of
from vang.search.queries import find, find_page

_LONGEST = 200
_LAST_PAGE = 50
_SHORT = 4


@require_safe
@signed_in
def palette(request: HttpRequest) -> HttpResponse:
    """What the keyboard palette offers to the words typed so far: a piece of a page."""
    typed = request.GET.get("q", "")[:_LONGEST]
    person, today = person_of(request), local_date(now())
    scopes = scopes_of(person, today)
    around = Console(request)
    context = {
        "typed": typed,
        "ways": ways(around, typed),
        "lately": [] if typed.strip() else opened_lately(person, scopes),
        "groups": find(typed, scopes, a_group=_SHORT) if typed.strip() else [],
    }
    return render(request, "desk/palette.html", context)


@require_POST
@signed_in
def note_opened(request: HttpRequest) -> HttpResponse:
    """The page at the address ``path`` was opened; pages of no thing leave no trace."""
    found = thing_at(request.POST.get("path", ""))
    if found is not None:
        person = person_of(request)
        remember(person, *found, scopes_of(person, local_date(now())), now=now())
    return HttpResponse(status=204)


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """What was found, by kind; with ``kind`` one kind page by page."""
    typed = request.GET.get("q", "")[:_LONGEST]
    scopes = scopes_of(person_of(request), local_date(now()))
    kind = request.GET.get("kind", "")
    if kind:
        page = find_page(typed, scopes, kind, _number(request))
        if page is None:
            raise Http404
        return render(request, "desk/found_kind.html", {"typed": typed, "page": page})
    groups = find(typed, scopes) if typed.strip() else []
    return render(request, "desk/found.html", {"typed": typed, "groups": groups})


def _number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return min(int(number), _LAST_PAGE) if number.isdecimal() and int(number) else 1
