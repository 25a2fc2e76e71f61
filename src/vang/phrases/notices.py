"""Notices with blanks: data of ``data/notices.toml``, filled and laid out. Pure.

A filled notice is written text, as an official writes it ("từ 7h30 đến 11h30"). What is spoken
is what the rules of speech make of it; nothing here knows a second wording.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache
from importlib import resources

from vang.phrases.inventory import WEEKDAYS, Group, Wanted

_BLANK = re.compile(r"\{(\w+)\}")


class Kind(StrEnum):
    """What goes into a blank."""

    DATE = "date"
    HOUR = "hour"
    HOURS = "hours"
    VILLAGES = "villages"
    NUMBER = "number"
    PHONE = "phone"
    PHRASE = "phrase"


@dataclass(frozen=True)
class Blank:
    name: str
    kind: Kind
    label: str
    optional: bool = False


@dataclass(frozen=True)
class Notice:
    """Mẫu tin: ``lines`` with ``{name}`` where something is filled in."""

    name: str
    label: str
    category: str
    title: str
    lines: tuple[str, ...]
    blanks: tuple[Blank, ...]
    emergency: bool = False

    def outline(self) -> list[str]:
        """The lines with what belongs into each blank: "từ [giờ] đến [giờ], [ngày]"."""
        shown = {blank.name: _shown(blank) for blank in self.blanks}
        return [_BLANK.sub(lambda m: shown[m[1]], line) for line in self.lines]

    def fragments(self) -> Iterator[Wanted]:
        """What stands between the blanks and marks, each in its sentence."""
        for line in (self.title, *self.lines):
            for sentence in re.split(r"(?<=[.!?])\s+", line):
                yield from _fragments_of(sentence)


@dataclass(frozen=True)
class Hours:
    """From one hour to another of the same day."""

    first: time
    last: time


Value = date | time | Hours | Sequence[str] | int | str


@cache
def notices() -> Mapping[str, Notice]:
    """By name, in the order of the file."""
    text = resources.files("vang.phrases").joinpath("data/notices.toml").read_text("utf-8")
    return {row["name"]: _notice(row) for row in tomllib.loads(text)["notice"]}


def filled(notice: Notice, values: Mapping[str, Value | None]) -> str:
    """The written text. A line is left out when an optional blank in it is empty.

    Raises KeyError when a blank that is not optional has no value.
    """
    optional = {blank.name for blank in notice.blanks if blank.optional}
    written: list[str] = []
    for line in notice.lines:
        names = _BLANK.findall(line)
        if any(name in optional and values.get(name) in (None, "") for name in names):
            continue
        text = _BLANK.sub(lambda m: _written(values, m[1]), line)
        written.append(text if text[-1] in ".!?" else f"{text}.")
    return "\n".join(written)


def written_value(value: Value) -> str:
    """A value as an official writes it in running text."""
    if isinstance(value, date):
        return f"{_weekday(value)}, ngày {value.day}/{value.month}/{value.year}"
    if isinstance(value, time):
        return _hour(value)
    if isinstance(value, Hours):
        return f"{_hour(value.first)} đến {_hour(value.last)}"
    if isinstance(value, (int, str)):
        return str(value)
    return _listed(value)


def _shown(blank: Blank) -> str:
    if blank.kind == Kind.HOURS:
        return "[giờ] đến [giờ]"
    return f"[{blank.label[:1].lower()}{blank.label[1:]}]"


def _written(values: Mapping[str, Value | None], name: str) -> str:
    value = values.get(name)
    if value is None:
        raise KeyError(name)
    return written_value(value).rstrip(".")


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _hour(value: time) -> str:
    return f"{value.hour}h{value.minute:02}" if value.minute else f"{value.hour}h"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"


def _fragments_of(sentence: str) -> Iterator[Wanted]:
    """What is spoken in one breath between blanks; a sentence without blanks is one phrase."""
    shown = _BLANK.sub("…", sentence)
    for piece in shown.split("…"):
        text = piece.strip(" ,.;:!?")
        if text:
            before, _, after = shown.partition(text)
            yield Wanted(text, Group.SENTENCE, before=before.strip(), after=after.strip())


def _notice(row: Mapping[str, object]) -> Notice:
    blanks = tuple(
        Blank(b["name"], Kind(b["kind"]), b["label"], b.get("optional", False))
        for b in row["blanks"]  # type: ignore[attr-defined]
    )
    return Notice(
        name=str(row["name"]),
        label=str(row["label"]),
        category=str(row["category"]),
        title=str(row["title"]),
        lines=tuple(str(row["text"]).strip().split("\n")),
        blanks=blanks,
        emergency=bool(row.get("emergency", False)),
    )
