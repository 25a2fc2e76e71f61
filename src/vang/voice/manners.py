"""How one text is read otherwise: words said as something else, pauses, stress, voice and speed.

The marks never stand in the text. They are lines of their own beside it, so that nothing of them
can reach a page, a board or a message; the approver sees them as what they are:

    Zalo = da lô            said as
    Noru ~ nô ru            a foreign name, said as
    Quế Thuận /             a pause after it
    khẩn trương !           stressed: a breath before it and after it
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vang.base.text import clean_text
from vang.voice.speech import speakable

MOST_MARKS = 100
LONGEST_WORDS = 80
LONGEST_READING = 200
SLOWEST, FASTEST = 70, 130

_SAID = re.compile(r"(?P<words>[^=~]+?)\s*(?P<sign>[=~])\s*(?P<reading>[^=~]+)")
_SIGNED = re.compile(r"(?P<words>.+?)\s*(?P<sign>[/!])")


class MarkKind(StrEnum):
    """What a mark asks for; its value is the sign in the notation."""

    SAY_AS = "="
    FOREIGN = "~"
    PAUSE = "/"
    STRESS = "!"


@dataclass(frozen=True)
class Mark:
    """One mark; ``reading`` only where something else is said."""

    kind: MarkKind
    words: str
    reading: str = ""

    def line(self) -> str:
        """As it is typed."""
        tail = f" {self.reading}" if self.reading else ""
        return f"{self.words} {self.kind.value}{tail}"

    def spoken(self, dictionary: Mapping[str, str]) -> str:
        """What stands in the place of the words when the text is read."""
        if self.reading:
            return self.reading
        said = speakable(self.words, dictionary).rstrip(".,;:!?")
        return f"{said}," if self.kind == MarkKind.PAUSE else f", {said},"


@dataclass(frozen=True)
class Manner:
    """``voice`` "" and ``pace`` 0 are the unit's own."""

    marks: tuple[Mark, ...] = ()
    voice: str = ""
    pace: int = 0

    def readings(self, dictionary: Mapping[str, str]) -> dict[str, str]:
        """Entries that go before those of the unit's dictionary."""
        return {mark.words: mark.spoken(dictionary) for mark in self.marks}


USUAL = Manner()


def parse_marks(text: str) -> tuple[tuple[Mark, ...], list[str]]:
    """The marks of the lines, and the lines that are none."""
    marks: list[Mark] = []
    wrong: list[str] = []
    for raw in clean_text(text).split("\n"):
        line = " ".join(raw.split())
        if not line:
            continue
        mark = _mark(line)
        if mark is None or len(marks) >= MOST_MARKS:
            wrong.append(line)
        else:
            marks.append(mark)
    return tuple(marks), wrong


def typed_manner(fields: Mapping[str, str]) -> Manner:
    """What the writing page's fields ``marks``, ``voice`` and ``pace`` say; nonsense is usual."""
    pace = fields.get("pace", "")
    speed = int(pace) if pace.isascii() and pace.isdigit() and len(pace) < 4 else 0
    return Manner(
        marks=parse_marks(fields.get("marks", ""))[0],
        voice=fields.get("voice", "")[:80],
        pace=speed if SLOWEST <= speed <= FASTEST else 0,
    )


def written_marks(marks: Iterable[Mark]) -> str:
    """The lines again."""
    return "\n".join(mark.line() for mark in marks)


def _mark(line: str) -> Mark | None:
    said = _SAID.fullmatch(line)
    signed = said or _SIGNED.fullmatch(line)
    if signed is None:
        return None
    reading = said["reading"].strip() if said else ""
    words = signed["words"].strip()
    if not 0 < len(words) <= LONGEST_WORDS or len(reading) > LONGEST_READING:
        return None
    return Mark(MarkKind(signed["sign"]), words, reading)
