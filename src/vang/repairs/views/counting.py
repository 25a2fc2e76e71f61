"""Statistics of faults and repairs, and the store of spare parts."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vang.base.charts import GREEN, Chart, ChartRow, by_day
from vang.base.clock import local_date, now
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.base.sheets import Column, Kind, Sheet, csv_download, xlsx_download
from vang.orgs.models import Unit
from vang.people.access import current_unit, here, require, signed_in
from vang.people.people import person_of
from vang.repairs import queries
from vang.repairs.access import KEEPERS, kept_part
from vang.repairs.forms import PeriodForm, ShelfForm
from vang.repairs.models import Part, Ticket
from vang.repairs.store import change_part, keep_part

PER_PAGE = 50


@require_safe
@signed_in
def figures(request: HttpRequest) -> HttpResponseBase:
    """How long devices were there, how long faults and repairs took, what they cost."""
    unit, today = current_unit(request), local_date(now())
    form = PeriodForm(request.GET or None)
    first, last = form.period(today)
    many = unit.level != Unit.Level.COMMUNE
    lines = queries.fared_by(unit, first, last, by_commune=many)
    wanted = request.GET.get("format", "")
    if wanted in {"csv", "xlsx"}:
        return _download(unit, lines, first, last, wanted)
    query = urlencode({"first": first.isoformat(), "last": last.isoformat()})
    context = {
        "unit": unit,
        "form": PeriodForm(initial={"first": first, "last": last}),
        "first": first,
        "last": last,
        "many": many,
        "total": queries.total(lines),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "charts": _charts(unit, first, last),
        "csv": f"?{query}&format=csv",
        "xlsx": f"?{query}&format=xlsx",
    }
    return render(request, "repairs/figures.html", context)


def _charts(unit: Unit, first: date, last: date) -> list[Chart]:
    days = queries.available_by_day(unit, first, last)
    causes = queries.causes(unit, first, last)
    found = []
    if days:
        found.append(Chart(
            "available", _("Devices in contact"), _("Day"), (_("share of the time"),),
            [by_day(day, (fared.available,)) for day, fared in sorted(days.items())],
            kind="lines", unit="%", decimals=1, colours=(GREEN,),
        ))  # fmt: skip
    if causes:
        labels = dict(Ticket.Cause.choices)
        found.append(Chart(
            "causes", _("Causes of closed repairs"), _("Cause"), (_("repairs"),),
            [ChartRow(str(capfirst(labels[cause])), (count,)) for cause, count, _cost in causes],
            kind="meters",
        ))  # fmt: skip
    return found


def _download(
    unit: Unit, lines: list[queries.Line], first: date, last: date, wanted: str
) -> HttpResponseBase:
    columns = [
        Column(_("Place"), width=40),
        Column(_("In contact (%)"), Kind.NUMBER),
        Column(_("Faults"), Kind.WHOLE),
        Column(_("Mean length of a fault (hours)"), Kind.NUMBER),
        Column(_("Repairs"), Kind.WHOLE),
        Column(_("Mean time to repair (hours)"), Kind.NUMBER),
        Column(_("Parts (đồng)"), Kind.WHOLE),
    ]
    rows = [
        (
            line.name, _rounded(line.fared.available), line.fared.faults,
            _hours(line.fared.mean_s), line.fared.repairs, _hours(line.fared.repair_mean_s),
            line.fared.cost,
        )
        for line in lines
    ]  # fmt: skip
    name = f"sửa chữa {unit.code} {vi_date(first)} {vi_date(last)}".replace("/", "-")
    if wanted == "csv":
        return csv_download(name, columns, rows)
    return xlsx_download(name, [Sheet(_("Repairs"), columns, rows)])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 2)


@require_safe
@signed_in
def store(request: HttpRequest) -> HttpResponse:
    """Spare parts: what lies where, and what is to be bought."""
    unit = current_unit(request)
    keeps = not here(request).roles.isdisjoint(KEEPERS)
    context = {
        "unit": unit,
        "parts": queries.parts_here(unit),
        "keeps": keeps,
        "years": queries.cost_by_year(unit),
    }
    return render(request, "repairs/store.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_part(request: HttpRequest) -> HttpResponse:
    """A new part of the store."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, KEEPERS, unit, local_date(moment))
    form = ShelfForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_part(unit=unit, shelf=form.shelf(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("repairs:store")
    context = {"form": form, "unit": unit, "part": None, "back": reverse("repairs:store")}
    return render(request, "repairs/part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Counted anew, bought, or dearer."""
    person, moment = person_of(request), now()
    found = kept_part(person, pk, local_date(moment))
    form = ShelfForm(request.POST or None, initial=_known(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_part(part=found, shelf=form.shelf(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("repairs:store")
    context = {"form": form, "unit": found.unit, "part": found, "back": reverse("repairs:store")}
    return render(request, "repairs/part.html", context)


def _known(part: Part) -> dict[str, object]:
    return {name: getattr(part, name) for name in ("name", "on_hand", "least", "cost")}
