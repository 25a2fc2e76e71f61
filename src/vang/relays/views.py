"""Stations to relay: the list, and one with its sources."""

from collections.abc import Callable

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.relays import services
from vang.relays.access import KEEPERS, READERS, own_source, readable_station, stations_for
from vang.relays.forms import SourceForm, StationForm
from vang.relays.models import Source, Station
from vang.relays.words import problem_words


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def station_list(request: HttpRequest) -> HttpResponse:
    """The unit's own and those of the units above it; a new one."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, READERS, unit, local_date(moment))
    form = StationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            station = services.add_station(
                unit=unit, name=form.cleaned_data["name"], by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("relays:station", station.pk)
    sources = Source.objects.filter(ended_at=None)
    context = {
        "unit": unit,
        "form": form,
        "keeper": may(person, KEEPERS, unit, local_date(moment)),
        "stations": stations_for(unit).prefetch_related(Prefetch("sources", sources, "used")),
    }
    return render(request, "relays/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def station_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Its sources in their order; a new one. Asks again while one is being tried."""
    unit, person, moment = current_unit(request), person_of(request), now()
    station = readable_station(person, unit, pk, local_date(moment))
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = services.add_source(
                station=station, **form.cleaned_data, by=person, now=moment
            )
            services.ask_to_try(source=source, by=person, now=moment)
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            return redirect("relays:station", station.pk)
    return _page(request, station, form)


def _page(request: HttpRequest, station: Station, form: SourceForm) -> HttpResponse:
    unit, person, moment = current_unit(request), person_of(request), now()
    keeper = station.unit_id == unit.pk and may(person, KEEPERS, unit, local_date(moment))
    sources = list(station.sources.filter(ended_at=None).order_by("place"))
    context = {
        "unit": unit,
        "station": station,
        "form": form,
        "keeper": keeper,
        "sources": [(one, problem_words(one.problem)) for one in sources],
        "waiting": any(one.waiting for one in sources),
    }
    return render(request, "relays/station.html", context)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The station is relayed no more."""
    person, moment = person_of(request), now()
    station = readable_station(person, current_unit(request), pk, local_date(moment))

    def act() -> None:
        services.end_station(station=station, by=person, now=moment)

    return done(request, act, _("It is relayed no more."), "relays:list")


@require_POST
@signed_in
def try_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen to it for some seconds."""
    return _acted(request, pk, services.ask_to_try, _("It is being listened to."))


@require_POST
@signed_in
def prefer(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it first."""
    return _acted(request, pk, services.prefer_source, _("It is tried first from now on."))


@require_POST
@signed_in
def end_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it no more."""
    return _acted(request, pk, services.end_source, _("It is not tried any more."))


def _acted(request: HttpRequest, pk: int, act: Callable[..., None], said: str) -> HttpResponse:
    source = own_source(current_unit(request), pk)

    def whole() -> None:
        act(source=source, by=person_of(request), now=now())

    return done(request, whole, said, "relays:station", source.station_id)
