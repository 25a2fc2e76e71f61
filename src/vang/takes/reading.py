"""The text before the reader: cut into sentences as they are read, and its fingerprint. Pure."""

import hashlib
import re
from dataclasses import dataclass

from vang.base.text import clean_text
from vang.voice.speech.capitals import UPPER

LONGEST_LINE = 400
"""Characters that fit a telephone in large letters; longer sentences are cut at a comma."""

_SENTENCE_MS = 450
_COMMA_MS = 250
_LINE_MS = 600
_PARAGRAPH_MS = 900

_END = re.compile(rf"(?<=[.!?…;])[\"”’)\]]*\s+(?=[\"“‘(\[]?[{UPPER}\d])")
_SHORT = re.compile(
    r"(?:\A|\s|\()(?:TP|TX|TT|Tp|KT|TL|TM|TUQ|TS|ThS|GS|PGS|BS|Q|P|H|X|v\.v|VD|Đ/c|[A-ZĐ])\.\Z"
)
_LIST_MARK = re.compile(r"\A(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[IVX]{1,4})[.)]\Z")
_COMMA = re.compile(r"(?<=[,:;])\s+")


@dataclass(frozen=True)
class Part:
    """One sentence as it is read, and the pause after it (ms)."""

    text: str
    pause_ms: int


def reading_lines(text: str) -> list[str]:
    """The sentences of a written text in order; no word is lost."""
    return [part.text for part in reading_parts(text)]


def reading_parts(text: str) -> list[Part]:
    """The sentences with the pauses that announcers make, longer where a line or block ends."""
    lines = [" ".join(line.split()) for line in clean_text(text).split("\n")]
    found: list[Part] = []
    for at, line in enumerate(lines):
        pieces = [part for sentence in _sentences(line) for part in _fitting(sentence)]
        blank_follows = at + 1 < len(lines) and not lines[at + 1]
        end = _PARAGRAPH_MS if blank_follows else _LINE_MS
        found += [
            Part(piece, end if place + 1 == len(pieces) else _pause(piece))
            for place, piece in enumerate(pieces)
        ]
    return found


def text_sha256(text: str) -> str:
    """The fingerprint that binds a take to its text; spaces and line ends do not count."""
    return hashlib.sha256(" ".join(clean_text(text).split()).encode()).hexdigest()


def carried_over(before: list[str], after: list[str]) -> dict[int, int]:
    """For each sentence that stayed as it was: its new place → its old place.

    A sentence that stands twice is carried over as often as it stood.
    """
    places: dict[str, list[int]] = {}
    for at, line in enumerate(before):
        places.setdefault(line, []).append(at)
    found: dict[int, int] = {}
    for at, line in enumerate(after):
        if places.get(line):
            found[at] = places[line].pop(0)
    return found


def _sentences(line: str) -> list[str]:
    """Sentence ends that are none (after "TP.", "1.") joined again."""
    parts, start = [], 0
    for match in _END.finditer(line):
        part = line[start : match.end()].strip()
        if _SHORT.search(part) or _LIST_MARK.fullmatch(part):
            continue
        parts.append(part)
        start = match.end()
    return [part for part in [*parts, line[start:].strip()] if part]


def _pause(piece: str) -> int:
    return _COMMA_MS if piece[-1] in ",:;" else _SENTENCE_MS


def _fitting(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST_LINE:
        return [sentence]
    packed: list[str] = []
    for clause in _COMMA.split(sentence):
        if packed and len(packed[-1]) + 1 + len(clause) <= LONGEST_LINE:
            packed[-1] += f" {clause}"
        else:
            packed.append(clause)
    return packed
