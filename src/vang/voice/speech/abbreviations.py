"""Abbreviations in words, chosen by what stands around them ("BCH Đảng bộ", "BCH Quân sự")."""

import re
from dataclasses import dataclass
from functools import cache

from vang.voice.speech.capitals import UPPER, is_title
from vang.voice.speech.syllables import is_syllable
from vang.voice.speech.tables import table

_REACH = 40
_LONGEST_KEY = 5
"""Parts in the longest key of the table ("LĐ-TB&XH" has three words and two signs)."""

_WORD = rf"[{UPPER}]\w{{0,24}}"
_RUN = re.compile(rf"(?<![\w]){_WORD}(?:(?:\s?[&–-]\s?|[./,]){_WORD}){{0,6}}\.?")
_PARTS = re.compile(rf"{_WORD}|\s?[&–-]\s?|[./,]")
_SMALL = re.compile(r"(?<!\w)(Đ/[cC](?=\s?:)|[đĐ]/[cC]|[vV]/v|[kK]/g|tr\.đ|covid)(?!\w)")
_SMALL_WORDS = {"đ/c": "đồng chí", "v/v": "về việc", "k/g": "kính gửi", "tr.đ": "triệu đồng"}
_SIGNS = {
    "<Up>": f"[{UPPER}]",
    "<low>": "[a-zà-öø-ÿăđĩũơưạ-ỹ]",
    "<num>": r"(?:\d|(?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|cộng)(?!\w))",
}


@dataclass(frozen=True, slots=True)
class _Reading:
    words: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def fits(self, text: str, start: int, end: int) -> bool:
        left = text[max(0, start - _REACH) : start]
        right = text[end : end + _REACH]
        return (self.before is None or self.before.search(left) is not None) and (
            self.after is None or self.after.match(right) is not None
        )


def speak_abbreviations(line: str) -> str:
    """The abbreviations of the line in words; unknown ones stay for `speak_capitals`."""
    title = is_title(line)
    return _RUN.sub(lambda m: _run(m, title=title), line)


def speak_small_forms(line: str) -> str:
    """Abbreviations with a slash ("đ/c", "v/v"), before anything takes the slash for a rate."""
    return _SMALL.sub(_small, line)


def _small(match: re.Match[str]) -> str:
    form = match[1].lower()
    if form == "đ/c" and match.string[match.end() : match.end() + 2].strip().startswith(":"):
        return "địa chỉ"
    return _SMALL_WORDS.get(form, "Covid")


def known(word: str) -> str | None:
    """The reading of a lone abbreviation, without regard to what stands beside it."""
    readings = _readings().get(word, ())
    return next((r.words for r in readings if not r.before and not r.after), None)


def _run(match: re.Match[str], *, title: bool) -> str:
    parts = [(p[0], match.start() + p.start()) for p in _PARTS.finditer(match[0])]
    said: list[str] = []
    at = 0
    while at < len(parts):
        words, used = _longest(match.string, parts, at, title=title)
        said.append(words)
        at += used
    return "".join(said)


def _longest(text: str, parts: list[tuple[str, int]], at: int, *, title: bool) -> tuple[str, int]:
    """The reading of the longest known key that begins at a part, and how many parts it has."""
    most = _LONGEST_KEY if parts[at][0] in _beginnings() else 0
    for used in range(min(most, len(parts) - at), 0, -1):
        last, start = parts[at + used - 1]
        key = "".join(p for p, _ in parts[at : at + used]).replace(" ", "").replace("–", "-")
        words = _find(key, text, parts[at][1], start + len(last), title=title)
        if words is not None:
            more = key.endswith(".") and start + len(last) < len(text)
            return (words + " " if more else words), used
    return parts[at][0], 1


def _find(key: str, text: str, start: int, end: int, *, title: bool) -> str | None:
    if title and is_syllable(key):
        return None
    readings = _readings().get(key, ())
    return next((r.words for r in readings if r.fits(text, start, end)), None)


@cache
def _beginnings() -> frozenset[str]:
    """The first words of all keys: other words need no search."""
    return frozenset(m[0] for key in _readings() if (m := re.match(r"\w+", key)))


@cache
def _readings() -> dict[str, tuple[_Reading, ...]]:
    found: dict[str, tuple[_Reading, ...]] = {}
    for key, words, left, right in table("abbreviations"):
        reading = _Reading(words, _condition(left, at_end=True), _condition(right, at_end=False))
        found[key] = (*found.get(key, ()), reading)
    return found


def _condition(text: str, *, at_end: bool) -> re.Pattern[str] | None:
    if not text:
        return None
    for sign, meaning in _SIGNS.items():
        text = text.replace(sign, meaning)
    return re.compile(rf"(?:{text})\Z") if at_end else re.compile(text)
