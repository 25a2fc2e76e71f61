"""The coming times of a programme, as a page lists them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vang.airtime.recurrence import MOVED, SKIPPED, Rule, days_of, in_force

AHEAD = timedelta(days=56)


@dataclass(frozen=True)
class ComingTime:
    """One time. ``state``: planned, skipped, moved, holiday; ``moved_to`` only when moved."""

    day: date
    starts: datetime
    state: str
    moved_to: datetime | None = None
    holiday: str = ""

    @property
    def plays_at(self) -> datetime | None:
        """When it is heard, or None."""
        if self.state == MOVED:
            return self.moved_to
        return self.starts if self.state == "planned" else None


def coming_times(rule: Rule, holidays: Mapping[date, str], now: datetime) -> list[ComingTime]:
    """The times of the next eight weeks, those that fall on a day off too."""
    zone = ZoneInfo(rule.zone)
    today = now.astimezone(zone).date()
    decided = in_force(rule.otherwise)
    regular = Rule(rule.at, rule.zone, rule.weekdays, rule.first, rule.last)
    found = []
    for day in days_of(regular, today, today + AHEAD):
        starts = datetime.combine(day, rule.at, zone)
        one = decided.get(day)
        holiday = holidays.get(day, "")
        if day in rule.days_off:
            found.append(ComingTime(day, starts, "holiday", holiday=holiday))
        elif one is None:
            found.append(ComingTime(day, starts, "planned", holiday=holiday))
        elif one.to is None:
            found.append(ComingTime(day, starts, SKIPPED, holiday=holiday))
        else:
            moved = datetime.combine(*one.to, zone)
            found.append(ComingTime(day, starts, MOVED, moved, holiday))
    return [one for one in found if (one.moved_to or one.starts) > now]
