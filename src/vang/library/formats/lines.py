"""Lines of a document with their place, and the text they make. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from vang.base.text import clean_text
from vang.library.syllables import is_syllable

_BLANK_LINES = re.compile(r"\n{3,}")
_OTHER_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_BULLET = re.compile(r"^(\s*)[•▪●○◦‣∙■□►▶✓✔➢➤❖]\s*", re.MULTILINE)
# ƣ stands for ư in PDF files of old Word versions; Ð and ð are the Icelandic look-alikes of Đ.
_LOOK_ALIKES = str.maketrans({"ƣ": "ư", "Ƣ": "Ư", "Ð": "Đ", "ð": "đ", "Ɖ": "Đ"})


class Kind(StrEnum):
    """What a line is in its document."""

    TEXT = "text"
    ROW = "row"
    NOTE = "note"
    HEADER = "header"
    FOOTER = "footer"


class Side(StrEnum):
    """In a part that is set in two columns without rules: the head and the foot of a letter."""

    WHOLE = "whole"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``begins`` says that a paragraph begins with it.

    ``block`` is the same for lines of one cell or column; ``top`` is in points from the page's
    upper edge and 0 where the format knows no pages. ``cells`` are those of a row.
    """

    text: str
    begins: bool = True
    kind: Kind = Kind.TEXT
    side: Side = Side.WHOLE
    block: int = 0
    page: int = 1
    top: float = 0.0
    bold: bool = False
    centred: bool = False
    cells: tuple[str, ...] = ()


def tidy_line(text: str) -> str:
    """NFC, visible characters, plain spaces (those inside are kept), "- " for every bullet."""
    plain = _OTHER_SPACES.sub(" ", clean_text(text).translate(_LOOK_ALIKES))
    return _BULLET.sub(r"\1- ", plain).rstrip()


def tidy(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with their text tidied; a line break inside becomes a line that continues."""
    for line in lines:
        cells = tuple(tidy_line(cell) for cell in line.cells)
        first, *others = tidy_line(line.text).split("\n") if line.kind != Kind.ROW else [""]
        if line.kind == Kind.ROW:
            first = " | ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        yield replace(line, text=first.rstrip(), cells=cells)
        for other in others:
            yield replace(line, text=other.rstrip(), begins=False)


def text_of(lines: Iterable[Line]) -> str:
    """The whole text: a paragraph a line, footnotes and page feet at the end."""
    body: list[str] = []
    after: list[str] = []
    broken = False
    for line in lines:
        target = after if line.kind in {Kind.NOTE, Kind.FOOTER} else body
        if line.begins or not target or not line.text or broken:
            target.append(line.text)
        else:
            target[-1] = joined(target[-1], line.text)
        broken = not line.text
    text = "\n".join(body + ([""] if after else []) + after)
    return _BLANK_LINES.sub("\n\n", text).strip()


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph. A hyphen that divides a word goes, one between words stays."""
    after = after.lstrip()
    if not before or not after:
        return before or after
    if before.endswith("\u00ad"):
        return before[:-1] + after
    if before.endswith("-") and before[-2:-1].isalnum() and after[:1].isalnum():
        return (before[:-1] if _divided(before, after) else before) + after
    return f"{before} {after}"


def _divided(before: str, after: str) -> bool:
    """Vietnamese words are not divided, so a hyphen after a Vietnamese syllable is its own."""
    head = re.split(r"[^\w]+", before[:-1])[-1]
    tail = re.split(r"[^\w]+", after)[0]
    if not tail[:1].islower() or head.isdigit():
        return False
    return not (is_syllable(head) and is_syllable(tail))


def to_plain(line: Line) -> dict[str, Any]:
    """For the pipe between the processes and for the database; defaults are left out."""
    plain: dict[str, Any] = {"text": line.text}
    for name in Line.__slots__[1:]:
        value = getattr(line, name)
        if value != _DEFAULTS[name]:
            plain[name] = value
    return plain


def from_plain(plain: dict[str, Any]) -> Line:
    """Raises ValueError or TypeError for anything else than ``to_plain`` gave."""
    fields = dict(plain)
    fields["kind"] = Kind(fields.get("kind", Kind.TEXT))
    fields["side"] = Side(fields.get("side", Side.WHOLE))
    fields["cells"] = tuple(fields.get("cells", ()))
    return Line(**fields)


_BLANK = Line("")
_DEFAULTS = {name: getattr(_BLANK, name) for name in Line.__slots__}
