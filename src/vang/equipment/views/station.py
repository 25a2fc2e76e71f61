"""The station with its ways of transmission."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.equipment import fleet, services
from vang.equipment.access import keeps, kept, readable
from vang.equipment.forms.station import SegmentForm, StationForm, known_segment, known_station
from vang.equipment.models import Segment, Station
from vang.equipment.queries import summary
from vang.equipment.views.register import tabs
from vang.orgs.models import Unit
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.stations.access import KEEPERS

_MOST = 200


@require_safe
@signed_in
def station(request: HttpRequest) -> HttpResponse:
    """What the station is, in figures, and what it transmits by."""
    unit, today = current_unit(request), local_date(now())
    context = {
        "unit": unit,
        "tabs": tabs("station"),
        "commune": unit.level == Unit.Level.COMMUNE,
        "station": Station.objects.filter(unit=unit).first(),
        "suggested": known_station(None, unit)["name"],
        "summary": summary(unit),
        "segments": fleet.segments(unit)[:_MOST],
        "today": today,
        "soon": today + fleet.SOON,
        "may_keep": keeps(person_of(request), unit, today),
    }
    return render(request, "equipment/station.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def describe(request: HttpRequest) -> HttpResponse:
    """Name and address of the station."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    first = known_station(Station.objects.filter(unit=unit).first(), unit)
    form = StationForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.describe_station(unit=unit, **form.cleaned_data, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:station")
    return render(request, "equipment/station_form.html", {"form": form, "unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_segment(request: HttpRequest) -> HttpResponse:
    """A way of transmission more."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    form = SegmentForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_segment(unit=unit, line=form.line(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:station")
    context = {"form": form, "unit": unit, "segment": None}
    return render(request, "equipment/segment_form.html", context)


@require_safe
@signed_in
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """One way of transmission, with the places that are heard by it."""
    today, person = local_date(now()), person_of(request)
    found = readable(Segment, pk, person, today)
    context = {
        "segment": found,
        "places": found.places.filter(ended_at=None).order_by("name", "pk")[:_MOST],
        "today": today,
        "soon": today + fleet.SOON,
        "may_keep": keeps(person, found.unit, today),
    }
    return render(request, "equipment/segment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change it, such as the end of its licence."""
    moment, person = now(), person_of(request)
    found = kept(Segment, pk, person, local_date(moment))
    form = SegmentForm(request.POST or None, initial=known_segment(found), unit=found.unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_segment(found, line=form.line(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:segment", found.pk)
    context = {"form": form, "unit": found.unit, "segment": found}
    return render(request, "equipment/segment_form.html", context)


@require_POST
@signed_in
def end_segment(request: HttpRequest, pk: int) -> HttpResponse:
    """It is no longer used."""
    moment, person = now(), person_of(request)
    found = kept(Segment, pk, person, local_date(moment))
    return done(
        request,
        lambda: services.end_segment(found, by=person, now=moment),
        _("No longer used: %(name)s.") % {"name": found.name},
        *("equipment:segment", found.pk),
    )
