"""Figures to look at: of the unit one works in, and of what stands below it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.display import vi_date
from vang.base.sheets import csv_download, xlsx_download
from vang.figures import pictures
from vang.figures.access import Sight, own_place, readable_place
from vang.figures.coverage import LOOKS, Grade, Tile, reached_share
from vang.figures.forms import SPANS, PeriodForm
from vang.figures.periods import Period, Span
from vang.figures.queries import (
    air,
    beside,
    reached_below,
    reached_villages,
)
from vang.orgs.models import Unit
from vang.people.access import current_unit, signed_in
from vang.people.people import person_of

TILES_A_PAGE = 120


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    """Of the unit in which the person works."""
    today = local_date(now())
    return _answer(request, own_place(current_unit(request), person_of(request), today), today)


@require_safe
@signed_in
def place(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Of a commune, district or province that the person may look at."""
    today = local_date(now())
    return _answer(request, readable_place(pk, person_of(request), today), today)


def _answer(request: HttpRequest, sight: Sight, today: date) -> HttpResponseBase:
    unit = sight.unit
    form = PeriodForm(request.GET, today=today)
    asked = form.period
    period = asked.until(today)
    also = beside(unit, period, today)
    told = pictures.Page(
        period=period,
        air=air(unit, period),
        orders=also.orders,
        mix=also.channels,
        tiles=_tiles(unit, period, today),
        places=_places(unit),
        query=_query(asked),
    )
    wanted = request.GET.get("format", "")
    if wanted:
        return _download(unit, told, wanted, request.GET.get("table", ""))
    shown = {
        **_head(sight, form, asked, today),
        **_map(request, told),
        "charts": pictures.charts(told),
        "total": told.air.total,
        "empty": not (told.air.total.plays or told.mix),
        "counting": also.counting,
        "xlsx": f"?{told.query}&format=xlsx",
        "coverage_csv": f"?{told.query}&format=csv&table=coverage",
        "to_come": period.first > today,
    }
    return render(request, "figures/page.html", shown)


def _tiles(unit: Unit, period: Period, today: date) -> list[Tile]:
    if unit.level == Unit.Level.COMMUNE:
        return [Tile(one) for one in reached_villages(unit, period, today)]
    below = reached_below(unit, period, today)
    grades = list(Grade)
    found = [Tile(one) for one in below]
    return sorted(found, key=lambda tile: (grades.index(tile.grade), tile.share or 0))


def _places(unit: Unit) -> str:
    return {
        Unit.Level.COMMUNE: _("Village"),
        Unit.Level.DISTRICT: _("Commune"),
        Unit.Level.PROVINCE: _("District or commune"),
    }[Unit.Level(unit.level)]


def _map(request: HttpRequest, told: pictures.Page) -> dict[str, Any]:
    tiles = list(told.tiles)
    cut = Paginator(tiles, TILES_A_PAGE).get_page(request.GET.get("page"))
    present = {tile.grade for tile in tiles}
    reached, places = reached_share(tiles)
    return {
        "tiles": cut,
        "query": told.query,
        "places": told.places,
        "reached": reached,
        "all_places": places,
        "legend": [(grade, LOOKS[grade]) for grade in Grade if grade in present],
    }


def _head(sight: Sight, form: PeriodForm, period: Period, today: date) -> dict[str, Any]:
    anchor = today if period.first <= today <= period.last else period.first
    return {
        "unit": sight.unit,
        "above": _above(sight.above, period),
        "below": sight.below,
        "form": form,
        "period": period,
        "words": _words(period),
        "before": f"?{_query(period.before)}",
        "after": f"?{_query(period.after)}" if period.last < today else "",
        "own": period.span == Span.OWN,
        "spans": [
            {
                "label": words,
                "url": f"?{urlencode({'span': span.value, 'day': anchor.isoformat()})}",
                "active": span == period.span,
            }
            for span, words in SPANS.items()
        ],
    }


def _above(unit: Unit | None, period: Period) -> dict[str, str] | None:
    """The way back up."""
    if unit is None:
        return None
    address = reverse("figures:place", args=[unit.pk])
    return {"name": unit.full_name, "url": f"{address}?{_query(period)}"}


def _query(period: Period) -> str:
    if period.span == Span.OWN:
        own = {"first": period.first.isoformat(), "last": period.last.isoformat()}
        return urlencode({"span": period.span.value, **own})
    return urlencode({"span": period.span.value, "day": period.first.isoformat()})


def _words(period: Period) -> str:
    if period.span == Span.MONTH:
        return _("Month %(month)s") % {"month": f"{period.first:%m/%Y}"}
    if period.span == Span.YEAR:
        return _("Year %(year)s") % {"year": period.first.year}
    if period.span == Span.HALF:
        words = (
            _("First half of %(year)s") if period.first.month == 1 else _("Second half of %(year)s")
        )
        return words % {"year": period.first.year}
    days = {"first": vi_date(period.first), "last": vi_date(period.last)}
    return _("%(first)s to %(last)s") % days


def _download(unit: Unit, told: pictures.Page, wanted: str, table: str) -> HttpResponse | Any:
    """One table as CSV, all of them as a workbook. Raises Http404 for another."""
    head: Sequence[str] = [
        unit.full_name,
        _words(told.period),
        _("From the devices' journals. An empty cell: no evidence yet, or nothing was scheduled."),
    ]
    sheets = pictures.sheets(told, head)
    name = f"số liệu phát thanh {unit.code} {told.period.first:%Y%m%d}-{told.period.last:%Y%m%d}"
    if wanted == "xlsx":
        return xlsx_download(name, list(sheets.values()))
    if wanted == "csv" and table in sheets:
        sheet = sheets[table]
        return csv_download(f"{name} {table}", sheet.columns, sheet.rows)
    raise Http404
