# ruff: noqa: E501 - patterns set like tables
"""Deadlines in running text, also those that come again: "trước ngày 10/6 và 10/11 hằng năm". Pure."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from vang.library.official.folding import flat


class Repeat(StrEnum):
    """How a deadline comes again."""

    ONCE = ""
    YEARLY = "yearly"
    HALF_YEARLY = "half-yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    ALWAYS = "always"


@dataclass(frozen=True)
class Point:
    """A day: month 0 is every month, day 0 the last of the month. ``year`` 0 was not told."""

    day: int
    month: int = 0
    year: int = 0


@dataclass(frozen=True)
class Deadline:
    """``text`` stands in the searched text from ``start`` to ``end``. Without points nothing but the
    repeat is known; ``days`` counts from an event ("trong 10 ngày kể từ …")."""

    text: str
    start: int
    end: int
    points: tuple[Point, ...] = ()
    repeat: Repeat = Repeat.ONCE
    days: int = 0

    def shifted(self, by: int) -> "Deadline":
        return replace(self, start=self.start + by, end=self.end + by)


_DM = r"(?<!thang )(?<!quy )(?P<d{n}>\d{{1,2}})\s*[/.-]\s*(?P<m{n}>\d{{1,2}})(?:\s*[/.-]\s*(?P<y{n}>(?:19|20)\d\d))?(?!\d)"
_WORDED = (
    r"(?P<wd>\d{1,2})\s+thang\s+(?P<wm>\d{1,2})(?:\s*(?:/|,?\s*nam\s+)\s*(?P<wy>(?:19|20)\d\d))?"
)
_BEFORE = (
    r"(?:(?:hoan thanh|xong|gui|bao cao|nop|thuc hien|dinh ky)\s+)?"
    r"(?:(?:den\s+)?truoc|cham nhat(?: la)?(?: den| vao| trong)?|muon nhat(?: la)?|den het|den|tu nay den"
    r"|het|vao|trong|xong|han (?:chot|cuoi|nop)|khong qua|thoi han(?: la)?|han|hoan thanh|ket thuc)(?:\s+\d{1,2}\s*(?:h|gio|g)\s*\d{0,2})?"
)
_EVERY = r"(?:hang|moi)\s+nam|cua\s+nam|nam\s+sau"
_ROMAN = r"(?:iv|i{1,3}|[1-4])"
_LIST = re.compile(
    rf"(?P<before>{_BEFORE}\s+)?(?:ngay\s+)?(?:\d{{1,2}}\s*[-–]\s*(?=\d{{1,2}}/))?(?:{_WORDED}|{_DM.format(n='')})(?!\s*[/-]\s*[a-z])"
)
_MORE = re.compile(
    rf"(?:\s*\([^()]{{0,80}}\))?\s*(?:,|;|va|hoac)\s*(?:{_BEFORE}\s+)?(?:ngay\s+)?"
    rf"(?:{_WORDED}|{_DM.format(n='')})(?!\s*[/-]\s*[a-z])"
)
_UNTIL = re.compile(
    rf"\s*(?:-|–|den(?:\s+het)?)\s*(?:ngay\s+)?(?:{_WORDED}|{_DM.format(n='')})(?!\s*[/-]\s*[a-z])"
)
_YEARLY = re.compile(rf"(?:\s*\([^()]{{0,80}}\))?\s*,?\s*(?:{_EVERY})")
_YEARLY_BEFORE = re.compile(r"(?:hang|moi)\s+nam\s*[,:;(]?\s*(?:\w+\s+){0,12}$")
_OF_MONTH = re.compile(
    rf"(?:{_BEFORE}\s+)?(?:ngay\s+)?(?:mung\s+)?(?P<day>\d{{1,2}})\s+(?:cua\s+)?(?P<every>(?:hang|moi)\s+thang"
    r"|thang\s+cuoi\s+(?:cua\s+)?(?:moi\s+)?quy|(?:hang|moi)\s+quy|thang\s+dau\s+(?:cua\s+)?quy(?:\s+sau)?)"
)
_IN_MONTH = re.compile(
    rf"(?P<every>(?:hang|moi)\s+thang|dinh\s+ky\s+thang)\s*[,(]?\s*(?:{_BEFORE}\s+)?(?:vao\s+)?ngay\s+(?P<day>\d{{1,2}})(?!\s*[/.-]?\s*\d|\s+thang)\)?"
)
_PERIODS = re.compile(
    r"(?:dinh\s+ky|bao\s+cao)\s*[(:]?\s*(?P<list>(?:tuan|thang|quy|nam|6\s+thang|9\s+thang)(?:\s*(?:,|va|/)\s*(?:tuan|thang|quy|nam|0?6\s+thang|0?9\s+thang))+)(?!\s*\d)"
)
_PERIOD = re.compile(r"0?[69]\s+thang|tuan|thang|quy|nam")
_QUARTER = re.compile(
    rf"(?:(?:trong|tu|den|het|hoan thanh(?: trong)?|truoc|cuoi|dau)\s+)?(?:quy\s+|q\.?\s?)(?P<q>{_ROMAN})\b"
    rf"(?P<more>(?:\s*(?:,|va|-|–|den|den het)\s*(?:quy\s+)?{_ROMAN}\b)*)"
    r"(?:\s*(?:/|-|nam|,\s*nam)\s*(?P<y>(?:19|20)\d\d))?(?P<every>\s+(?:hang|moi)\s+nam)?"
)
_MONTH = re.compile(
    r"(?:(?:trong|tu|den|het|hoan thanh(?: trong)?|truoc|cuoi|dau|giua)\s+)?(?<!hang )(?<!moi )(?:thang\s+|(?<!\w)t\.?(?=\d{1,2}/(?:19|20)\d\d))"
    r"(?P<m>\d{1,2})(?P<more>(?:\s*(?:,|va|-|–|den|den het)\s*(?:thang\s+)?\d{1,2}(?!\d|/\d{1,2}(?!\d)))*)"
    r"(?:\s*(?:/|,?\s*nam)\s*(?P<y>(?:19|20)\d\d)|/(?P<y2>(?:19|20)\d\d))?(?P<every>\s+(?:hang|moi)\s+nam)?(?!\s*(?:dau|cuoi))"
)
_HALF = re.compile(
    r"(?:(?:trong|bao cao|dinh ky)\s+)?(?:6|06|sau)\s+thang(?:\s+(?P<which>dau|cuoi)\s+nam)?(?P<and>\s*(?:,|va|/)\s*(?:ca\s+|mot\s+|0?1\s+)?(?:hang\s+)?nam\b|\s+mot\s+lan|/lan|\s+va\s+cuoi\s+nam)?"
    r"(?:\s*(?:nam\s+)?(?P<y>(?:19|20)\d\d))?"
)
_YEAR = re.compile(
    r"(?:(?:trong|den|truoc|het|cuoi|hoan thanh(?: trong)?|den het|den cuoi|vao cuoi|dau)\s+)?nam\s+(?P<y>(?:19|20)\d\d)"
    r"(?:\s*[-–]\s*(?P<y2>(?:19|20)\d\d))?"
)
_HEADS_LINE = re.compile(r"\W*(?:\d{1,2}[.)]|[a-z][.)])?\s*$")
_SPAN = re.compile(
    r"(?:giai doan\s+|tu\s+nam\s+|nam\s+)?(?P<y>(?:19|20)\d\d)\s*(?:-|–|den(?:\s+nam)?)\s*(?P<y2>(?:19|20)\d\d)"
)
_REPEATS = (
    (
        Repeat.ALWAYS,
        r"thuong xuyen(?:,?\s*lien tuc|,?\s*hang nam)?|lien tuc|suot nam|ca nam|hang ngay",
    ),
    (Repeat.WEEKLY, r"(?:hang|moi)\s+tuan"),
    (Repeat.MONTHLY, r"(?:hang|moi)\s+thang|dinh ky thang"),
    (Repeat.QUARTERLY, r"(?:hang|moi)\s+quy|dinh ky quy"),
    (Repeat.YEARLY, r"(?:hang|moi)\s+nam|dinh ky nam|cuoi\s+(?:moi\s+)?nam|theo nam"),
)
_REPEAT = tuple((repeat, re.compile(rf"\b(?:{words})\b")) for repeat, words in _REPEATS)
_WITHIN = re.compile(
    r"(?:trong|sau|cham nhat(?: la)?)\s+(?:thoi han\s+|vong\s+|khong qua\s+)*(?P<n>\d{1,3})\s+ngay(?:\s+lam viec)?"
    r"(?=[\s,.;]|$)"
)
_OTHER_DOCUMENT = re.compile(
    r"(?:(?:tw|ubnd|hdnd|tu|hu|ttg|cp|nd|qd|kh|ct|tt|nq|qh)\w*[-–/]?\w*|luat|so \S+)\s*,?\s*$"
)
_NAMED = {
    "tuan": Repeat.WEEKLY, "thang": Repeat.MONTHLY, "quy": Repeat.QUARTERLY,
    "6 thang": Repeat.HALF_YEARLY, "nam": Repeat.YEARLY,
}  # fmt: skip
_ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FROM = re.compile(r"\btu\s+(?:ngay\s+)?$")
_SECOND_QUARTER = re.compile(_ROMAN)


def deadlines_in(text: str, *, told: bool = False) -> tuple[Deadline, ...]:
    """``told`` says that the text is about time as a whole: a cell, or after "Thời gian:"."""
    folded = flat(text)
    found: list[Deadline] = []
    readers = (_dated, _within, _of_month, _periods, _quarters, _months, _halves, _years, _repeats)
    for reader in readers:
        for deadline in reader(folded, told=told):
            apart = all(deadline.end <= o.start or deadline.start >= o.end for o in found)
            if apart:
                found.append(replace(deadline, text=text[deadline.start : deadline.end]))
    found.sort(key=lambda deadline: deadline.start)
    return tuple(_without_echoes(found))


def _without_echoes(found: list[Deadline]) -> list[Deadline]:
    """ "hằng năm" beside days that come every year says nothing more."""
    days = [d for d in found if any(point.day and not point.year for point in d.points)]
    if days and any(d.repeat == Repeat.HALF_YEARLY for d in found):
        found = [
            replace(d, repeat=Repeat.YEARLY) if d in days and d.repeat == Repeat.ONCE else d
            for d in found
            if d.repeat != Repeat.HALF_YEARLY
        ]
    exact = {d.repeat for d in found if d.points}
    bare = {Repeat.YEARLY, Repeat.MONTHLY, Repeat.QUARTERLY}
    return [
        d for d in found
        if d.points or d.days or d.repeat not in bare or (d.repeat not in exact and not exact & bare)
    ]  # fmt: skip


def _dated(folded: str, *, told: bool) -> Iterator[Deadline]:
    place = 0
    while (found := _LIST.search(folded, place)) is not None:
        place = found.end()
        point = _point(found)
        if point is None:
            continue
        points, end = [point], found.end()
        span = _UNTIL.match(folded, end)
        if span is not None and (last := _point(span)) is not None:
            points, end = [last], span.end()
        while (more := _MORE.match(folded, end)) is not None and (point := _point(more)):
            points.append(point)
            end = more.end()
        yearly = _YEARLY.match(folded, end)
        before = _YEARLY_BEFORE.search(folded[: found.start()])
        if yearly:
            end = yearly.end()
        told_so = told or found["before"] or yearly or _is_due(folded, found)
        if not (told_so or (span and _FROM.search(folded[: found.start()]))):
            continue
        years = {p.year for p in points if p.year}
        if years:
            points = [replace(p, year=p.year or max(years)) for p in points]
        repeat = Repeat.YEARLY if (yearly or before) and not years else Repeat.ONCE
        place = end
        yield Deadline("", found.start(), end, tuple(points), repeat)


def _is_due(folded: str, found: re.Match[str]) -> bool:
    """A bare day is a deadline only where the words just before say so."""
    before = folded[max(0, found.start() - 40) : found.start()]
    due = r"(?:truoc|cham nhat|thoi gian|thoi han|han|tien do|hoan thanh)\W*(?:la\s+)?(?:ngay\s+)?$"
    return re.search(due, before) is not None


def _point(found: re.Match[str]) -> Point | None:
    parts = found.groupdict()
    day = int(parts.get("wd") or parts.get("d") or 0)
    month = int(parts.get("wm") or parts.get("m") or 0)
    year = int(parts.get("wy") or parts.get("y") or 0)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 2024, month)[1]:
        return None
    return Point(day, month, year)


def _within(folded: str, *, told: bool) -> Iterator[Deadline]:
    del told
    for found in _WITHIN.finditer(folded):
        yield Deadline("", *found.span(), days=int(found["n"]))


def _of_month(folded: str, *, told: bool) -> Iterator[Deadline]:
    del told
    yield from _day_of_every_month(folded)
    for found in _OF_MONTH.finditer(folded):
        day, every = int(found["day"]), found["every"]
        if not 1 <= day <= 31:
            continue
        if "quy" not in every:
            yield Deadline("", *found.span(), (Point(day),), Repeat.MONTHLY)
            continue
        first = 1 if "dau" in every else 3
        points = tuple(Point(min(day, 30), month) for month in range(first, 13, 3))
        yield Deadline("", *found.span(), points, Repeat.QUARTERLY)


def _day_of_every_month(folded: str) -> Iterator[Deadline]:
    """ "hằng tháng (trước ngày 25)" """
    for found in _IN_MONTH.finditer(folded):
        if 1 <= int(found["day"]) <= 31:
            yield Deadline("", *found.span(), (Point(int(found["day"])),), Repeat.MONTHLY)


def _periods(folded: str, *, told: bool) -> Iterator[Deadline]:
    """ "định kỳ tháng, quý, 6 tháng và năm" """
    del told
    for found in _PERIODS.finditer(folded):
        if not re.search(r"(?<!\d )\b(?:tuan|thang|quy)\b", found["list"]):
            continue
        for period in _PERIOD.finditer(folded, found.start("list"), found.end("list")):
            repeat = _NAMED.get(period[0].lstrip("0"))
            if repeat is not None:
                yield Deadline("", *period.span(), repeat=repeat)


def _quarters(folded: str, *, told: bool) -> Iterator[Deadline]:
    del told
    for found in _QUARTER.finditer(folded):
        quarters = _last_of_span(
            found["more"],
            [_quarter(found["q"]), *map(_quarter, _SECOND_QUARTER.findall(found["more"]))],
        )
        year = int(found["y"] or 0)
        points = tuple(Point(0, 3 * quarter, year) for quarter in dict.fromkeys(quarters))
        repeat = Repeat.YEARLY if found["every"] and not year else Repeat.ONCE
        yield Deadline("", *_trimmed(folded, found), points, repeat)


def _last_of_span(more: str, told: list[int]) -> list[int]:
    """ "tháng 3 đến tháng 8" is due with its end, "tháng 3 và tháng 8" twice."""
    return told[-1:] if re.match(r"\s*(?:-|–|den)", more) else told


def _quarter(told: str) -> int:
    return _ROMANS.get(told) or int(told)


def _months(folded: str, *, told: bool) -> Iterator[Deadline]:
    for found in _MONTH.finditer(folded):
        year = int(found["y"] or found["y2"] or 0)
        months = _last_of_span(
            found["more"], [int(found["m"]), *map(int, re.findall(r"\d{1,2}", found["more"]))]
        )
        if not all(1 <= month <= 12 for month in months):
            continue
        before = folded[max(0, found.start() - 12) : found.start()]
        if re.search(r"(?:ngay|\d)\s*$", before) and not told:
            continue
        points = tuple(Point(0, month, year) for month in dict.fromkeys(months))
        repeat = Repeat.YEARLY if found["every"] and not year else Repeat.ONCE
        yield Deadline("", *_trimmed(folded, found), points, repeat)


def _halves(folded: str, *, told: bool) -> Iterator[Deadline]:
    for found in _HALF.finditer(folded):
        year = int(found["y"] or 0)
        if found["which"]:
            month = 6 if found["which"] == "dau" else 12
            points = [Point(0, month, year)]
            if found["and"]:
                points.append(Point(0, 12, year))
            yield Deadline("", *_trimmed(folded, found), tuple(points))
        elif found["and"] or told or "dinh ky" in found[0]:
            points = [Point(0, 6), Point(0, 12)]
            yield Deadline("", *_trimmed(folded, found), tuple(points), Repeat.HALF_YEARLY)


def _years(folded: str, *, told: bool) -> Iterator[Deadline]:
    if told:
        for found in _SPAN.finditer(folded):
            yield Deadline("", *found.span(), (Point(0, 12, int(found["y2"])),))
    for found in _YEAR.finditer(folded):
        heads = _HEADS_LINE.match(folded[: found.start()]) is not None
        due = (heads and folded[found.end() :].startswith(":")) or re.match(
            r"(?:trong|den|truoc|het|cuoi|hoan thanh|vao)", found[0]
        )
        if told or due:
            yield Deadline("", *found.span(), (Point(0, 12, int(found["y2"] or found["y"])),))
    if told:
        for found in re.finditer(r"(?<![/\d])(?:19|20)\d\d(?![/\d])", folded):
            yield Deadline("", *found.span(), (Point(0, 12, int(found[0])),))


def _repeats(folded: str, *, told: bool) -> Iterator[Deadline]:
    for repeat, pattern in _REPEAT:
        for found in pattern.finditer(folded):
            if repeat == Repeat.ALWAYS and not told:
                continue
            yield Deadline("", *found.span(), repeat=repeat)


def _trimmed(folded: str, found: re.Match[str]) -> tuple[int, int]:
    return found.start(), found.start() + len(folded[found.start() : found.end()].rstrip())


def occurrences(deadline: Deadline, first: date, last: date) -> list[date]:
    """The days on which it is due between two days, both in it; none for "thường xuyên" and for
    deadlines that count from an event. A day without a year comes every year of the time."""
    days = {day for year in range(first.year, last.year + 1) for day in _of_year(deadline, year)}
    if deadline.repeat == Repeat.WEEKLY:
        days = {first + timedelta(days=n) for n in range(6, (last - first).days + 1, 7)}
    return sorted(day for day in days if first <= day <= last)


_BARE = {
    Repeat.YEARLY: (Point(0, 12),),
    Repeat.HALF_YEARLY: (Point(0, 6), Point(0, 12)),
    Repeat.QUARTERLY: tuple(Point(0, month) for month in (3, 6, 9, 12)),
    Repeat.MONTHLY: (Point(0),),
}


def _of_year(deadline: Deadline, year: int) -> Iterator[date]:
    for point in deadline.points or _BARE.get(deadline.repeat, ()):
        if point.year not in {0, year}:
            continue
        for month in [point.month] if point.month else range(1, 13):
            longest = calendar.monthrange(year, month)[1]
            yield date(year, month, min(point.day or longest, longest))
