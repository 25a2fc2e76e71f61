"""Speakable text cut into what is synthesised in one go, with the silence after each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

LONGEST = 300
"""Characters in the longest sentence: longer input makes neural voices drift."""

_LINE_MS = 600
_PARAGRAPH_MS = 900
_PAUSES_MS = {".": 450, "!": 450, "?": 450, ";": 300, ":": 300, ",": 180}
_INSIDE_MS = 60
_MARK = re.compile(
    r"(?:(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|mốt|tư|lăm|chấm|hát|[a-zêđ]{1,2}) ?)"
    r"{1,9}\.",
    re.IGNORECASE,
)
"""A list mark ("hai chấm một.", "bê."): alone it would be spoken as a sentence of its own."""

_END = re.compile(r"(?<=[.!?;])\s+")
_COMMA = re.compile(r"(?<=[,:])\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One piece of speech, at most 300 characters, and the silence after it in ms."""

    text: str
    pause_ms: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of speakable text, in order; no word is lost or added.

    A line end gives 600 ms of silence, a blank line 900 ms, a full stop within a line 450 ms.
    """
    lines = [line.strip() for line in text.split("\n")]
    runs = [(bool(full), list(group)) for full, group in groupby(lines, key=bool)]
    found: list[Sentence] = []
    for at, (full, group) in enumerate(runs):
        if full:
            found += _block(group, blank_after=at + 1 < len(runs))
    return found


def _block(lines: list[str], *, blank_after: bool) -> Iterator[Sentence]:
    for at, line in enumerate(lines):
        last = at + 1 == len(lines)
        yield from _line(line, _PARAGRAPH_MS if last and blank_after else _LINE_MS)


def _line(line: str, end_ms: int) -> Iterator[Sentence]:
    pieces = [p for part in _joined(_END.split(line)) for p in _fitting(part)]
    for at, piece in enumerate(pieces):
        yield Sentence(piece, end_ms if at + 1 == len(pieces) else _pause(piece))


def _joined(parts: list[str]) -> list[str]:
    """Parts of a line with a list mark put before what it numbers."""
    if len(parts) > 1 and _MARK.fullmatch(parts[0]):
        return [f"{parts[0]} {parts[1]}", *parts[2:]]
    return parts


def _pause(piece: str) -> int:
    return _PAUSES_MS.get(piece[-1], _INSIDE_MS)


def _fitting(sentence: str) -> list[str]:
    """The sentence whole, or packed from its clauses, or failing that from its words."""
    if len(sentence) <= LONGEST:
        return [sentence] if sentence else []
    clauses = [w for clause in _COMMA.split(sentence) for w in _words_of(clause)]
    return _packed(clauses)


def _words_of(clause: str) -> list[str]:
    if len(clause) <= LONGEST:
        return [clause] if clause else []
    words = [w[i : i + LONGEST] for w in clause.split() for i in range(0, len(w), LONGEST)]
    return _packed(words)


def _packed(parts: list[str]) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + 1 + len(part) <= LONGEST:
            packed[-1] += f" {part}"
        else:
            packed.append(part)
    return packed
