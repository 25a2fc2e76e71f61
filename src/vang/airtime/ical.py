"""The schedule as an iCalendar file (RFC 5545): programmes by their rule, single broadcasts each.

A programme is one event with RRULE; a day left out or a day off is an EXDATE, a time moved an
event of its own with RECURRENCE-ID. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from vang.airtime.recurrence import Rule, days_of, in_force

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BACK, AHEAD = timedelta(days=30), timedelta(days=366)
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Recurring:
    """``lasts`` is the length of its session as it is filled now."""

    key: int
    name: str
    rule: Rule
    lasts: timedelta
    about: str = ""


@dataclass(frozen=True)
class SingleEvent:
    key: str
    name: str
    starts: datetime
    lasts: timedelta
    about: str = ""


def calendar_file(
    name: str,
    domain: str,
    recurring: Iterable[Recurring],
    singles: Iterable[SingleEvent],
    *,
    now: datetime,
) -> bytes:
    """``domain`` makes the identifiers unique; ``now`` is the stamp of every event."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vang//schedule//VI")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for one in recurring:
        for event in _programme(one, domain, now):
            calendar.add_component(event)
    for single in singles:
        event = _event(f"{single.key}@{domain}", single.name, single.lasts, single.about, now)
        event.add("dtstart", single.starts)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _programme(one: Recurring, domain: str, now: datetime) -> list[Event]:
    """The rule from its first time in reach on, and the times that were moved."""
    zone = ZoneInfo(one.rule.zone)
    today = now.astimezone(zone).date()
    regular = _regular(one.rule)
    days = list(days_of(regular, today - BACK, today + AHEAD))
    if not days:
        return []
    uid = f"programme-{one.key}@{domain}"
    main = _event(uid, one.name, one.lasts, one.about, now)
    main.add("dtstart", datetime.combine(days[0], one.rule.at, zone))
    main.add("rrule", _rrule(one.rule, zone))
    silent = _silent(one.rule, days)
    if silent:
        main.add("exdate", [datetime.combine(day, one.rule.at, zone) for day in silent])
    return [main, *_moved(one, uid, days[0], now)]


def _regular(rule: Rule) -> Rule:
    return Rule(rule.at, rule.zone, rule.weekdays, rule.first, rule.last)


def _rrule(rule: Rule, zone: ZoneInfo) -> dict[str, object]:
    found: dict[str, object] = {
        "FREQ": "WEEKLY",
        "BYDAY": [
            name for name, plays in zip(_WEEKDAYS, rule.weekdays, strict=True) if plays == "1"
        ],
    }
    if rule.last is not None:
        # With a zone in DTSTART the end is an instant in UTC (RFC 5545, section 3.3.10).
        found["UNTIL"] = datetime.combine(rule.last, time(23, 59, 59), zone).astimezone(
            ZoneInfo("UTC")
        )
    return found


def _silent(rule: Rule, days: Sequence[date]) -> list[date]:
    """Days of the rule on which it does not play, and has not been moved either."""
    decided = in_force(rule.otherwise)
    return [
        day for day in days if day in rule.days_off or (day in decided and decided[day].to is None)
    ]


def _moved(one: Recurring, uid: str, first: date, now: datetime) -> list[Event]:
    zone, events = ZoneInfo(one.rule.zone), []
    for own, decided in sorted(in_force(one.rule.otherwise).items()):
        if decided.to is None or own < first or not one.rule.falls_on(own):
            continue
        event = _event(uid, one.name, one.lasts, one.about, now)
        event.add("recurrence-id", datetime.combine(own, one.rule.at, zone))
        event.add("dtstart", datetime.combine(*decided.to, zone))
        events.append(event)
    return events


def _event(uid: str, name: str, lasts: timedelta, about: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", name)
    event.add("duration", max(lasts, timedelta(minutes=1)))
    if about:
        event.add("description", about)
    return event
