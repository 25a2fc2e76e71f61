"""Days with what happens on them, laid out as a month or a week. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_SHOWN = 3


@dataclass(frozen=True)
class Entry:
    """One thing on one day. ``tone`` is ok, warn, bad, note, wait or plain."""

    day: date
    label: str
    at: time | None = None
    url: str = ""
    tone: str = "plain"
    note: str = ""


@dataclass(frozen=True)
class Day:
    """One square of the calendar. ``inside`` tells whether it belongs to the month shown."""

    date: date
    entries: tuple[Entry, ...]
    today: bool
    inside: bool = True
    url: str = ""

    @property
    def shown(self) -> tuple[Entry, ...]:
        """As many as a square of a month holds."""
        return self.entries if len(self.entries) <= _SHOWN else self.entries[: _SHOWN - 1]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


def monday_of(day: date) -> date:
    """The Monday of the day's week: Vietnamese weeks begin with it."""
    return day - day.weekday() * _DAY


def week_of(day: date, entries: Iterable[Entry], *, today: date, link: str = "") -> list[Day]:
    """Seven days from Monday. ``link`` is an address with ``{day}`` for the page of one day."""
    return _days(monday_of(day), 7, entries, today=today, link=link)


def month_of(
    day: date, entries: Iterable[Entry], *, today: date, link: str = ""
) -> list[list[Day]]:
    """The whole weeks that hold the month of ``day``."""
    first = monday_of(day.replace(day=1))
    last = (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    count = (monday_of(last) + _WEEK - first).days
    days = _days(first, count, entries, today=today, link=link, month=day.month)
    return [days[i : i + 7] for i in range(0, count, 7)]


def month_bounds(day: date) -> tuple[date, date]:
    """First and last day that :func:`month_of` shows, for the question to the database."""
    weeks = month_of(day, (), today=day)
    return weeks[0][0].date, weeks[-1][-1].date


def _days(
    first: date,
    count: int,
    entries: Iterable[Entry],
    *,
    today: date,
    link: str,
    month: int = 0,
) -> list[Day]:
    on: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        on[entry.day].append(entry)
    return [
        Day(
            day,
            tuple(sorted(on[day], key=lambda entry: (entry.at or time(0), entry.label))),
            day == today,
            month in {0, day.month},
            link.format(day=day.isoformat()) if link else "",
        )
        for day in (first + n * _DAY for n in range(count))
    ]
