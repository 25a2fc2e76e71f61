"""From which day to which: a week, a month, half a year, a year, or dates of one's own. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = timedelta(days=5 * 366)


class Span(StrEnum):
    WEEK = "week"
    MONTH = "month"
    HALF = "half"
    YEAR = "year"
    OWN = "own"


class Step(StrEnum):
    """How the days of a period are put together in a picture."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_STEPS = {Span.HALF: Step.WEEK, Span.YEAR: Step.MONTH}


@dataclass(frozen=True)
class Period:
    """``first`` and ``last`` are both within it."""

    span: Span
    first: date
    last: date

    @property
    def before(self) -> "Period":
        """The one that ends the day before this begins."""
        return self._around(self.first - timedelta(days=1))

    @property
    def after(self) -> "Period":
        """The one that begins the day after this ends."""
        if self.span != Span.OWN:
            return self._around(self.last + timedelta(days=1))
        length = self.last - self.first
        first = self.last + timedelta(days=1)
        return Period(self.span, first, first + length)

    def _around(self, day: date) -> "Period":
        if self.span == Span.OWN:
            return Period(self.span, day - (self.last - self.first), day)
        return period_of(self.span, day)

    @property
    def step(self) -> Step:
        if self.span != Span.OWN:
            return _STEPS.get(self.span, Step.DAY)
        days = (self.last - self.first).days + 1
        if days <= 62:
            return Step.DAY
        return Step.WEEK if days <= 200 else Step.MONTH

    def until(self, today: date) -> "Period":
        """Without the days to come; as it is when it lies in the future altogether."""
        if self.first <= today < self.last:
            return Period(self.span, self.first, today)
        return self

    def steps(self) -> Iterator[date]:
        """The day with which each part begins; the first part may begin before the period."""
        day = step_of(self.first, self.step)
        while day <= self.last:
            yield day
            day = _next(day, self.step)


def period_of(span: Span, day: date) -> Period:
    """The week (from Monday), month, half or year in which ``day`` lies."""
    if span == Span.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(span, first, first + timedelta(days=6))
    if span == Span.HALF:
        begins = 1 if day.month <= 6 else 7
        return Period(span, date(day.year, begins, 1), _end(day.year, begins + 5))
    if span == Span.YEAR:
        return Period(span, date(day.year, 1, 1), date(day.year, 12, 31))
    return Period(span, day.replace(day=1), _end(day.year, day.month))


def own_period(first: date, last: date) -> Period:
    """In whichever order the two were given; cut where it would be too long to draw."""
    first, last = min(first, last), max(first, last)
    return Period(Span.OWN, first, min(last, first + LONGEST))


def step_of(day: date, step: Step) -> date:
    """The day with which the part begins that holds ``day``."""
    if step == Step.DAY:
        return day
    if step == Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def _next(day: date, step: Step) -> date:
    if step == Step.DAY:
        return day + timedelta(days=1)
    if step == Step.WEEK:
        return day + timedelta(days=7)
    return _end(day.year, day.month) + timedelta(days=1)


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
