"""One place: what hangs there, who hears it, what stood there before; enrolling a device."""

from datetime import datetime

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.equipment import fleet, services
from vang.equipment.access import keeps, kept, readable
from vang.equipment.forms.places import CoverageForm, EnrolForm, PlaceForm, known_place
from vang.equipment.models import Device, Place
from vang.people.access import current_unit, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.stations.access import KEEPERS
from vang.stations.models import Cluster, Node
from vang.stations.positions import written_position
from vang.stations.views import show_code

_MOST_STORED = 50


@require_safe
@signed_in
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place."""
    moment, person = now(), person_of(request)
    found = readable(Place, pk, person, local_date(moment))
    prefetch_related_objects([found], "villages")
    serving = found.devices.order_by("kind", "name", "pk")
    spot = fleet.spots(Place.objects.filter(pk=found.pk), moment)[0]
    context = {
        "place": found,
        "look": spot.look,
        "devices": serving,
        "households": fleet.households(found),
        "position": written_position(found.latitude, found.longitude),
        "stays": found.stays.filter(until__isnull=False).select_related("device")[:30],
        "may_keep": keeps(person, found.unit, local_date(moment)),
    }
    return render(request, "equipment/place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """A place that is heard over FM or wire."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    form = PlaceForm(request.POST or None, unit=unit, on=local_date(moment))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_place(
                unit=unit, spot=form.spot(), coverage=form.coverage(), by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:place", made.pk)
    context = {"form": form, "unit": unit, "place": None}
    return render(request, "equipment/place_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What hangs there; without a cluster also name and position."""
    moment, person = now(), person_of(request)
    found = kept(Place, pk, person, local_date(moment))
    first = known_place(found)
    if found.cluster_id is None:
        form: CoverageForm = PlaceForm(
            request.POST or None, initial=first, unit=found.unit, on=local_date(moment)
        )
    else:
        form = CoverageForm(request.POST or None, initial=first, unit=found.unit)
    if request.method == "POST" and form.is_valid():
        try:
            _change(found, form, person, moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:place", found.pk)
    context = {"form": form, "unit": found.unit, "place": found}
    return render(request, "equipment/place_form.html", context)


def _change(found: Place, form: CoverageForm, by: Person, now: datetime) -> None:
    if isinstance(form, PlaceForm):
        services.change_place(found, spot=form.spot(), coverage=form.coverage(), by=by, now=now)
    else:
        services.describe_place(found, coverage=form.coverage(), by=by, now=now)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing hangs there any more."""
    moment, person = now(), person_of(request)
    found = kept(Place, pk, person, local_date(moment))
    return done(
        request,
        lambda: services.end_place(found, by=person, now=moment),
        _("The place has ended: %(name)s.") % {"name": found.name},
        *("equipment:place", found.pk),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Which device comes here, then its code, shown in this answer and never again."""
    moment, person = now(), person_of(request)
    found = kept(Place, pk, person, local_date(moment))
    cluster = _cluster(found)
    stored = Device.objects.filter(unit=found.unit, state=Device.State.STORED)
    here = Device.objects.filter(place=found, kind=Device.Kind.RECEIVER).first()
    offered = list(stored.filter(kind=Device.Kind.RECEIVER).order_by("name", "pk")[:_MOST_STORED])
    form = EnrolForm(request.POST or None, offered=offered, here=here)
    if request.method == "POST" and form.is_valid():
        try:
            issued = services.issue_code(found, device=form.device_chosen(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return show_code(
                request, cluster, issued, back=reverse("equipment:place", args=[found.pk])
            )
    served = Node.objects.filter(cluster=cluster, retired_at=None).exists()
    context = {"form": form, "place": found, "served": served, "here": here}
    return render(request, "equipment/enrol.html", context)


def _cluster(found: Place) -> Cluster:
    """Raises Http404 for a place at which nothing enrols."""
    if found.cluster is None:
        raise Http404
    return found.cluster
