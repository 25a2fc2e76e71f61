"""Programmes recorded for later: what is asked for, what came of it, and asking for another."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.pages import BoundedPaginator
from vang.base.refusals import Refusal
from vang.captures import services
from vang.captures.forms import CaptureForm
from vang.captures.models import Capture
from vang.captures.shown import Shown, shown
from vang.library.permissions import KEEPERS
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.relays.access import READERS, stations_for

PER_PAGE = 20
SOON = timedelta(hours=1)
"""What begins within it may change while one looks."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def capture_list(request: HttpRequest) -> HttpResponse:
    """The unit's own, the newest first; a new one. Asks again while one is under way."""
    unit, person, moment = current_unit(request), person_of(request), now()
    on = local_date(moment)
    require(person, READERS, unit, on)
    form = CaptureForm(
        request.POST or None, stations=stations_for(unit), initial={"starts_at": _soon(moment)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_capture(unit=unit, **form.cleaned_data, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            messages.success(request, _("It will be recorded. You are told when it is ready."))
            return redirect("captures:list")
    rows = Capture.objects.filter(unit=unit).select_related("station", "item", "asked_by")
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = [shown(row, moment) for row in page.object_list]
    context = {
        "unit": unit,
        "form": form,
        "page": page,
        "rows": [(row, _choosing(row)) for row in found],
        "moving": any(row.open and row.capture.starts_at <= moment + SOON for row in found),
        "keeper": may(person, KEEPERS, unit, on),
    }
    return render(request, "captures/list.html", context)


def _soon(moment: datetime) -> datetime:
    """The next full quarter of an hour."""
    whole = moment.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=15 - whole.minute % 15)


def _field_of(refusal: Refusal) -> str | None:
    fields = {
        "not-permitted": "permitted",
        "bad-time": "starts_at",
        "bad-length": "minutes",
        "station-ended": "station",
        "recorded-already": "starts_at",
        "too-many-at-once": "starts_at",
    }
    return fields.get(refusal.code)


def _choosing(row: Shown) -> str:
    """The form that makes it a sound of the station, filled in."""
    if row.capture.item is None:
        return ""
    told = {"item": row.capture.item_id, "kind": "RELAY", "relayed_from": row.capture.station.name}
    return f"{reverse('airtime:sounds')}?{urlencode(told)}"


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not recorded."""
    person, moment, unit = person_of(request), now(), current_unit(request)
    require(person, READERS, unit, local_date(moment))
    capture = Capture.objects.filter(pk=pk, unit=unit).select_related("unit", "station").first()
    if capture is None:
        raise Http404

    def act() -> None:
        services.cancel_capture(capture=capture, by=person, now=moment)

    return done(request, act, _("It is not recorded."), "captures:list")
