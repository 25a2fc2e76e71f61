"""The lists: places with the state of their devices, devices as assets; and both to take away."""

from collections.abc import Iterator
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.sheets import Column, Kind, Row, Sheet, csv_download, xlsx_download
from vang.equipment import fleet
from vang.equipment.access import keeps
from vang.equipment.forms.finding import FindDeviceForm, FindForm
from vang.equipment.inventory import HEADS
from vang.equipment.models import Device
from vang.orgs.models import Unit
from vang.people.access import current_unit, signed_in
from vang.people.people import person_of

PER_PAGE = 50


def tabs(view: str) -> list[dict[str, object]]:
    """The parts of the register."""
    labels = {
        "list": _("Places"),
        "map": _("Map"),
        "devices": _("Devices"),
        "station": pgettext("equipment", "Station"),
    }
    return [
        {"label": label, "url": reverse(f"equipment:{name}"), "active": name == view}
        for name, label in labels.items()
    ]


@require_safe
@signed_in
def place_list(request: HttpRequest) -> HttpResponse:
    """Every place of the unit, or of all communes below it."""
    unit, moment = current_unit(request), now()
    form = FindForm(request.GET, unit=unit, on=local_date(moment))
    wish = form.wish()
    spots = fleet.spots(fleet.places(unit, wish, local_date(moment)), moment)
    found = [one for one in spots if not wish.state or one.look == wish.state]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    whole = fleet.shown([one.pk for one in page.object_list])
    context = {
        "unit": unit,
        "form": form,
        "tabs": tabs("list"),
        "tiles": tiles(spots),
        "page": page,
        "rows": [(one, whole[one.pk]) for one in page.object_list],
        "above": unit.level != Unit.Level.COMMUNE,
        "may_keep": keeps(person_of(request), unit, local_date(moment)),
    }
    return render(request, "equipment/list.html", context)


def tiles(spots: list[fleet.Spot]) -> list[tuple[str, int]]:
    """How many in each state."""
    return list(fleet.counts(spots).items())


@require_safe
@signed_in
def device_list(request: HttpRequest) -> HttpResponse:
    """Every device of the unit, or of all communes below it."""
    unit, today = current_unit(request), local_date(now())
    form = FindDeviceForm(request.GET or None)
    found = fleet.devices(unit, form.wish(), today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "unit": unit,
        "form": form,
        "tabs": tabs("devices"),
        "page": page,
        "today": today,
        "soon": today + fleet.SOON,
        "above": unit.level != Unit.Level.COMMUNE,
        "asked": query.urlencode(),
        "may_keep": keeps(person_of(request), unit, today),
    }
    return render(request, "equipment/devices.html", context)


@require_safe
@signed_in
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The devices that the list shows, as a table that can be brought back."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    unit, today = current_unit(request), local_date(now())
    wish = FindDeviceForm(request.GET or None).wish()
    whole = keeps(person_of(request), unit, today)
    rows = _rows(unit, wish, today, whole=whole)
    name = f"thiết bị {unit.code}"
    if form == "csv":
        return csv_download(name, _columns(), rows)
    return xlsx_download(name, [Sheet(_("Devices"), _columns(), rows)])


@require_safe
@signed_in
def example(_request: HttpRequest) -> HttpResponseBase:
    """An empty table with the heads, to fill in."""
    return xlsx_download("mẫu thiết bị", [Sheet(_("Devices"), _columns()[:-1], [])])


_WHOLE = {"speakers", "watts", "households", "price"}
_DAYS = {"bought_on", "warranty_until"}


def _columns() -> list[Column]:
    kinds = {**dict.fromkeys(_WHOLE, Kind.WHOLE), **dict.fromkeys(_DAYS, Kind.DATE)}
    known = [Column(head, kinds.get(name, Kind.TEXT)) for name, (head, _read) in HEADS.items()]
    return [*known, Column("Tình trạng"), Column("Đơn vị")]


def _rows(unit: Unit, wish: fleet.DeviceWish, today: date, *, whole: bool) -> Iterator[Row]:
    found = fleet.devices(unit, wish, today).select_related("unit", "place__segment")
    for one in found.iterator(chunk_size=500):
        yield (*_cells(one, whole=whole), str(one.get_state_display()), one.unit.full_name)


def _cells(one: Device, *, whole: bool) -> Row:
    place, way = one.place, one.place.segment if one.place else None
    return (
        str(one.get_kind_display()),
        one.name,
        one.vendor,
        one.serial,
        place.name if place else "",
        str(way.get_kind_display()) if way else "",
        place.speakers if place else None,
        place.watts if place else None,
        place.households if place else None,
        one.bought_on,
        one.warranty_until,
        one.price,
        str(one.get_funding_display()) if one.funding else "",
        str(one.get_network_display()) if one.network else "",
        one.sim_number if whole else one.masked_sim,
        one.sim_operator,
        one.note,
    )
