"""Programmes: recurring sessions."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime import choosing, queries
from vang.airtime.access import PLACERS, RULERS, readable_programme
from vang.airtime.forms import WEEKDAYS, ProgrammeForm, days_of, mask_of
from vang.airtime.models import Programme
from vang.airtime.moments import local_day
from vang.airtime.services import change_programme, create_programme, end_programme
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of


@require_safe
@signed_in
def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes in force, with what plays in each."""
    unit, moment, person = current_unit(request), now(), person_of(request)
    context = {
        "unit": unit,
        "rows": [(p, _weekday_words(p)) for p in choosing.programmes_with_placements(unit, moment)],
        "may_rule": may(person, RULERS, unit, local_date(moment)),
        "may_place": may(person, PLACERS, unit, local_date(moment)),
    }
    return render(request, "airtime/programmes.html", context)


def _weekday_words(programme: Programme) -> str:
    if programme.weekdays == "1111111":
        return _("every day")
    names = dict(WEEKDAYS)
    return ", ".join(str(names[number]) for number in days_of(programme.weekdays))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Open a programme."""
    unit, moment, person = current_unit(request), now(), person_of(request)
    require(person, RULERS, unit, local_date(moment))
    today = local_day(moment, queries.policy_of(unit).zone)
    form = ProgrammeForm(request.POST or None, initial=_asked(request, today))
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "weekdays": mask_of(form.cleaned_data["weekdays"])}
        try:
            create_programme(unit=unit, **fields, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is open."))
            return redirect("airtime:programmes")
    return render(request, "airtime/programme.html", {"form": form, "unit": unit})


def _asked(request: HttpRequest, today: date) -> dict[str, Any]:
    """What the calendar was pointed at, if it was."""
    asked = request.GET
    initial: dict[str, Any] = {"valid_from": asked.get("valid_from") or today}
    if asked.get("starts_at"):
        initial["starts_at"] = asked["starts_at"]
    if asked.get("weekday") in dict(WEEKDAYS):
        initial["weekdays"] = [asked["weekday"]]
    return initial


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme from now on."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    require(person, RULERS, programme.unit, local_date(moment))
    form = ProgrammeForm(request.POST or None, initial=_fields(programme))
    form.fields["valid_from"].disabled = True
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "weekdays": mask_of(form.cleaned_data["weekdays"])}
        del fields["valid_from"]
        try:
            change_programme(programme=programme, **fields, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is changed."))
            return redirect("airtime:programmes")
    context = {"form": form, "unit": programme.unit, "programme": programme}
    return render(request, "airtime/programme.html", context)


def _fields(programme: Programme) -> dict[str, Any]:
    return {
        "name": programme.name,
        "starts_at": programme.starts_at,
        "weekdays": days_of(programme.weekdays),
        "on_holidays": programme.on_holidays,
        "valid_from": programme.valid_from,
        "valid_to": programme.valid_to,
    }


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a programme play today for the last time."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    last: date = local_day(moment, programme.zone)
    until = programme.valid_to and programme.valid_to.isoformat()
    try:
        end_programme(programme=programme, last_day=last, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("The programme plays today for the last time.")
        facts = {"programme": programme.pk, "valid_to": until}
        offer(request, "airtime.end-programme", words, by=person, now=moment, **facts)
    return redirect("airtime:programmes")
