"""A list of units that somebody brings, against the units that are there. Pure but for the words.

Columns are known by their heads, in Vietnamese or English, with or without marks. A spreadsheet
eats the zeros that codes begin with: they are put back.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.library.tables import Flaw, Row
from vang.orgs.models import Unit, UnitChange
from vang.orgs.naming import COMMUNE_KINDS, VILLAGE_KINDS, kind_and_name
from vang.orgs.national import REFORM, Listed, before_2025

Level, Kind = Unit.Level, Unit.Kind
LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.VILLAGE)
_HEADS = {
    "code": {"code", "ma", "ma so", "ma don vi", "ma xa", "ma don vi hanh chinh"},
    "name": {"name", "ten", "ten don vi", "ten don vi hanh chinh", "don vi", "ten xa"},
    "kind": {"kind", "loai", "loai hinh", "loai don vi"},
    "level": {"level", "cap"},
    "parent": {"parent", "ma cap tren", "ma don vi cap tren", "truc thuoc", "ma tinh", "cap tren"},
    "origins": {"origins", "hop thanh tu", "ma don vi cu", "nhap tu", "predecessors"},
    "households": {"households", "so ho", "ho", "ho dan"},
}
_LEVEL_OF = {
    **dict.fromkeys((Kind.TINH, Kind.THANH_PHO), Level.PROVINCE),
    Kind.HUYEN: Level.DISTRICT,
    **dict.fromkeys(COMMUNE_KINDS, Level.COMMUNE),
    **dict.fromkeys(VILLAGE_KINDS, Level.VILLAGE),
}
_LEVEL_WORDS = {
    "tinh": Level.PROVINCE, "province": Level.PROVINCE, "huyen": Level.DISTRICT,
    "district": Level.DISTRICT, "xa": Level.COMMUNE, "commune": Level.COMMUNE,
    "thon": Level.VILLAGE, "village": Level.VILLAGE,
}  # fmt: skip
_DIGITS = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}
_ABOVE = {
    Level.PROVINCE: (),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.COMMUNE: (Level.PROVINCE, Level.DISTRICT),
    Level.VILLAGE: (Level.COMMUNE,),
}
_CODE = re.compile(r"[0-9A-Za-z.\-]{1,16}")
_NAME_LENGTH = 120


class Fate(StrEnum):
    """What a row comes to."""

    NEW = "new"
    MERGED = "merged"
    CHANGED = "changed"
    ENDED = "ended"
    COUNTED = "counted"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Wanted:
    """A unit as the list has it."""

    line: int
    code: str
    level: str
    kind: str
    name: str
    parent: str = ""
    origins: tuple[str, ...] = ()
    households: int | None = None

    @property
    def full_name(self) -> str:
        return f"{Kind(self.kind).label.capitalize()} {self.name}"


@dataclass(frozen=True)
class There:
    """A unit that is there on the day before the list counts."""

    code: str
    level: str
    kind: str
    name: str
    parent: str
    households: int | None
    full_name: str


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be used; ``line`` as the program shows it."""

    line: int
    text: str
    reason: str | Promise


@dataclass(frozen=True)
class Outcome:
    """One unit of the list, and what was there. ``kind``: of the change of units it means."""

    fate: Fate
    wanted: Wanted | None = None
    there: There | None = None
    kind: str = ""

    @property
    def code(self) -> str:
        one = self.wanted or self.there
        return one.code if one else ""


@dataclass
class Preview:
    """What the list would do. ``wrong`` rows do nothing."""

    outcomes: list[Outcome] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.fate.value for one in self.outcomes)
        return {fate.value: found[fate.value] for fate in Fate if fate is not Fate.WRONG} | {
            Fate.WRONG.value: len(self.wrong)
        }

    @property
    def does_something(self) -> bool:
        return any(one.fate is not Fate.SAME for one in self.outcomes)

    def of(self, fate: Fate) -> list[Outcome]:
        return [one for one in self.outcomes if one.fate is fate]


def wanted_of(rows: Sequence[Row]) -> tuple[list[Wanted], list[Wrong]]:
    """The units of a table whose first row names its columns. Raises Refusal."""
    columns = _columns(rows[0].cells)
    good: list[Wanted] = []
    wrong: list[Wrong] = []
    for row in rows[1:]:
        cells = {name: _cell(row.cells, place) for name, place in columns.items()}
        told = " | ".join(cell for cell in row.cells if cell)[:120]
        try:
            good.append(_wanted(row, cells))
        except _Unusable as error:
            wrong.append(Wrong(row.line, told, error.reason))
    return good, wrong


def of_national(found: Iterable[Listed], *, reform: bool) -> list[Wanted]:
    """Rows of the list that comes with the software. ``reform``: it is to count from 1 July 2025,
    so that what each commune was made of is known."""
    origins = before_2025() if reform else {}
    return [
        Wanted(
            number,
            one.code,
            one.level,
            one.kind,
            one.name,
            one.parent,
            tuple(old.code for old in origins.get(one.code, ()) if old.whole),
        )
        for number, one in enumerate(found, start=2)
    ]


def compare(
    wanted: Sequence[Wanted], there: Mapping[str, There], *, complete: bool, within: Collection[str]
) -> Preview:
    """``within``: codes of the units that the list may be about; empty for all there are.

    ``complete``: what is there, of a level that the list has, and not in the list, ends.
    """
    preview = Preview()
    twice = {code for code, count in Counter(one.code for one in wanted).items() if count > 1}
    levels = {one.code: one.level for one in there.values()} | {
        one.code: one.level for one in wanted
    }
    gone: set[str] = set()
    for one in wanted:
        reason = _reason(one, _Known(twice, levels, there, within, gone))
        if reason is not None:
            preview.wrong.append(Wrong(one.line, f"{one.code} {one.full_name}", reason))
            continue
        outcome = _outcome(one, there)
        gone |= set(one.origins) if outcome.fate is Fate.MERGED else set()
        preview.outcomes.append(outcome)
    if complete:
        listed = {one.code for one in wanted}
        has = {one.level for one in wanted}
        for old in there.values():
            inside = not within or old.parent in within
            if old.level in has and inside and old.code not in listed and old.code not in gone:
                preview.outcomes.append(
                    Outcome(Fate.ENDED, there=old, kind=UnitChange.Kind.ABOLISH)
                )
    return preview


def _outcome(one: Wanted, there: Mapping[str, There]) -> Outcome:
    old = there.get(one.code)
    merges = [code for code in one.origins if code in there]
    if merges and merges != [one.code]:
        return Outcome(Fate.MERGED, one, old, UnitChange.Kind.MERGE)
    if old is None:
        return Outcome(Fate.NEW, one)
    for kind, same in (
        (UnitChange.Kind.RENAME, one.name == old.name),
        (UnitChange.Kind.RETYPE, one.kind == old.kind),
        (UnitChange.Kind.REPARENT, not one.parent or one.parent == old.parent),
    ):
        if not same:
            return Outcome(Fate.CHANGED, one, old, kind)
    counted = one.households is not None and one.households != old.households
    return Outcome(Fate.COUNTED if counted else Fate.SAME, one, old)


@dataclass(frozen=True)
class _Known:
    """Against what every row is held. ``gone``: what earlier rows made of other units."""

    twice: set[str]
    levels: Mapping[str, str]
    there: Mapping[str, There]
    within: Collection[str]
    gone: set[str]


def _reason(one: Wanted, known: _Known) -> str | Promise | None:
    above = _ABOVE[Level(one.level)]
    old = known.there.get(one.code)
    reasons: tuple[tuple[bool, str | Promise], ...] = (
        (one.code in known.twice, _("The code stands in the list twice.")),
        (
            old is not None and old.level != one.level,
            _("The code belongs to a unit of another level."),
        ),
        (
            bool(above) and not one.parent and old is None,
            _("It is not said which unit it belongs to."),
        ),
        (
            bool(one.parent) and known.levels.get(one.parent) not in above,
            _("The unit above is not known, or stands on the wrong level."),
        ),
        (
            bool(known.within) and (one.parent or (old.parent if old else "")) not in known.within,
            _("It lies outside the unit that you administer."),
        ),
        (
            bool(set(one.origins) & known.gone),
            _("A unit that it comes from goes to another one already."),
        ),
        (
            old is not None and bool(one.origins) and one.code not in one.origins,
            _("The unit that bears this code goes on, or is divided: use the guided page for it."),
        ),
    )
    return next((reason for applies, reason in reasons if applies), None)


class _Unusable(Exception):
    def __init__(self, reason: str | Promise) -> None:
        super().__init__()
        self.reason = reason


_FLAWS = {
    Flaw.FORMULA: _("A cell holds a formula. Put its value there instead."),
    Flaw.MERGED: _("Cells are merged here. Separate them."),
    Flaw.ERROR: _("A cell holds an error of the spreadsheet."),
    Flaw.LONG: _("A cell is too long."),
}


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        told = " ".join(fold(head).replace("_", " ").split())
        for name, known in _HEADS.items():
            if told in known:
                found.setdefault(name, place)
    if "code" not in found or "name" not in found:
        raise Refusal("list-without-heads", _NO_HEADS)
    return found


_NO_HEADS = _("The first row must name the columns; “Mã” and “Tên” are needed.")


def _cell(cells: Sequence[str], place: int) -> str:
    return " ".join(clean_text(cells[place]).split()) if place < len(cells) else ""


def _wanted(row: Row, cells: Mapping[str, str]) -> Wanted:
    for flaw in Flaw:
        if flaw in row.flaws:
            raise _Unusable(_FLAWS[flaw])
    if not cells["code"] or not cells["name"]:
        raise _Unusable(_("Code or name is missing."))
    kind, name = _kind_and_name(cells)
    level = _LEVEL_WORDS.get(fold(cells.get("level", "")), _LEVEL_OF[kind])
    if len(name) > _NAME_LENGTH:
        raise _Unusable(_("The name is longer than 120 characters."))
    above = _ABOVE[level]
    parent = cells.get("parent", "")
    return Wanted(
        line=row.line,
        code=_code(cells["code"], level),
        level=level,
        kind=kind,
        name=name,
        parent=_parent(parent, above[0]) if parent and above else "",
        origins=tuple(
            _code(part, level) for part in re.split(r"[;,\s]+", cells.get("origins", "")) if part
        ),
        households=_households(cells.get("households", "")),
    )


def _parent(told: str, level: str) -> str:
    """A code of two digits is a province's, one of three a district's, whatever comes below."""
    return _code(told, level if len(told) <= _DIGITS.get(Level(level), 0) else Level.VILLAGE)


def _kind_and_name(cells: Mapping[str, str]) -> tuple[Unit.Kind, str]:
    told, full = fold(cells.get("kind", "")), cells["name"]
    for kind in _LEVEL_OF:
        if told and told in {
            fold(kind.label),
            fold(kind.value),
            fold(kind.value).replace("_", " "),
        }:
            whole = kind_and_name(full, [kind])
            return kind, whole[1] if whole else full
    if told:
        raise _Unusable(_("This kind of unit is not known."))
    if found := kind_and_name(full, list(_LEVEL_OF)):
        return found
    raise _Unusable(_("Say what kind of unit it is: “Xã Quế Sơn”, or a column “Loại”."))


def _code(told: str, level: str) -> str:
    if not _CODE.fullmatch(told):
        raise _Unusable(_("This is no code of a unit."))
    digits = _DIGITS.get(Level(level), 0)
    return told.zfill(digits) if told.isdecimal() else told


def _households(told: str) -> int | None:
    if not told:
        return None
    digits = re.sub(r"[.\s]", "", told)
    if not digits.isdecimal() or len(digits) > 7:
        raise _Unusable(_("The number of households is no whole number."))
    return int(digits)


def packed(wanted: Iterable[Wanted]) -> list[list[Any]]:
    """To be kept until somebody confirms it."""
    return [
        [o.line, o.code, o.level, o.kind, o.name, o.parent, list(o.origins), o.households]
        for o in wanted
    ]


def unpacked(rows: Iterable[list[Any]]) -> list[Wanted]:
    return [replace(Wanted(*row), origins=tuple(row[6])) for row in rows]


__all__ = ["REFORM", "Fate", "Preview", "Wanted", "Wrong", "compare", "of_national", "wanted_of"]
