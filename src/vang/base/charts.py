"""Figures over a period, told as a table and drawn from that table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from vang.base.display import vi_date

SERIES = 8
"""As many series as have a colour of their own."""
BLUE, AMBER, GREEN, RED, VIOLET, GREY = 1, 2, 3, 4, 5, 8
"""Of these, for series in which a colour means something."""

Value = float | int | None


@dataclass(frozen=True)
class ChartRow:
    """One moment or one kind: its name, where it leads, one value a series (None: no figure)."""

    label: str
    values: Sequence[Value]
    day: date | None = None
    url: str = ""

    @property
    def total(self) -> float:
        return sum(value or 0 for value in self.values)


@dataclass(frozen=True)
class Chart:
    """``kind``: "bars" (stacked, by day or period), "lines", or "meters" (a bar in each row of the
    table, for kinds with names). ``downloads`` are [(words, address)] of CSV and XLSX. ``colours``:
    the number of each series' colour where it means something (GREEN, RED …), else by turns."""

    name: str
    title: str
    heading: str
    series: Sequence[str]
    rows: Sequence[ChartRow]
    kind: str = "bars"
    unit: str = ""
    decimals: int = 0
    lead: str = ""
    downloads: Sequence[tuple[str, str]] = field(default=())
    colours: Sequence[int] = ()

    @property
    def empty(self) -> bool:
        return not any(row.total for row in self.rows)

    @property
    def legend(self) -> list[tuple[str, int]]:
        """Each series with the number of its colour."""
        return [(name, self.colour(n)) for n, name in enumerate(self.series)]

    def colour(self, n: int) -> int:
        return self.colours[n] if n < len(self.colours) else n % SERIES + 1

    @property
    def totals(self) -> list[float]:
        """One sum a series."""
        return [sum(row.values[n] or 0 for row in self.rows) for n in range(len(self.series))]

    @property
    def meters(self) -> list[tuple[ChartRow, list[tuple[float, float, int]]]]:
        """Rows with their bars: (left, width, colour), in percent of the longest row."""
        longest = max((row.total for row in self.rows), default=0) or 1
        return [(row, self._stacked(row, longest)) for row in self.rows]

    def _stacked(self, row: ChartRow, longest: float) -> list[tuple[float, float, int]]:
        found, left = [], 0.0
        for n, value in enumerate(row.values):
            width = round(100 * (value or 0) / longest, 2)
            if width:
                found.append((round(left, 2), width, self.colour(n)))
            left += width
        return found


def by_day(day: date, values: Sequence[Value], url: str = "") -> ChartRow:
    """The row of one day or of the period that begins with it."""
    return ChartRow(vi_date(day), values, day, url)
