"""Calendar addresses of a commune, and the file that stands there."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime import queries
from vang.airtime.access import own_feed
from vang.airtime.entries import Entry, entries_of
from vang.airtime.forms import FeedForm
from vang.airtime.ical import AHEAD, BACK, Recurring, SingleEvent, calendar_file
from vang.airtime.models import CalendarFeed, Programme
from vang.airtime.rules import rules_of_programmes
from vang.airtime.services import open_feed, revoke_feed
from vang.airtime.services.feeds import hash_of
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.views.calendar import may_place
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.text import slug
from vang.orgs.models import Unit
from vang.people.access import current_unit, signed_in
from vang.people.people import person_of

_DAY = timedelta(days=1)
_SHOWN_AHEAD = 60
_SHOWN_BACK = 7


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses; a new one is shown once."""
    unit, moment = current_unit(request), now()
    form, fresh = FeedForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _feed, token = open_feed(
                unit=unit, name=form.cleaned_data["name"], by=person_of(request), now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            fresh = request.build_absolute_uri(reverse("calendar:file", args=[token]))
            form = FeedForm()
    context = {
        "unit": unit,
        "form": form,
        "fresh": fresh,
        "feeds": CalendarFeed.objects.filter(unit=unit).select_related("created_by"),
        "may_place": may_place(request),
    }
    return render(request, "airtime/feeds.html", context)


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an address."""
    person, moment = person_of(request), now()
    feed = own_feed(pk, person, local_date(moment))
    try:
        revoke_feed(feed=feed, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Nobody reads at this address any more."))
    return redirect("airtime:feeds")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """The schedule as iCalendar, for whoever has the address."""
    feed = CalendarFeed.objects.filter(token_hash=hash_of(token), revoked_at=None)
    found = feed.select_related("unit").first()
    if found is None:
        raise Http404
    moment = now()
    response = HttpResponse(schedule_file(found.unit, moment), content_type="text/calendar")
    response["Content-Disposition"] = f'inline; filename="{slug(found.unit.full_name)}.ics"'
    patch_cache_control(response, private=True, max_age=600)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def schedule_file(unit: Unit, moment: datetime) -> bytes:
    """What stands at the address: the commune's schedule."""
    today = local_date(moment)
    air = queries.airtime_of(unit, today - _SHOWN_BACK * _DAY, today + _SHOWN_AHEAD * _DAY)
    recurring, singles = _events(unit, air, today, moment)
    name = _("Broadcast schedule of %(unit)s") % {"unit": unit.full_name}
    return calendar_file(name, f"{unit.code}.vang", recurring, singles, now=moment)


def _events(
    unit: Unit, air: UnitAirtime, today: date, moment: datetime
) -> tuple[list[Recurring], list[SingleEvent]]:
    schedule = Schedule(air, look_ahead_days=0)
    entries = [
        entry
        for number in range(-_SHOWN_BACK, _SHOWN_AHEAD)
        for entry in entries_of(schedule.day(today + number * _DAY), air.programmes, moment)
        if entry.state not in {"stopped", "skipped"}
    ]
    singles = [
        SingleEvent(one.key, one.title, one.start, one.ends - one.start)
        for one in entries
        if not one.whole
    ]
    return _recurring(unit, [one for one in entries if one.whole], today), singles


def _recurring(unit: Unit, sessions: Iterable[Entry], today: date) -> list[Recurring]:
    """The programmes in which something plays; each as long as its longest session in sight."""
    lengths: dict[int, timedelta] = {}
    titles: dict[int, str] = {}
    for one in sessions:
        key = one.items[0].programme
        lengths[key] = max(lengths.get(key, timedelta(0)), one.ends - one.start)
        titles[key] = "\n".join(item.title for item in one.items)
    alive = Programme.objects.filter(unit=unit, pk__in=lengths)
    rules = rules_of_programmes(alive, today - BACK, today + AHEAD)
    return [
        Recurring(one.pk, one.name, rule, lengths[one.pk], titles[one.pk]) for one, rule in rules
    ]
