"""One device as an asset, and what is done with it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.equipment import services
from vang.equipment.access import keeps, kept, readable
from vang.equipment.fleet import SOON
from vang.equipment.forms.devices import (
    DeviceForm,
    LoanForm,
    NewDeviceForm,
    PutUpForm,
    WhyForm,
    known_device,
)
from vang.equipment.models import Device
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.stations.access import KEEPERS


@require_safe
@signed_in
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """One device."""
    found = readable(Device, pk, person_of(request), local_date(now()))
    return _page(request, found)


def _page(
    request: HttpRequest, found: Device, *, status: int = 200, **forms: object
) -> HttpResponse:
    today = local_date(now())
    may_keep = keeps(person_of(request), found.unit, today)
    context = {
        "device": found,
        "today": today,
        "soon": today + SOON,
        "stays": found.stays.select_related("place")[:30],
        "may_keep": may_keep,
        "put_up": PutUpForm(unit=found.unit) if may_keep else None,
        "loan": LoanForm(),
        "why": WhyForm(),
        **forms,
    }
    return render(request, "equipment/device.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Into the register."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    first = {"place": request.GET.get("place", "")}
    form = NewDeviceForm(request.POST or None, initial=first, unit=unit)
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["place"]
        try:
            made = services.add_device(
                unit=unit, facts=form.facts(), place=place, by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:device", made.pk)
    context = {"form": form, "unit": unit, "device": None}
    return render(request, "equipment/device_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of it."""
    moment, person = now(), person_of(request)
    found = kept(Device, pk, person, local_date(moment))
    form = DeviceForm(request.POST or None, initial=known_device(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_device(found, facts=form.facts(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:device", found.pk)
    context = {"form": form, "unit": found.unit, "device": found}
    return render(request, "equipment/device_form.html", context)


@require_POST
@signed_in
def put_up(request: HttpRequest, pk: int) -> HttpResponse:
    """To a place, from the store or from another place."""
    moment, person = now(), person_of(request)
    found = kept(Device, pk, person, local_date(moment))
    form = PutUpForm(request.POST, unit=found.unit)
    if not form.is_valid():
        return _page(request, found, status=422, put_up=form)
    place = form.cleaned_data["place"]
    return _done(
        request,
        found,
        lambda: services.put_up_device(found, place=place, by=person, now=moment),
        _("The device stands at: %(place)s.") % {"place": place},
    )


@require_POST
@signed_in
def lend(request: HttpRequest, pk: int) -> HttpResponse:
    """To somebody until a day."""
    moment, person = now(), person_of(request)
    found, form = kept(Device, pk, person, local_date(moment)), LoanForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, loan=form)
    told = form.cleaned_data
    return _done(
        request,
        found,
        lambda: services.lend_device(
            found, to=told["to"], until=told["until"], by=person, now=moment
        ),
        _("The device is lent to %(whom)s.") % {"whom": told["to"]},
    )


@require_POST
@signed_in
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use for good."""
    moment, person = now(), person_of(request)
    found, form = kept(Device, pk, person, local_date(moment)), WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, why=form)
    return _done(
        request,
        found,
        lambda: services.retire_device(found, why=form.cleaned_data["why"], by=person, now=moment),
        _("The device is out of use."),
    )


@require_POST
@signed_in
def store(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken down, into the store."""
    return _simply(request, pk, services.store_device, _("The device lies in the store."))


@require_POST
@signed_in
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from a loan, or again in use."""
    return _simply(request, pk, services.take_back_device, _("The device lies in the store."))


def _simply(request: HttpRequest, pk: int, act: Callable[..., Device], said: str) -> HttpResponse:
    moment, person = now(), person_of(request)
    found = kept(Device, pk, person, local_date(moment))
    return _done(request, found, lambda: act(found, by=person, now=moment), said)


def _done(
    request: HttpRequest, found: Device, act: Callable[[], object], said: str
) -> HttpResponse:
    return done(request, act, said, *("equipment:device", found.pk))
