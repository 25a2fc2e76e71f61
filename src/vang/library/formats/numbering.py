"""List numbers of a Word document: they are counted, not written, in its text."""

import re
from dataclasses import dataclass, field
from typing import Any

from vang.library.formats.counting import written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
BULLET = "- "
_PLACE = re.compile(r"%([1-9])")
_STYLES = {
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
}
_MOST_LEVELS = 9


@dataclass
class Level:
    """How one level of a list is numbered."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class _List:
    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document while it is read from its beginning to its end."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        if root is None:
            return
        abstract = {str(a.get(f"{W}abstractNumId")): a for a in root.iter(f"{W}abstractNum")}
        shared: dict[str, _List] = {}
        for num in root.iter(f"{W}num"):
            self._add(num, abstract, shared)

    def _add(self, num: Any, abstract: dict[str, Any], shared: dict[str, _List]) -> None:
        reference = num.find(f"{W}abstractNumId")
        name = str(reference.get(VAL)) if reference is not None else ""
        base = abstract.get(name)
        overrides = list(num.iter(f"{W}lvlOverride"))
        levels = {_number(lvl.get(f"{W}ilvl")): _level(lvl) for lvl in _levels(base)}
        for override in overrides:
            place = _number(override.get(f"{W}ilvl"))
            for lvl in override.iter(f"{W}lvl"):
                levels[place] = _level(lvl)
            start = override.find(f"{W}startOverride")
            if start is not None and place in levels:
                levels[place].start = _number(start.get(VAL))
        own = _List(levels)
        if not overrides:
            # Lists of one definition go on counting where the other stopped.
            own = shared.setdefault(name, own)
        self._lists[num.get(f"{W}numId") or ""] = own

    def mark(self, list_id: str, level: int) -> str:
        """The next item's number with a space after it, "" for no list."""
        found = self._lists.get(list_id)
        if list_id == "0" or not 0 <= level < _MOST_LEVELS:
            return ""
        if found is None or not found.levels:
            return BULLET
        own = found.levels.get(level, Level())
        if own.format in {"bullet", "none"}:
            return BULLET if own.format == "bullet" else ""
        found.counts[level] = found.counts.get(level, own.start - 1) + 1
        for deeper in [place for place in found.counts if place > level]:
            del found.counts[deeper]
        told = _PLACE.sub(lambda m: _counted(found, int(m[1]) - 1), own.text).strip()
        return f"{told} " if told else ""


def _counted(found: _List, level: int) -> str:
    own = found.levels.get(level, Level())
    number = found.counts.get(level, own.start)
    return written(number, _STYLES.get(own.format, "1"))


def _levels(abstract: Any | None) -> list[Any]:
    return list(abstract.iter(f"{W}lvl")) if abstract is not None else []


def _level(lvl: Any) -> Level:
    values = {child.tag: child.get(VAL) for child in lvl}
    return Level(
        values.get(f"{W}numFmt") or "decimal",
        values.get(f"{W}lvlText") or "",
        _number(values.get(f"{W}start"), 1),
    )


def _number(value: str | None, default: int = 0) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else default
