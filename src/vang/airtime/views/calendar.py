"""The calendar: a week of the commune, of its clusters, of many communes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vang.airtime import choosing, queries
from vang.airtime.access import PLACERS
from vang.airtime.days import Day, Unplaced
from vang.airtime.entries import Entry, entries_of
from vang.airtime.holidays import days_off
from vang.airtime.moments import from_ms, local_day, to_ms
from vang.airtime.policies import Policy, windows_ms
from vang.airtime.rules import own_days_off
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.words import REASONS
from vang.base import calendars
from vang.base.calendars import monday_of, week_of
from vang.base.clock import local_date, now
from vang.base.display import vi_date, vi_time
from vang.base.matrices import Cell, Matrix, MatrixRow
from vang.base.templatetags.panels import weekday
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.people.access import current_unit, here, signed_in, visible_communes
from vang.people.people import person_of

_DAY = timedelta(days=1)
_FARTHEST = timedelta(days=1100)
_MOST_DAYS = 42
COMMUNES_A_PAGE = 30
_TONES = {"planned": "note", "playing": "ok", "ended": "plain", "stopped": "bad", "skipped": "warn"}


def wanted_day(request: HttpRequest, today: date) -> date:
    """The day of the address, within three years of today."""
    try:
        wanted = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return wanted if abs(wanted - today) < _FARTHEST else today


def _segments(active: str, day: date, *, many: bool) -> list[dict[str, object]]:
    """The views of the calendar, each at the same day."""
    views = [
        ("airtime:day", _("Day")),
        ("airtime:week", _("Week")),
        ("airtime:clusters", _("Clusters")),
    ]
    if many:
        views.append(("airtime:communes", _("Communes")))
    return [
        {
            "url": f"{reverse(view)}?day={day.isoformat()}",
            "label": label,
            "active": view == active,
        }
        for view, label in views
    ]


def _has_many(request: HttpRequest) -> bool:
    """Whether the person looks after more than the commune shown."""
    around = here(request)
    return len(around.places) > 1 or not _is_commune(around.unit)


def _is_commune(unit: Unit | None) -> bool:
    return unit is not None and unit.level == Unit.Level.COMMUNE


def may_place(request: HttpRequest) -> bool:
    """Asked of what the request knows already."""
    return not here(request).roles.isdisjoint(PLACERS)


@never_cache
@require_safe
@signed_in
def week(request: HttpRequest) -> HttpResponse:
    """Seven days: a list that works everywhere, and the calendar to drag in over it."""
    unit, moment = current_unit(request), now()
    if not _is_commune(unit):
        return redirect("airtime:communes")
    today = local_date(moment)
    wanted = wanted_day(request, today)
    first = monday_of(wanted)
    air = queries.airtime_of(unit, first, first + 6 * _DAY)
    days = _days(air, first, 7, moment)
    shown = [_shown(entry, air) for entry in _entries(days, air, moment)]
    lost = [_lost(one, air) for day in days for one in day.unplaced]
    entries = [*_holidays(unit, first), *shown, *lost]
    context = {
        "unit": unit,
        "days": week_of(wanted, entries, today=today, link=f"{reverse('airtime:day')}?day={{day}}"),
        "board": _board(air, first, moment),
        "may_place": may_place(request),
        **shell(request, "airtime:week", wanted, step=7),
    }
    return render(request, "airtime/week.html", context)


def _days(air: UnitAirtime, first: date, count: int, moment: datetime) -> list[Day]:
    schedule = Schedule(air, look_ahead_days=0, now=moment)
    return [schedule.day(first + n * _DAY) for n in range(count)]


def _entries(days: Iterable[Day], air: UnitAirtime, moment: datetime) -> list[Entry]:
    return [entry for day in days for entry in entries_of(day, air.programmes, moment)]


def _lost(one: Unplaced, air: UnitAirtime) -> calendars.Entry:
    """What found no room stands where it was wished, with the reason."""
    local = one.wished.astimezone(ZoneInfo(air.policy.zone))
    return calendars.Entry(
        local.date(),
        one.title,
        local.time().replace(second=0, microsecond=0),
        f"{reverse('airtime:day')}?day={local.date().isoformat()}",
        "bad",
        str(REASONS[one.reason]),
    )


def _holidays(unit: Unit, first: date) -> list[calendars.Entry]:
    last = first + 6 * _DAY
    off = days_off(first, last, own_days_off(unit, first, last))
    return [calendars.Entry(day, name, tone="warn") for day, name in off.items()]


def _shown(entry: Entry, air: UnitAirtime) -> calendars.Entry:
    local = entry.start.astimezone(ZoneInfo(air.policy.zone))
    count = len(entry.items)
    words = ngettext("%(n)d item", "%(n)d items", count) % {"n": count} if entry.whole else ""
    return calendars.Entry(
        local.date(),
        entry.title,
        local.time().replace(second=0, microsecond=0),
        reverse("airtime:move", args=[entry.key]) if entry.movable else "",
        _TONES[entry.state],
        ", ".join(part for part in (words, _state_words(entry)) if part),
    )


def _state_words(entry: Entry) -> str:
    return {"skipped": _("left out"), "stopped": _("stopped"), "playing": _("playing")}.get(
        entry.state, ""
    )


def _board(air: UnitAirtime, first: date, moment: datetime) -> dict[str, Any]:
    """What the script of the calendar is told in attributes."""
    opens, closes = _span(air.policy)
    local = moment.astimezone(ZoneInfo(air.policy.zone))
    return {
        "first": first.isoformat(),
        "now": local.replace(tzinfo=None).isoformat(timespec="seconds"),
        "hours": ",".join(f"{a}-{b}" for a, b in air.policy.hours),
        "weekend": air.policy.weekend,
        "opens": opens,
        "closes": closes,
        "events": reverse("airtime:events"),
        "move": reverse("airtime:move", args=["KEY"]),
        "add": reverse("airtime:add"),
        "day": reverse("airtime:day"),
    }


def _span(policy: Policy) -> tuple[str, str]:
    """The full hours around the allowed ones."""
    opens = min((a for a, _b in policy.hours), default="05:00")
    closes = max((b for _a, b in policy.hours), default="21:00")
    last = int(closes[:2]) + (closes[3:] != "00")
    return f"{opens[:2]}:00", f"{min(24, last):02d}:00"


@never_cache
@require_safe
@signed_in
def events(request: HttpRequest) -> HttpResponse:
    """The entries between two days as the calendar's script reads them; local wall times."""
    unit, moment = current_unit(request), now()
    today = local_date(moment)
    first = _day_of(request.GET.get("start", ""), today)
    count = min(_MOST_DAYS, max(1, (_day_of(request.GET.get("end", ""), first) - first).days))
    air = queries.airtime_of(unit, first, first + (count - 1) * _DAY)
    days, placer = _days(air, first, count, moment), may_place(request)
    found = [_event(entry, air, placer=placer) for entry in _entries(days, air, moment)]
    found += [_lost_event(one, air) for day in days for one in day.unplaced]
    return JsonResponse(found, safe=False)


def _day_of(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return otherwise
    return found if abs(found - otherwise) < _FARTHEST else otherwise


def _event(entry: Entry, air: UnitAirtime, *, placer: bool) -> dict[str, object]:
    zone = ZoneInfo(air.policy.zone)
    titles = [item.title for item in entry.items] if entry.whole else []
    names = [air.names.get(code, code) for code in entry.clusters]
    everywhere = len(names) == len(air.names)
    return {
        "id": entry.key,
        "title": entry.title,
        "start": _naive(entry.start, zone),
        "end": _naive(entry.ends, zone),
        "editable": placer and entry.movable,
        "tone": "warn" if entry.priority.rank and entry.movable else _TONES[entry.state],
        "about": "; ".join([*titles, *([] if everywhere else [", ".join(names)])]),
        "state": _state_words(entry),
    }


def _lost_event(one: Unplaced, air: UnitAirtime) -> dict[str, object]:
    zone = ZoneInfo(air.policy.zone)
    return {
        "id": one.id,
        "title": one.title,
        "start": _naive(one.wished, zone),
        "end": _naive(one.wished + timedelta(milliseconds=one.duration_ms), zone),
        "editable": False,
        "tone": "bad",
        "about": str(REASONS[one.reason]),
        "state": _("no room"),
    }


def _naive(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def shell(request: HttpRequest, view: str, wanted: date, *, step: int) -> dict[str, Any]:
    """What the head of the calendar shows."""
    address = reverse(view)
    monday = monday_of(wanted)
    words = {"first": vi_date(monday), "last": vi_date(monday + 6 * _DAY)}
    title = f"{weekday(wanted)}, {vi_date(wanted)}" if step == 1 else ""
    return {
        "title": title or _("%(first)s to %(last)s") % words,
        "before": f"{address}?{urlencode({'day': wanted - step * _DAY})}",
        "after": f"{address}?{urlencode({'day': wanted + step * _DAY})}",
        "now_url": address,
        "views": _segments(view, wanted, many=_has_many(request)),
    }


@never_cache
@require_safe
@signed_in
def clusters(request: HttpRequest) -> HttpResponse:
    """A week by cluster: what each loudspeaker plays when."""
    unit, moment = current_unit(request), now()
    if not _is_commune(unit):
        return redirect("airtime:communes")
    today = local_date(moment)
    wanted = wanted_day(request, today)
    first = monday_of(wanted)
    air = queries.airtime_of(unit, first, first + 6 * _DAY)
    found = _entries(_days(air, first, 7, moment), air, moment)
    rows = [
        MatrixRow(name, [_cluster_cell(found, code, first + n * _DAY, air) for n in range(7)])
        for code, name in air.names.items()
    ]
    caption = _("What each cluster plays from %(day)s on") % {"day": vi_date(first)}
    context = {
        "unit": unit,
        "table": Matrix(caption, _("Cluster"), _columns(first), rows),
        **shell(request, "airtime:clusters", wanted, step=7),
    }
    return render(request, "airtime/matrix.html", context)


def _columns(first: date) -> list[str]:
    days = [first + n * _DAY for n in range(7)]
    return [f"{weekday(day)} {day:%d/%m}" for day in days]


def _cluster_cell(found: Iterable[Entry], code: str, day: date, air: UnitAirtime) -> Cell:
    zone = ZoneInfo(air.policy.zone)
    own = [
        f"{entry.start.astimezone(zone):%H:%M} {entry.title}"
        for entry in found
        if code in entry.clusters
        and entry.start.astimezone(zone).date() == day
        and entry.state not in {"stopped", "skipped"}
    ]
    address = f"{reverse('airtime:day')}?day={day.isoformat()}"
    return Cell("; ".join(own), url=address) if own else Cell("–")


@never_cache
@require_safe
@signed_in
def communes(request: HttpRequest) -> HttpResponse:
    """A week by commune, for those who look after many: broadcasts, minutes, what found no room."""
    unit, moment = current_unit(request), now()
    today = local_date(moment)
    wanted = wanted_day(request, today)
    first = monday_of(wanted)
    found = _communes(request, unit, today)
    page = Paginator(found, COMMUNES_A_PAGE).get_page(request.GET.get("page"))
    units = list(page.object_list)
    airs = queries.wishes_of(units, first, first + 6 * _DAY)
    rows = [MatrixRow(unit.full_name, _commune_cells(airs[unit.pk], first)) for unit in units]
    caption = _("Broadcasts of each commune from %(day)s on") % {"day": vi_date(first)}
    context = {
        "table": Matrix(caption, _("Commune"), _columns(first), rows),
        "page": page,
        **shell(request, "airtime:communes", wanted, step=7),
    }
    return render(request, "airtime/matrix.html", context)


def _communes(request: HttpRequest, unit: Unit, today: date) -> Sequence[Unit] | QuerySet[Unit]:
    """Those below the unit shown, else all that the person looks after. A commune's own staff
    are known already."""
    if _is_commune(unit) and len(here(request).places) == 1:
        return [unit]
    own = visible_communes(person_of(request), today)
    found = own if _is_commune(unit) else own & communes_below(unit, today)
    return found.order_by("name", "pk")


def _commune_cells(air: UnitAirtime, first: date) -> list[Cell]:
    schedule = Schedule(air, look_ahead_days=0)
    return [_commune_cell(schedule.day(first + n * _DAY)) for n in range(7)]


def _commune_cell(day: Day) -> Cell:
    if not day.items and not day.unplaced:
        return Cell("–")
    count = len(day.items)
    minutes = round(sum(item.duration_ms for item in day.items) / 60_000)
    told = ngettext("%(n)d broadcast", "%(n)d broadcasts", count) % {"n": count}
    told = _("%(broadcasts)s, %(minutes)d min") % {"broadcasts": told, "minutes": minutes}
    if day.unplaced:
        lost = len(day.unplaced)
        told += "; " + ngettext("%(n)d without room", "%(n)d without room", lost) % {"n": lost}
    return Cell(told, state="part" if day.unplaced else "")


@require_safe
@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """What shall play at a time that somebody pointed at: a bulletin, or a new programme."""
    unit, moment = current_unit(request), now()
    start = _start_of(request, moment, queries.policy_of(unit))
    asked = {"when": "once", "day": start.date().isoformat(), "hour": vi_time(start.time())}
    bulletins = [
        (bulletin, f"{reverse('airtime:place', args=[bulletin.pk])}?{urlencode(asked)}")
        for bulletin in choosing.placeable_bulletins(unit)
    ]
    programme = {"starts_at": asked["hour"], "weekday": start.weekday(), "valid_from": asked["day"]}
    context = {
        "unit": unit,
        "start": start,
        "bulletins": bulletins,
        "programme_url": f"{reverse('airtime:new-programme')}?{urlencode(programme)}",
        "may_place": may_place(request),
        "back": f"{reverse('airtime:week')}?day={asked['day']}",
    }
    part = "airtime/parts/add.html" if request.GET.get("part") else "airtime/add.html"
    return render(request, part, context)


def _start_of(request: HttpRequest, moment: datetime, policy: Policy) -> datetime:
    """The time pointed at, else the next full hour in the allowed hours; on the policy's clocks."""
    place = ZoneInfo(policy.zone)
    try:
        wanted = datetime.fromisoformat(request.GET.get("start", ""))
    except ValueError:
        return _next_allowed(moment, policy).astimezone(place)
    return wanted.astimezone(place) if wanted.tzinfo else wanted.replace(tzinfo=place)


def _next_allowed(moment: datetime, policy: Policy) -> datetime:
    hour = 3_600_000
    later = -(-to_ms(moment) // hour) * hour
    today = local_day(moment, policy.zone)
    for number in range(8):
        for opens, closes in windows_ms(policy, today + number * _DAY):
            if max(opens, later) < closes:
                return from_ms(max(opens, later))
    return from_ms(later)
