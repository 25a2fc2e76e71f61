"""The list of the material, bringing it, and the page of one item."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.library import services
from vang.library.access import open_item
from vang.library.bringing import take_material
from vang.library.dossiers import dossier_of
from vang.library.forms import AboutForm, AddForm, FilterForm, about_item
from vang.library.models import Item
from vang.library.permissions import KEEPERS
from vang.library.searching import items_of, tags_of, with_pictures
from vang.people.access import current_unit, may, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of

PER_PAGE = 24


@require_GET
@signed_in
def item_list(request: HttpRequest) -> HttpResponse:
    """Newest first, by kind, tag and words."""
    unit, person = current_unit(request), person_of(request)
    asked = bool(request.GET.keys() & {"q", "kind", "tag", "archived"})
    form = FilterForm(request.GET if asked else None, tags=list(tags_of(unit)[:200]))
    wanted = form.cleaned_data if asked and form.is_valid() else {}
    found = items_of(
        unit,
        kind=wanted.get("kind", ""),
        tag=wanted.get("tag", ""),
        words=wanted.get("q", ""),
        archived=bool(wanted.get("archived")),
    )
    pages = Paginator(with_pictures(found), PER_PAGE)
    return render(
        request,
        "library/list.html",
        {
            "unit": unit,
            "form": form,
            "asked": any(wanted.values()),
            "page": pages.get_page(request.GET.get("page")),
            "may_add": may(person, KEEPERS, unit, local_date(now())),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def add_items(request: HttpRequest) -> HttpResponse:
    """Bring files; what could be taken is kept, what could not is named."""
    unit, person = current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(now()))
    if request.method != "POST":
        return render(request, "library/add.html", {"unit": unit, "form": AddForm()})
    taken = take_material(request, unit, by=person, now=now())
    if taken.problems and not taken.items:
        shown = {"unit": unit, "form": AddForm(), "problems": taken.problems}
        return render(request, "library/add.html", shown, status=422)
    for problem in taken.problems:
        messages.warning(request, problem)
    count = len(taken.items)
    words = ngettext("%(count)s file was taken in.", "%(count)s files were taken in.", count)
    messages.success(request, words % {"count": count})
    if count == 1:
        return redirect("library:detail", taken.items[0].pk)
    return redirect("library:list")


@require_GET
@signed_in
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one item."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    return _page(request, item, person)


def _page(
    request: HttpRequest,
    item: Item,
    person: Person,
    form: AboutForm | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier = dossier_of(item, person, now())
    typed = form or AboutForm(initial=about_item(item), kind=item.kind)
    shown = {"dossier": dossier, "form": typed}
    return render(request, "library/detail.html", shown, status=status)


@require_GET
@signed_in
def item_state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far its preparation has come; the whole page once it is over."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    response = render(request, "library/parts/state.html", {"item": item})
    if not item.in_hand:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@signed_in
def edit_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what it is and what it may be used for."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    require(person, KEEPERS, item.unit, local_date(now()))
    form = AboutForm(request.POST, kind=item.kind)
    if not form.is_valid():
        return _page(request, item, person, form, status=422)
    services.describe_item(item=item, about=form.about(), by=person, now=now())
    messages.success(request, _("Saved."))
    return redirect("library:detail", pk)


Act = Callable[[Item, Person], None]


def _act(act: Act, done: Callable[[], str]) -> Callable[..., HttpResponse]:
    """A view that does one thing to an item and goes back to it; a refusal is told there."""

    @require_POST
    @signed_in
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        person = person_of(request)
        item = open_item(person, pk, local_date(now()))
        try:
            act(item, person)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done())
        return redirect("library:detail", pk)

    return view


retry = _act(
    lambda item, by: services.retry_item(item=item, by=by, now=now()),
    lambda: _("It is being prepared again."),
)
restore = _act(
    lambda item, by: services.restore_item(item=item, by=by, now=now()),
    lambda: _("It is offered again."),
)


@require_POST
@signed_in
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it out of the way, and offer to take that back."""
    person, moment = person_of(request), now()
    item = open_item(person, pk, local_date(moment))
    services.archive_item(item=item, by=person, now=moment)
    words = _("Put into the archive: %(title)s.") % {"title": item.title}
    offer(request, "library.archive", words, by=person, now=moment, item=item.pk)
    return redirect("library:list")


@require_POST
@signed_in
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out for good what was never used."""
    person = person_of(request)
    item = open_item(person, pk, local_date(now()))
    try:
        services.delete_item(item=item, by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("library:detail", pk)
    messages.success(request, _("Deleted: %(title)s.") % {"title": item.title})
    return redirect("library:list")
