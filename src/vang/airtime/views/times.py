"""Single times of a programme, and days off."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime import queries
from vang.airtime.access import PLACERS, RULERS, own_day_off, readable_programme
from vang.airtime.forms import DayOffForm, SkipForm
from vang.airtime.holidays import days_off, public_holidays
from vang.airtime.models import DayOff, Programme
from vang.airtime.moments import local_day
from vang.airtime.rules import own_days_off, rule_of_programme
from vang.airtime.services import add_day_off, remove_day_off, restore_time, skip_time
from vang.airtime.times import AHEAD, coming_times
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of

_SHOWN_YEARS = 2


@require_safe
@signed_in
def coming(request: HttpRequest, pk: int) -> HttpResponse:
    """The coming times of a programme: leave one out, move it, restore it."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    today = local_day(moment, programme.zone)
    off = days_off(today, today + AHEAD, own_days_off(programme.unit, today, today + AHEAD))
    rule = rule_of_programme(programme, today, today + AHEAD)
    context = {
        "programme": programme,
        "unit": programme.unit,
        "times": [
            (one, reverse("airtime:move", args=[f"s{programme.pk}-{one.day:%Y%m%d}"]))
            for one in coming_times(rule, off, moment)
        ],
        "form": SkipForm(),
        "may_place": may(person, PLACERS, programme.unit, local_date(moment)),
    }
    return render(request, "airtime/times.html", context)


@require_POST
@signed_in
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Trừ ngày: leave one time out."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the day."))
        return _back(programme)
    day, note = form.cleaned_data["day"], form.cleaned_data["note"]
    try:
        skip_time(programme=programme, day=day, note=note, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The programme does not play on %(day)s.") % _words(day))
    return _back(programme)


@require_POST
@signed_in
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a time that was left out or moved play at its own hour again."""
    moment, person = now(), person_of(request)
    programme = readable_programme(pk, person, local_date(moment))
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the day."))
        return _back(programme)
    day = form.cleaned_data["day"]
    try:
        restore_time(programme=programme, day=day, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The programme plays on %(day)s as usual.") % _words(day))
    return _back(programme)


def _back(programme: Programme) -> HttpResponse:
    return redirect("airtime:times", programme.pk)


def _words(day: date) -> dict[str, str]:
    return {"day": f"{day:%d/%m/%Y}"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def off_days(request: HttpRequest) -> HttpResponse:
    """Public holidays, and the commune's own days."""
    unit, moment, person = current_unit(request), now(), person_of(request)
    on = local_date(moment)
    form = DayOffForm(request.POST or None)
    if request.method == "POST":
        require(person, RULERS, unit, on)
        if form.is_valid():
            c = form.cleaned_data
            try:
                add_day_off(
                    unit=unit,
                    day=c["day"],
                    name=c["name"],
                    off=c["kind"] == "off",
                    by=person,
                    now=moment,
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The day is noted."))
                return redirect("airtime:days-off")
    today = local_day(moment, queries.policy_of(unit).zone)
    context = {
        "unit": unit,
        "form": form,
        "rows": _days(list(DayOff.objects.filter(unit=unit, day__gte=today)), today),
        "may_rule": may(person, RULERS, unit, on),
        "skipping": Programme.objects.filter(
            unit=unit, ended_at=None, on_holidays=Programme.Holidays.SKIP
        ).count(),
    }
    return render(request, "airtime/days_off.html", context)


def _days(own: list[DayOff], today: date) -> list[tuple[date, str, DayOff | None]]:
    """By day, name and, for the commune's own, its row."""
    years = range(today.year, today.year + _SHOWN_YEARS)
    named = {day: name for year in years for day, name in public_holidays(year).items()}
    rows = {row.day: row for row in own}
    days = sorted({*named, *rows})
    last = today + timedelta(days=366)
    return [
        (day, rows[day].name if day in rows else named[day], rows.get(day))
        for day in days
        if today <= day <= last
    ]


@require_POST
@signed_in
def remove_off_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the commune's own days away."""
    moment, person = now(), person_of(request)
    row = own_day_off(pk, person, local_date(moment))
    try:
        remove_day_off(day_off=row, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The day is again what the calendar says."))
    return redirect("airtime:days-off")
