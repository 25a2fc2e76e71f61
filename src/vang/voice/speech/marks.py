"""Headings, list marks, brackets, quotations, dashes and slashes."""

import re

from vang.voice.speech.context import ADDRESS_WORDS, before, last_word
from vang.voice.speech.letters import letter_name
from vang.voice.speech.numbers import cardinal
from vang.voice.speech.roman import roman_value
from vang.voice.speech.tables import table

_BULLET = re.compile(r"\A(?:[-–+*•·▪◦●○■□►▶✓➢→§]+\s*)+(?![\d°])|\A[-–+*•·▪◦●○■□►▶✓➢→]+\s+")
_ROMAN_HEAD = re.compile(
    r"\A(?!X\. ?\w+ [A-ZĐ][^A-ZĐ])([IVX]{1,6})(?:[.)/]|\s?[-–:])\s*(?=\S)(?![IVX])"
)
_NUMBER_HEAD = re.compile(r"\A(\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)/]|\s?-)?\s+(?=[^\W\d_])")
_NUMBER_MARK = re.compile(r"\A(\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)]\s*|/\s+)(?=\S)(?!\d)")
_LETTER_HEAD = re.compile(r"\A([a-zđA-EĐ])[.)]\s*(?=\S)(?![A-ZĐ]\.|Mác)")
_TITLES = re.compile(r"\A(?:TM|KT|TL|TUQ|TP|TX|TT|BS)\.")

_ELLIPSIS = re.compile(r"\.{2,}|(?:\. ){2,}\.")
_VAN_VAN = re.compile(r"(?<!\w)v\s?\.?\s?v(?![\w/])\s?(?:\.{1,4})?(?:,?\s?\.{2,})?")
_RULE = re.compile(r"[=~+*#<>|^&%$-]{3,}")
_END_SLASH = re.compile(r"\s?\.?/\s?\.|\./(?=\s|\Z)|\s/-\s?\Z")
_BRACKET = re.compile(r"[()\[\]{}]+")
_SPACES = re.compile(r"\s{2,}")
_QUOTES = re.compile(r"[\"`]+|(?<!\w)'+|'+(?!\w)")
_SPACED_DASH = re.compile(r"\s+[-–]+\s*|\s*[-–]+\s+|\s*–\s*|-{2,}")
_TIGHT_DASH = re.compile(r"(?<=[^\W_])-(?=[^\W_])")
_AND_OR = re.compile(r"(?<!\w)(và)\s?/\s?(hoặc)(?!\w)", re.IGNORECASE)
_PAIRS = re.compile(
    r"(?<!\w)(ông|anh|cô|chú|bác|nam|vợ|con|cha)\s?/\s?(bà|chị|chú|bác|cô|nữ|chồng|cháu|mẹ)(?!\w)",
    re.IGNORECASE,
)
_WORD_SLASH = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])")
_FRACTION = re.compile(r"(?<![\w/.,])([1-9]\d?)/([1-9]\d?)(?![\w/]|[.,]\d)")
_SCALE = re.compile(r"(?:(?<=[^\d.,]1)|(?<=(?:tỷ|tỉ) lệ \d)|(?<=(?:tỷ|tỉ) số \d)):(?=\d)")
_NUMBER_SLASH = re.compile(r"(?<=\w)\s?/\s?(?=\w)")
_FEW_PARTS = frozenset({2, 3, 4, 10})
_SIGNS = "".join(row[0] for row in table("symbols"))
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")


def speak_head(line: str) -> str:
    """A heading number or list mark at the head of the line in words; bullets are dropped."""
    line = _VAN_VAN.sub(" vân vân, ", _BULLET.sub("", line))
    if _TITLES.match(line):
        return line
    line = _ROMAN_HEAD.sub(_roman_head, line)
    line = _NUMBER_MARK.sub(lambda m: f"{_dotted(m[1])}. ", line)
    line = _NUMBER_HEAD.sub(_number_head, line)
    return _LETTER_HEAD.sub(lambda m: f"{letter_name(m[1])}. ", line)


def _roman_head(match: re.Match[str]) -> str:
    value = roman_value(match[1])
    return match[0] if value is None else f"{cardinal(value)}. "


def _number_head(match: re.Match[str]) -> str:
    """ "1.1 Mục đích" is a heading; "1 hộ" and "2.5 tấn" are quantities."""
    after = match.string[match.end()]
    if "." not in match[1] or not after.isupper():
        return match[0]
    return f"{_dotted(match[1])}. "


def _dotted(text: str) -> str:
    return " chấm ".join(cardinal(int(n)) for n in text.split("."))


def speak_fractions(line: str) -> str:
    """ "2/3" is "hai phần ba"; with larger parts "5/7" is "năm trên bảy", as is a scale "1:500"."""
    return _SCALE.sub(" trên ", _FRACTION.sub(_fraction, line))


def _fraction(match: re.Match[str]) -> str:
    part, whole = int(match[1]), int(match[2])
    is_address = last_word(before(match)) in ADDRESS_WORDS
    few = part < whole and (part == 1 or whole in _FEW_PARTS)
    joint = "phần" if few and not is_address else "trên"
    last = "tư" if joint == "phần" and whole == 4 else cardinal(whole)
    return f"{cardinal(part)} {joint} {last}"


def speak_marks(line: str) -> str:
    """Marks that are not spoken become pauses; slashes and signs become words."""
    line = _RULE.sub(", ", line)
    line = _END_SLASH.sub(".", line)
    line = _ELLIPSIS.sub(", ", line)
    line = _QUOTES.sub(" ", line)
    line = _BRACKET.sub(", ", line)
    line = _SPACES.sub(" ", line)
    line = _AND_OR.sub(r"\1 \2", line)
    line = _PAIRS.sub(r"\1 \2", line)
    line = _WORD_SLASH.sub(" hoặc ", line)
    line = _NUMBER_SLASH.sub(" trên ", line)
    line = _SPACED_DASH.sub(", ", line)
    line = _TIGHT_DASH.sub(" ", line)
    return _SIGN.sub(lambda m: f" {_spoken_signs()[m[0]]} ", line)


def _spoken_signs() -> dict[str, str]:
    return dict(table("symbols"))  # type: ignore[arg-type]
