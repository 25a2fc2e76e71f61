"""The national list of provinces and communes, and what those before 1 July 2025 became.

Files to choose from, read when they are asked for; no installation carries 3,321 communes in its
database unless somebody imports them. Their makers and licences: ``data/NOTICE``.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from vang.orgs.models import Unit

REFORM = date(2025, 7, 1)
"""First day of the communes without districts (law 72/2025/QH15)."""


@dataclass(frozen=True)
class Listed:
    """A province or commune of the national list; ``parent`` is the code of its province."""

    code: str
    level: str
    kind: str
    name: str
    parent: str
    resolution: str
    resolved_on: date | None

    @property
    def full_name(self) -> str:
        kind = Unit.Kind(self.kind).label
        return f"{kind[:1].upper()}{kind[1:]} {self.name}"


@dataclass(frozen=True)
class Before:
    """A commune until 30/06/2025 and one that it went to, whole or in part."""

    code: str
    kind: str
    name: str
    district_code: str
    district: str
    province_code: str
    successor: str
    whole: bool


@lru_cache(maxsize=1)
def listed() -> dict[str, Listed]:
    """By code: provinces of two digits, communes of five."""
    return {
        row["code"]: Listed(
            code=row["code"],
            level=row["level"],
            kind=row["kind"],
            name=row["name"],
            parent=row["parent"],
            resolution=row["resolution"],
            resolved_on=date.fromisoformat(row["resolved_on"]) if row["resolved_on"] else None,
        )
        for row in _rows("units.csv")
    }


@lru_cache(maxsize=1)
def before_2025() -> dict[str, list[Before]]:
    """By the code of the present commune: what went into it."""
    found: dict[str, list[Before]] = {}
    for row in _rows("before_2025.csv"):
        one = Before(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            district_code=row["district_code"],
            district=row["district"],
            province_code=row["province_code"],
            successor=row["successor"],
            whole=row["whole"] == "1",
        )
        found.setdefault(one.successor, []).append(one)
    return found


def became(code: str) -> list[Before]:
    """What a commune of before became: one row where it went as a whole."""
    return [one for rows in before_2025().values() for one in rows if one.code == code]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("vang.orgs").joinpath("data", name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
