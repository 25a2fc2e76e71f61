"""Place and date: "Quế Sơn, ngày 05 tháng 10 năm 2017", "Đà Nẵng, ngày 05/10/2017". Pure."""

import re
from dataclasses import dataclass
from datetime import date

from vang.library.official.folding import flat

_BLANK = r"[\s.…_]"
_WORDS = re.compile(
    rf"ngay{_BLANK}*(?P<day>\d{{1,2}})?{_BLANK}*thang{_BLANK}*(?P<month>\d{{1,2}})?{_BLANK}*"
    rf"nam{_BLANK}*(?P<year>(?:19|20)\s?\d\s?\d|20\s*[.…_]+|20(?!\d))?"
)
_FIGURES = r"(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>(?:19|20)\d{2})"
_DIGITS = re.compile(rf"(?:ngay\s*)?{_FIGURES}(?!\d)")
_SIGNED = re.compile(
    r"(?:thoi gian ky|ngay ky|gio ky|signing time|date)\s*:?\s*"
    rf"(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*,?\s*)?{_FIGURES}"
)
_MOST_PLACE_WORDS = 7
_SMALL = {"phố", "xã", "trấn"}  # of "Thành phố", "Thị xã", "Thị trấn"
_JOINTS = {"-", "–", "Tp.", "TP.", "TP", "T.P", "Tx.", "TX.", "Tt.", "TT."}


@dataclass(frozen=True)
class Dated:
    """``on`` is None when a part was left blank or is no day; ``blank`` tells which of the two."""

    place: str
    on: date | None
    told: str
    blank: bool
    in_words: bool
    start: int
    end: int


def place_and_date(text: str) -> Dated | None:
    """The first date of a head: with a place before it, or alone in words."""
    folded = flat(text)
    for pattern in (_WORDS, _DIGITS):
        for found in pattern.finditer(folded):
            dated = _dated(text, found, in_words=pattern is _WORDS)
            if dated is not None:
                return dated
    return None


def signing_day(text: str) -> date | None:
    """The day that the stamp of a digital signature shows."""
    found = _SIGNED.search(flat(text))
    return _day(found["year"], found["month"], found["day"]) if found else None


def _dated(text: str, found: re.Match[str], *, in_words: bool) -> Dated | None:
    if in_words and not (found["month"] or found["year"] or found["day"]) and found.end() < 12:
        return None
    place, start = _place_before(text, found.start())
    if not place and (not in_words or found.start() > 3):
        return None
    on = _day(found["year"], found["month"], found["day"])
    whole = bool(found["day"] and found["month"] and found["year"])
    return Dated(place, on, text[start : found.end()], not whole, in_words, start, found.end())


def _day(year: str | None, month: str | None, day: str | None) -> date | None:
    digits = "".join(c for c in year or "" if c.isdigit())
    if len(digits) != 4 or not month or not day:
        return None
    try:
        return date(int(digits), int(month), int(day))
    except ValueError:
        return None


def _place_before(text: str, end: int) -> tuple[str, int]:
    """The name that stands before a comma and the date, and where it begins."""
    before = text[:end].rstrip()
    if not before.endswith((",", ";", ".")) and not before.endswith(("ngày", ":")):
        return "", end
    words = list(re.finditer(r"\S+", before.rstrip(",;. ")))
    taken: list[re.Match[str]] = []
    for word in reversed(words[-_MOST_PLACE_WORDS:]):
        if not _may_be_place(word[0], taken):
            break
        taken.insert(0, word)
    while taken and (taken[0][0] in _SMALL or taken[0][0] in {"-", "–"}):
        taken.pop(0)
    if not taken:
        return "", end
    return " ".join(word[0] for word in taken), taken[0].start()


def _may_be_place(word: str, later: list[re.Match[str]]) -> bool:
    """Names are capitalised; capitals throughout belong to the issuer that stands before."""
    if word in _JOINTS or (word.isdigit() and len(word) < 3) or (later and word in _SMALL):
        return True
    if not word[0].isupper() or word[-1] in ",;:":
        return False
    shouted = len(word) > 1 and word.isupper()
    told = [m[0] for m in later if m[0] not in _JOINTS | _SMALL and not m[0].isdigit()]
    return not told or shouted == (len(told[-1]) > 1 and told[-1].isupper())
