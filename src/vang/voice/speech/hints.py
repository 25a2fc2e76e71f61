"""What is hard to read aloud or to understand by ear, with a proposal where there is one. Pure.

A villager hears a sentence once. Rules of thumb of radio writing: one thought a sentence, some
25 words, no figures longer than one keeps in mind, no letters that nobody spells.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vang.voice.speech.abbreviations import known
from vang.voice.speech.capitals import UPPER, is_title
from vang.voice.speech.reading import speakable
from vang.voice.speech.syllables import has_marks, is_syllable
from vang.voice.speech.tables import table

MOST_WORDS = 35
_LONG_FIGURES = 9
_MOST_FIGURES = 3

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")
_BEGINNINGS = (
    "đề nghị|yêu cầu|mọi|bà con|các hộ|các thôn|nhân dân|nếu|khi|đồng thời|trong đó|thời gian"
    "|địa điểm|theo đó|cụ thể|riêng|ngoài ra|do đó|vì vậy|ủy ban|ubnd|xã|chúng tôi"
)
_BREAK = re.compile(rf"(?<=,)\s+(?:và\s+|nhưng\s+)?(?=(?i:{_BEGINNINGS})\b)|(?<=;)\s+")
_CAPITALS = re.compile(rf"(?<![\w-])[{UPPER}]{{2,8}}(?![\w-])")
_FIGURES = re.compile(r"(?<![\w/.,])\d[\d.\s]{6,}\d(?![\w/])")
_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{2,}(?![\w@/-])")


class HintKind(StrEnum):
    """Why a place is hard. Stable: the page has a sentence for each."""

    LONG = "long"
    ABBREVIATION = "abbreviation"
    FIGURES = "figures"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Hint:
    """``words`` of the text from ``start`` (characters); ``better`` may take their place."""

    kind: HintKind
    words: str
    start: int
    better: str = ""
    count: int = 0


def hints(text: str, dictionary: Mapping[str, str]) -> list[Hint]:
    """What a writer may make easier, in the order of the text; each word once."""
    readable = {word.lower() for word in dictionary}
    found = [*_long(text), *_abbreviations(text, readable), *_figures(text)]
    found += _foreign(text, readable)
    once: dict[tuple[HintKind, str], Hint] = {}
    for hint in sorted(found, key=lambda one: one.start):
        once.setdefault((hint.kind, hint.words), hint)
    return list(once.values())


def _long(text: str) -> Iterator[Hint]:
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        count = len(speakable(sentence).split()) if len(sentence) > MOST_WORDS else 0
        if count > MOST_WORDS:
            start = match.start() + match[0].index(sentence)
            yield Hint(HintKind.LONG, sentence, start, _in_two(sentence), count)


def _in_two(sentence: str) -> str:
    """The sentence cut at the comma nearest its middle; "" when none leaves two fair parts."""
    middle = len(sentence) / 2
    breaks = [m for m in _BREAK.finditer(sentence) if 0.25 < m.start() / len(sentence) < 0.75]
    if not breaks:
        return ""
    cut = min(breaks, key=lambda m: abs(m.start() - middle))
    head = sentence[: cut.start()].rstrip(",; ")
    tail = sentence[cut.end() :].strip()
    return f"{head}. {tail[:1].upper()}{tail[1:]}" if tail else ""


def _abbreviations(text: str, readable: set[str]) -> Iterator[Hint]:
    for match in _CAPITALS.finditer(text):
        word = match[0]
        line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
        if word.lower() in readable or has_marks(word) or known(word) or is_title(line):
            continue
        if speakable(f"xã {word} mới") != f"xã {word.lower()} mới":
            spelt = speakable(f"xã {word} mới").removeprefix("xã ").removesuffix(" mới")
            if len(spelt.split()) >= len(word):
                yield Hint(HintKind.ABBREVIATION, word, match.start())


def _figures(text: str) -> Iterator[Hint]:
    for match in _FIGURES.finditer(text):
        figures = re.sub(r"\D", "", match[0])
        rounded = _rounded(match[0].strip())
        if len(figures) >= _LONG_FIGURES and not _is_phone(text, match.start(), figures):
            yield Hint(HintKind.FIGURES, match[0].strip(), match.start(), rounded, len(figures))


def _is_phone(text: str, start: int, figures: str) -> bool:
    before = text[max(0, start - 30) : start].lower()
    called = re.search(r"(?:điện thoại|sđt|gọi|liên hệ|hotline|số)[\s:]*\Z", before)
    return bool(called) or (len(figures) in {10, 11} and figures[0] == "0")


def _rounded(figures: str) -> str:
    """ "1.250.750.000" as "hơn 1,25 tỷ", a sum of money or people that ears can keep."""
    if not re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,4}", figures):
        return ""
    value = int(figures.replace(".", ""))
    scale, name = (10**9, "tỷ") if value >= 10**9 else (10**6, "triệu")
    hundredths = value * 100 // scale
    shown = f"{hundredths // 100},{hundredths % 100:02}".rstrip("0").rstrip(",")
    more = "hơn " if hundredths * scale < value * 100 else ""
    return f"{more}{shown} {name}"


def _foreign(text: str, readable: set[str]) -> Iterator[Hint]:
    ours = {row[0]: row[1] for row in table("foreign")}
    for match in _WORD.finditer(text):
        word = match[0]
        if word.lower() in readable or word.isupper():
            continue
        if (better := ours.get(word.lower())) is not None or not _is_vietnamese(word):
            yield Hint(HintKind.FOREIGN, word, match.start(), better or "")


def _is_vietnamese(word: str) -> bool:
    return has_marks(word) or is_syllable(word)
