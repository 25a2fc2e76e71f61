"""The first page after signing in, and the communes of a district or province."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base import clock
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.bulletins.due import to_approve
from vang.channels.portal.services import has_page
from vang.desk import context, snoozing
from vang.desk.forms import CommuneFilter
from vang.desk.loudspeakers import air_of
from vang.desk.overview import Row, arranged, overview, totals
from vang.desk.start import start_of
from vang.people.access import Role, current_unit, here, signed_in
from vang.people.due import Desk, looked, tasks
from vang.people.people import person_of

_A_PAGE = 50
_WORST = 5


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What is due for me; what plays next and has just played."""
    person, now = person_of(request), clock.now()
    unit, held = current_unit(request), here(request).roles
    desk = looked(Desk(person, unit, held, now))
    found = tasks(desk)
    counts = {"bulletins:list": to_approve(found), **context.counted(desk)}
    here(request).counts |= {view: n for view, n in counts.items() if n is not None}
    today = clock.local_date(now)
    shown: dict[str, Any] = {
        "unit": unit,
        "roles": held,
        "list": snoozing.arranged(found, desk),
        "air": air_of(unit, now) if unit.level == unit.Level.COMMUNE else None,
        "today": vi_date(now),
        "tomorrow": today + timedelta(days=1),
        "monday": today + timedelta(days=7 - today.weekday()),
        "has_page": has_page(unit),
        "start": start_of(desk),
    }
    if Role.READER in held:
        shown |= _area(overview(person, now))
    return render(request, "desk/home.html", shown)


def _area(rows: list[Row]) -> dict[str, Any]:
    worst = [row for row in arranged(rows, sort="worst")[:_WORST] if not row.calm]
    return {"totals": totals(rows), "worst": worst}


@require_safe
@signed_in
def communes(request: HttpRequest) -> HttpResponse:
    """Every commune that the person looks after: searched, sorted, paged."""
    person, now = person_of(request), clock.now()
    if Role.READER not in here(request).roles:
        return redirect("desk:home")
    form = CommuneFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = overview(person, now)
    sort = asked.get("sort") or "worst"
    found = arranged(rows, sort=sort, words=asked.get("q", ""))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "form": form, "sort": sort, "totals": totals(rows)}
    return render(request, "desk/communes.html", shown)


@require_POST
@signed_in
def later(request: HttpRequest) -> HttpResponse:
    """Put a task off until a day."""
    person, now, unit = person_of(request), clock.now(), current_unit(request)
    key = request.POST.get("key", "")
    found = tasks(Desk(person, unit, here(request).roles, now))
    task = next((one for one in found if one.key == key), None)
    if task is None:
        messages.info(request, _("This is no longer due."))
        return redirect("desk:home")
    try:
        row = snoozing.put_off(task=task, person=person, unit=unit, until=_day(request), now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Put off until %(day)s: %(title)s")
        told = {"day": vi_date(row.until), "title": row.title}
        facts = {"unit": unit.pk, "key": key}
        offer(request, "desk.later", words % told, by=person, now=now, **facts)
    return redirect("desk:home")


def _day(request: HttpRequest) -> date:
    """The day asked for; the first day of all when it is none, which is refused in words."""
    try:
        return date.fromisoformat(request.POST.get("until", "") or request.POST.get("day", ""))
    except ValueError:
        return date.min


@require_POST
@signed_in
def now_again(request: HttpRequest) -> HttpResponse:
    """Take up what was put off."""
    snoozing.take_up(
        person=person_of(request), unit=current_unit(request), key=request.POST.get("key", "")
    )
    return redirect("desk:home")
