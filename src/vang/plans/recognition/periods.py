# ruff: noqa: E501 - patterns set like tables
"""The time that a plan covers, by its title and opening. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from vang.library.official.folding import flat

_Y = r"((?:19|20)\d\d)"
_SPAN = re.compile(
    rf"(?:giai doan|nhiem ky|thoi ky|cac nam|nam|tu)?\s*(?:tu\s+)?(?:nam\s+)?{_Y}\s*(?:-|–|—|den(?:\s+nam)?)\s*(?:het\s+)?(?:nam\s+)?{_Y}"
)
_DAYS = re.compile(
    rf"tu\s+(?:ngay\s+)?(\d{{1,2}})/(\d{{1,2}})(?:/{_Y})?\s*(?:-|–|den)\s*(?:het\s+)?(?:ngay\s+)?(\d{{1,2}})/(\d{{1,2}})/{_Y}"
)
_LISTED = re.compile(rf"(?:cac\s+)?nam\s+{_Y}(?:\s*(?:,|va|;)\s*(?:nam\s+)?{_Y})+")
_UNTIL = re.compile(rf"den\s+(?:het\s+|cuoi\s+)?nam\s+{_Y}")
_QUARTER = re.compile(rf"quy\s+(iv|i{{1,3}}|[1-4])\s*(?:/|nam)?\s*{_Y}")
_HALF = re.compile(rf"6\s+thang\s+(dau|cuoi)\s+nam\s+{_Y}")
_MONTH = re.compile(rf"thang\s+(\d{{1,2}})\s*(?:/|nam)\s*{_Y}")
_YEAR = re.compile(rf"(?<!ngay )\bnam\s+(?:hoc\s+)?{_Y}")
_ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_LONGEST_YEARS = 30


@dataclass(frozen=True)
class Period:
    """Both days belong to it; ``sure`` is False where it was taken from the day of issue."""

    first: date
    last: date
    text: str
    sure: bool = True


def period_of(title: str, opening: str, issued_on: date | None) -> Period | None:
    """From the title, else from the opening, else the year of issue (not sure)."""
    for text in (title, opening):
        found = _found(text, issued_on)
        if found is not None:
            return found
    if issued_on is None:
        return None
    return Period(issued_on, date(issued_on.year, 12, 31), "", sure=False)


def _found(text: str, issued_on: date | None) -> Period | None:
    folded = flat(text)
    for reader in (_days, _quarter, _half, _month, _span, _listed, _year):
        period = reader(folded, text)
        if period is not None:
            return period
    until = _UNTIL.search(folded)
    if until is None or issued_on is None or int(until[1]) < issued_on.year:
        return None
    return Period(issued_on, date(int(until[1]), 12, 31), _told(text, until))


def _days(folded: str, text: str) -> Period | None:
    found = _DAYS.search(folded)
    if found is None:
        return None
    day, month, year, last_day, last_month, last_year = found.groups()
    try:
        first = date(int(year or last_year), int(month), int(day))
        last = date(int(last_year), int(last_month), int(last_day))
    except ValueError:
        return None
    return Period(first, last, _told(text, found)) if first <= last else None


def _quarter(folded: str, text: str) -> Period | None:
    found = _QUARTER.search(folded)
    if found is None:
        return None
    quarter, year = _ROMANS.get(found[1]) or int(found[1]), int(found[2])
    return _months(year, 3 * quarter - 2, 3 * quarter, _told(text, found))


def _half(folded: str, text: str) -> Period | None:
    found = _HALF.search(folded)
    if found is None:
        return None
    first, last = (1, 6) if found[1] == "dau" else (7, 12)
    return _months(int(found[2]), first, last, _told(text, found))


def _month(folded: str, text: str) -> Period | None:
    found = _MONTH.search(folded)
    if (
        found is None
        or not 1 <= int(found[1]) <= 12
        or folded[: found.start()].rstrip().endswith(tuple("0123456789"))
    ):
        return None
    return _months(int(found[2]), int(found[1]), int(found[1]), _told(text, found))


def _months(year: int, first: int, last: int, told: str) -> Period:
    end = calendar.monthrange(year, last)[1]
    return Period(date(year, first, 1), date(year, last, end), told)


def _span(folded: str, text: str) -> Period | None:
    for found in _SPAN.finditer(folded):
        first, last = int(found[1]), int(found[2])
        if first <= last <= first + _LONGEST_YEARS:
            return Period(date(first, 1, 1), date(last, 12, 31), _told(text, found))
    return None


def _listed(folded: str, text: str) -> Period | None:
    """ "các năm 2026, 2027 và 2028" """
    found = _LISTED.search(folded)
    if found is None:
        return None
    years = [int(year) for year in re.findall(_Y, found[0])]
    if not min(years) <= max(years) <= min(years) + _LONGEST_YEARS:
        return None
    return Period(date(min(years), 1, 1), date(max(years), 12, 31), _told(text, found))


def _year(folded: str, text: str) -> Period | None:
    for found in _YEAR.finditer(folded):
        day = re.search(r"ngay\s+\d{1,2}\s+thang\s+\d{1,2}\s+$", folded[: found.start()])
        until = re.search(r"den\s+(?:het\s+|cuoi\s+)?$", folded[: found.start()])
        if day is None and until is None:
            year = int(found[1])
            return Period(date(year, 1, 1), date(year, 12, 31), _told(text, found))
    return None


def _told(text: str, found: re.Match[str]) -> str:
    return " ".join(text[found.start() : found.end()].split())
