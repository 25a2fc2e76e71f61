"""How a task stands on a day, and the days on which it is due. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from vang.plans.recognition.deadlines import Deadline, Repeat, occurrences
from vang.plans.recognition.plain import deadline_from_plain

SOON_DAYS = 14
MOST_DAYS = 400


class Standing(StrEnum):
    """Columns of the board, in order; each is a state of base.states."""

    OVERDUE = "task_overdue"
    SOON = "task_soon"
    UNDERWAY = "task_underway"
    TO_COME = "task_to_come"
    DONE = "task_done"


def standing_of(
    percent: int, next_due: date | None, finished_on: date | None, today: date
) -> Standing:
    """What is overdue stays so however far it has come."""
    if finished_on is not None:
        return Standing.DONE
    if next_due is not None and next_due < today:
        return Standing.OVERDUE
    if next_due is not None and (next_due - today).days <= SOON_DAYS:
        return Standing.SOON
    return Standing.UNDERWAY if percent else Standing.TO_COME


def due_days(deadlines: Sequence[Mapping[str, Any]], first: date, last: date) -> list[date]:
    """All days between ``first`` and ``last``, both in it; at most ``MOST_DAYS``."""
    found: set[date] = set()
    for plain in deadlines:
        found.update(_days(deadline_from_plain(dict(plain)), first, last))
    return sorted(found)[:MOST_DAYS]


def _days(deadline: Deadline, first: date, last: date) -> Iterable[date]:
    """A day told without a year is due in every year of the plan; one told with a year may lie
    beyond its end."""
    if deadline.repeat == Repeat.ONCE and any(point.year for point in deadline.points):
        return occurrences(deadline, date(first.year - 1, 1, 1), date(last.year + 5, 12, 31))
    return occurrences(deadline, first, last)


@dataclass(frozen=True)
class Bar:
    """A task on the timeline: positions in percent of its width; ``marks`` are the days due."""

    left: float
    width: float
    marks: tuple[tuple[float, bool], ...]


def bar_of(
    first: date, last: date, due: Sequence[tuple[date, bool]], *, finished_on: date | None = None
) -> Bar:
    """From the plan's first day to the last day due (or to its end); ``due`` with what is done."""
    whole = max(1, (last - first).days + 1)
    inside = [(day, done) for day, done in due if first <= day <= last]
    end = finished_on or max((day for day, _done in inside), default=last)
    end = min(max(end, first), last)
    marks = tuple(
        (round(100 * ((day - first).days + 0.5) / whole, 2), done) for day, done in inside
    )
    return Bar(0.0, round(100 * ((end - first).days + 1) / whole, 2), marks)


def months_of(first: date, last: date) -> list[tuple[float, str]]:
    """Ticks of the timeline: where each month, quarter or year begins, by the plan's length."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = 1 if months <= 14 else 3 if months <= 30 else 12
    whole = max(1, (last - first).days + 1)
    ticks = []
    for n in range(months + 1):
        year, month = divmod(first.month - 1 + n, 12)
        day = date(first.year + year, month + 1, 1)
        if (month % step and n) or not first <= day <= last:
            continue
        told = n == 0 or month == 0  # the year stands once, in the room of the next month
        label = f"{month + 1}/{day.year}" if told or step == 3 else f"{month + 1}"
        label = "" if step == 1 and (n == 1 or month == 1) else label
        label = str(day.year) if step == 12 else label
        ticks.append((round(100 * (day - first).days / whole, 2), label))
    return ticks
