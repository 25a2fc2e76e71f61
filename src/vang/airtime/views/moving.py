"""Moving or repeating what stands in the calendar: what it disturbs is shown first."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.airtime import queries
from vang.airtime.access import PLACERS
from vang.airtime.considering import Preview
from vang.airtime.forms import MoveForm
from vang.airtime.moments import local_day
from vang.airtime.services import copy, move
from vang.airtime.services.placing import check_ahead
from vang.airtime.subjects import SessionTime, Subject, considered, subject_of
from vang.airtime.words import local_words
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move_page(request: HttpRequest, key: str) -> HttpResponse:
    """Choose where it goes. What disturbs others is shown and done when confirmed."""
    person, moment = person_of(request), now()
    subject = subject_of(key, person, local_date(moment))
    require(person, PLACERS, subject.unit, local_date(moment))
    zone = queries.policy_of(subject.unit).zone
    form = MoveForm(request.POST or None, initial=_initial(request, subject, zone))
    preview = None
    if request.method == "POST" and form.is_valid():
        start, copies = form.start(zone), form.cleaned_data["how"] == "copy"
        try:
            check_ahead(start, moment)
            preview = considered(subject, start, moment, copy=copies)
            if _settled(request, preview, form.cleaned_data["confirmed"]):
                return _do(request, subject, start, moment, copies=copies)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, _template(request), _context(request, subject, form, preview))


def _template(request: HttpRequest) -> str:
    """The form alone when the calendar asks for it, to show beside what was dragged."""
    return "airtime/parts/move_form.html" if _is_part(request) else "airtime/move.html"


def _is_part(request: HttpRequest) -> bool:
    return bool(request.GET.get("part") or request.headers.get("X-Part"))


def _initial(request: HttpRequest, subject: Subject, zone: str) -> dict[str, Any]:
    """Where it was dragged to, else where it is."""
    local = _wanted(request, zone) or subject.starts.astimezone(ZoneInfo(zone))
    how = "copy" if request.GET.get("how") == "copy" else "move"
    return {"day": local.date(), "hour": local.time(), "how": how}


def _wanted(request: HttpRequest, zone: str) -> datetime | None:
    try:
        wanted = datetime.fromisoformat(request.GET.get("start", ""))
    except ValueError:
        return None
    place = ZoneInfo(zone)
    return wanted.astimezone(place) if wanted.tzinfo else wanted.replace(tzinfo=place)


def _settled(request: HttpRequest, preview: Preview, confirmed: str) -> bool:
    """Nothing is left to ask: nobody is disturbed, or exactly this was confirmed."""
    asked = "preview" in request.POST
    return not asked and (not preview.outcome.heard or preview.fingerprint == confirmed)


def _do(
    request: HttpRequest, subject: Subject, start: datetime, moment: datetime, *, copies: bool
) -> HttpResponse:
    act = copy if copies else move
    act(subject=subject, start=start, by=person_of(request), now=moment)
    zone = queries.policy_of(subject.unit).zone
    words = {"title": subject.title, "time": local_words(start, zone)}
    told = _("%(title)s: also at %(time)s.") if copies else _("%(title)s: now at %(time)s.")
    messages.success(request, told % words)
    back = reverse("airtime:week" if _is_part(request) else "airtime:day")
    return redirect(f"{back}?day={local_day(start, zone).isoformat()}")


def _context(
    request: HttpRequest, subject: Subject, form: MoveForm, preview: Preview | None
) -> dict[str, Any]:
    whole = isinstance(subject, SessionTime)
    return {
        "subject": subject,
        "whole": whole,
        "form": form,
        "preview": preview,
        "must_confirm": preview is not None and "preview" not in request.POST,
        "action": request.path,
        "back": f"{reverse('airtime:day')}?day={local_date(subject.starts).isoformat()}",
    }
