"""The list of a commune's bulletins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE
from vang.base.pages import BoundedPaginator
from vang.bulletins.forms import SearchForm
from vang.bulletins.models import Bulletin
from vang.bulletins.reach import languages_wanted
from vang.bulletins.selecting import Looking, found_bulletins, views_for
from vang.people.access import Role, current_unit, roles, signed_in
from vang.people.people import person_of
from vang.review.verbs import VERBS

PER_PAGE = 20


@require_GET
@signed_in
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Newest change first; by quick view, words, category, language and what rooms bring."""
    looking = _looking(request)
    form = SearchForm(request.GET or None, looking=looking)
    search = form.search()
    pages = BoundedPaginator(found_bulletins(search, looking), PER_PAGE)
    context = {
        "unit": looking.unit,
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "views": _views(request, search.view, looking),
        "may_write": Role.WRITER in looking.roles,
    }
    return render(request, "bulletins/list.html", context)


def _looking(request: HttpRequest) -> Looking:
    unit, person = current_unit(request), person_of(request)
    spoken = [language for language in languages_wanted(unit, ()) if language != VIETNAMESE]
    return Looking(person, unit, roles(person, unit, local_date(now())), spoken, now())


def _views(request: HttpRequest, chosen: str, looking: Looking) -> list[dict[str, object]]:
    """The quick views, each keeping the filters that are set."""
    return [
        {"label": label, "url": _address(request, name), "active": name == chosen, "count": None}
        for name, label in views_for(looking)
    ]


def _address(request: HttpRequest, view: str) -> str:
    query = request.GET.copy()
    for name in ("page", "view"):
        query.pop(name, None)
    if view:
        query["view"] = view
    return f"?{query.urlencode()}"


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
