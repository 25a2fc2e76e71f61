"""The year's calendar of suggestions: what ships with Vang, and what units above add."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vang.editorial.models import Season
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors


@dataclass(frozen=True)
class Suggestion:
    """A theme for some months. From a later month to an earlier one: over the turn of the year."""

    key: str
    name: str
    month_from: int
    month_to: int
    category: str
    note: str
    of: str = ""
    """The unit that added it; empty for what ships with Vang."""

    @property
    def months(self) -> str:
        """``9–12``, ``3``."""
        if self.month_from == self.month_to:
            return str(self.month_from)
        return f"{self.month_from}–{self.month_to}"

    def within_a_year(self) -> tuple[tuple[int, int], ...]:
        """One period, or two when it goes over the turn of the year."""
        if self.month_from <= self.month_to:
            return ((self.month_from, self.month_to),)
        return ((1, self.month_to), (self.month_from, 12))


@cache
def shipped() -> tuple[Suggestion, ...]:
    """Crops of the central coast, vaccination, storms, and the days that the law fixes."""
    text = resources.files(__package__).joinpath("data", "seasons.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return tuple(
        Suggestion(
            key=row["key"],
            name=row["name"],
            month_from=int(row["from"]),
            month_to=int(row["to"]),
            category=row["category"],
            note=row["note"],
        )
        for row in rows
    )


def suggestions(unit: Unit) -> list[Suggestion]:
    """For a unit: what it and those above added, then what ships; by month."""
    rows = Season.objects.filter(unit__in=ancestors(unit)).select_related("unit")
    added = [
        Suggestion(
            key=f"own-{row.pk}",
            name=row.name,
            month_from=row.month_from,
            month_to=row.month_to,
            category=row.category,
            note=row.note,
            of=row.unit.full_name,
        )
        for row in rows.order_by("month_from", "pk")
    ]
    return sorted([*added, *shipped()], key=lambda one: one.month_from)
