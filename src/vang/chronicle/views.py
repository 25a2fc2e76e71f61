"""The office's journal, read by those whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.sheets import csv_download
from vang.chronicle.forms import ChoiceForm
from vang.chronicle.reading import Row, rows_of
from vang.chronicle.tables import columns, table
from vang.chronicle.things import Thing, open_thing
from vang.journal.queries import Choice, Page, of_person, of_subject, of_unit
from vang.people.access import Role, current_unit, here, signed_in
from vang.people.people import person_of
from vang.people.queries import everybody_ever
from vang.people.tabs import order_tabs

LATEST = 8


@dataclass(frozen=True)
class Journal:
    """One page of it. ``older`` is the address of the next, "" at the end; ``table`` of all."""

    rows: list[Row]
    older: str
    newest: str
    table: str


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponseBase:
    """What I did and what was done to my account."""
    form = ChoiceForm(request.GET)
    read = partial(of_person, person_of(request).pk)
    if _taken_away(request):
        return _download(request, _("My journal"), form, read)
    journal = _journal(request, form, read)
    return render(request, "chronicle/mine.html", {"form": form, "journal": journal})


@require_safe
@signed_in
def unit(request: HttpRequest) -> HttpResponseBase:
    """All that happened in the present unit, for its administrator."""
    if Role.ADMINISTRATOR not in here(request).roles:
        raise PermissionDenied
    unit_here = current_unit(request)
    form = ChoiceForm(request.GET, everybody_ever(unit_here))
    read = partial(of_unit, unit_here.pk)
    if _taken_away(request):
        return _download(request, _("Journal of the unit"), form, read)
    journal = _journal(request, form, read)
    page = {
        "form": form,
        "journal": journal,
        "unit": unit_here,
        "tabs": order_tabs(request, "chronicle:unit"),
    }
    return render(request, "chronicle/unit.html", page)


@require_safe
@signed_in
def subject(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """All that was done to one thing and what else concerned it."""
    thing, about = _thing(request, kind, key), f"{kind}:{key}"
    form = ChoiceForm(request.GET)
    read = partial(_of, thing, about)
    if _taken_away(request):
        return _download(request, f"{_('Journal')} {thing.name}", form, read)
    journal = _journal(request, form, read, about)
    page = {"form": form, "journal": journal, "thing": thing}
    return render(request, "chronicle/subject.html", page)


@require_safe
@signed_in
def latest(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The newest rows about one thing, for its own page."""
    thing, about = _thing(request, kind, key), f"{kind}:{key}"
    newest = _of(thing, about, Choice())
    more = len(newest.entries) > LATEST
    reader, today = person_of(request), local_date(now())
    rows = rows_of(newest.entries[:LATEST], reader=reader, on=today, but=about)
    page = {"rows": rows, "more": more, "kind": kind, "key": key}
    return render(request, "chronicle/latest.html", page)


def _thing(request: HttpRequest, kind: str, key: str) -> Thing:
    return open_thing(person_of(request), kind, key, local_date(now()))


def _of(thing: Thing, about: str, choice: Choice) -> Page:
    return of_subject(about, replace(choice, units=thing.units))


Read = Callable[[Choice], Page]


def _journal(request: HttpRequest, form: ChoiceForm, read: Read, but: str = "") -> Journal:
    choice = form.choice()
    page = read(choice)
    rows = rows_of(page.entries, reader=person_of(request), on=local_date(now()), but=but)
    older = _address(request, before=page.older) if page.older is not None else ""
    newest = _address(request) if choice.before is not None else ""
    return Journal(rows, older, newest, _address(request, **{_AS: _CSV}))


_AS, _CSV = "as", "csv"


def _taken_away(request: HttpRequest) -> bool:
    return request.GET.get(_AS) == _CSV


def _download(request: HttpRequest, name: str, form: ChoiceForm, read: Read) -> FileResponse:
    rows = table(read, form.choice(), reader=person_of(request), on=local_date(now()))
    return csv_download(name, columns(), rows)


def _address(request: HttpRequest, **more: Any) -> str:
    """The same choice, beginning elsewhere or as a table."""
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in more.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"
