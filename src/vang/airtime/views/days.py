"""The day on the air, and stopping."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from vang.airtime import pictures, queries
from vang.airtime.access import STOPPERS, readable_commune, readable_placement
from vang.airtime.days import Item, Unplaced
from vang.airtime.moments import local_day
from vang.airtime.services import remove_placement, stop_all, stop_item
from vang.airtime.services.placing import LEAD
from vang.airtime.silence import Reach, silent_until
from vang.airtime.timeline import Schedule
from vang.airtime.views.calendar import may_place, shell, wanted_day
from vang.airtime.words import REASONS, local_words
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.orgs.models import Unit
from vang.people.access import current_unit, here, signed_in
from vang.people.people import person_of


@never_cache
@require_safe
@signed_in
def day(request: HttpRequest) -> HttpResponse:
    """One local day of the commune: what is placed where, and what found no place."""
    unit, moment = current_unit(request), now()
    if unit.level != Unit.Level.COMMUNE:
        return redirect("airtime:communes")
    today = local_date(moment)
    wanted = wanted_day(request, today)
    air = queries.airtime_of(unit, wanted, max(wanted, today))
    policy, names = air.policy, air.names
    laid = Schedule(air, now=moment).day(wanted)
    rows = pictures.lines(laid, names, moment)
    context = {
        "unit": unit,
        "day": wanted,
        "today": today,
        "rows": rows,
        "strip": pictures.strip(wanted, rows, names, policy, moment),
        "all_clusters": len(names),
        "unplaced": [(one, REASONS[one.reason], _move_url(one)) for one in laid.unplaced],
        "stop_until": silent_until(policy, moment, Reach.WINDOW),
        "may_stop": not here(request).roles.isdisjoint(STOPPERS),
        "may_place": may_place(request),
        **shell(request, "airtime:day", wanted, step=1),
    }
    return render(request, "airtime/day.html", context)


def _move_url(one: Unplaced) -> str:
    """Where a single broadcast is given another time; "" for a programme's."""
    single = one.id.removeprefix("o")
    return reverse("airtime:move", args=[one.id]) if single.isdecimal() else ""


@require_POST
@signed_in
def stop(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """Stop one broadcast, sounding or to come."""
    person, moment = person_of(request), now()
    unit = readable_commune(unit_pk, person, local_date(moment))
    try:
        item = stop_item(unit=unit, item=request.POST.get("item", ""), by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Stopped: %(title)s.") % {"title": item.title}
        if item.start >= moment + LEAD:
            offer(request, "airtime.stop", words, by=person, now=moment, **_facts(unit, [item]))
        else:
            messages.success(request, words)
        return _to_day_of(unit, item.start)
    return redirect("airtime:day")


def _facts(unit: Unit, items: Iterable[Item]) -> dict[str, Any]:
    return {"unit": unit.pk, "items": [item.id for item in items]}


def _to_day_of(unit: Unit, start: datetime) -> HttpResponse:
    """Back to the day on which the item stood."""
    day = local_day(start, queries.policy_of(unit).zone)
    return redirect(f"{reverse('airtime:day')}?day={day.isoformat()}")


@require_POST
@signed_in
def stop_everything(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """Dừng tất cả: silence now, and say until when and what comes after."""
    person, moment = person_of(request), now()
    unit = readable_commune(unit_pk, person, local_date(moment))
    reach = Reach.DAY if request.POST.get("reach") == Reach.DAY else Reach.WINDOW
    try:
        done = stop_all(unit=unit, by=person, now=moment, reach=reach)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("airtime:day")
    zone, count = queries.policy_of(unit).zone, len(done.items)
    told = ngettext("Stopped %(n)d broadcast.", "Stopped %(n)d broadcasts.", count) % {"n": count}
    until = _("Nothing that was planned sounds until %(time)s.") % {
        "time": local_words(done.until, zone)
    }
    ahead = [item for item in done.items if item.start >= moment + LEAD]
    if ahead:
        facts = _facts(unit, ahead)
        offer(request, "airtime.stop", f"{told} {until}", by=person, now=moment, **facts)
    else:
        messages.success(request, f"{told} {until}")
    if done.following is not None:
        words = {"time": local_words(done.following.start, zone), "title": done.following.title}
        messages.info(request, _("Next after that: %(time)s, %(title)s.") % words)
    return redirect("airtime:day")


@require_POST
@signed_in
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a placement off the air for good."""
    person, moment = person_of(request), now()
    placement = readable_placement(pk, person, local_date(moment))
    try:
        remove_placement(placement=placement, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Taken off the schedule: %(title)s.") % {"title": placement.edition.title}
        if placement.start is None or placement.start >= moment + LEAD:
            facts = {"placement": placement.pk}
            offer(request, "airtime.remove", words, by=person, now=moment, **facts)
        else:
            messages.success(request, words)
    from_programmes = request.POST.get("back") == "programmes"
    return redirect("airtime:programmes" if from_programmes else "airtime:day")
