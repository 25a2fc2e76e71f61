"""Words that mix letters and figures ("VTV1", "H5N1", "6A", "4G") and the figures left over."""

import re

from vang.voice.speech.abbreviations import known
from vang.voice.speech.letters import spell
from vang.voice.speech.measures import unit_words
from vang.voice.speech.numbers import NUMBER, number, numbered, whole

_MIXED = re.compile(r"(?<!\w)(?=[^\W_]{0,40}\d)(?=[^\W_]{0,40}[^\W\d_])[^\W_]{2,40}(?!\w)")
_STRAIN = re.compile(r"(?<!\w)([A-Z])/(?=[A-Z]\d)")
"""Influenza: "A/H5N1" is "A H5N1", no choice between two."""
_RUNS = re.compile(r"\d+|[^\W\d_²³]+|[²³]")
_NUMBERS = re.compile(rf"(?<![\d.,])({NUMBER}|\d{{1,3}}(?:,\d{{3}}){{2,5}})(?![\d])")
_SECTION = re.compile(r"(?<![\d.,])\d{1,4}(?:\.\d{1,4}){1,6}(?![\d])")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3}){1,5}")
_SERIAL = re.compile(r"(?<!\w)((?i:số|mã)(?: hiệu)?:? )(0\d{1,8})(?![\d.,/]*\d)")
_FIGURES = re.compile(r"\d+")


def speak_codes(line: str) -> str:
    """Mixed words taken apart, letters by name and figures as numbers."""
    return _MIXED.sub(_mixed, _STRAIN.sub(r"\1 ", line))


def _mixed(match: re.Match[str]) -> str:
    word = known(match[0])
    if word is not None:
        return word
    parts = _RUNS.findall(match[0])
    before = ("", *parts)
    return " ".join(_part(p, after=b) for p, b in zip(parts, before, strict=False))


def _part(part: str, *, after: str) -> str:
    if part.isdecimal():
        return whole(part)
    if after.isdecimal() and (unit := unit_words(part)):
        return unit
    if part.isupper() or len(part) == 1:
        return (known(part) if len(part) > 2 else None) or spell(part)
    return part


def speak_numbers(line: str) -> str:
    """Every figure left in the line in words."""
    line = _SERIAL.sub(lambda m: m[1] + numbered(m[2]), line)
    line = _SECTION.sub(_section, line)
    line = _NUMBERS.sub(lambda m: number(m[1], quantity=_amount(m)), line)
    return _FIGURES.sub(lambda m: f" {whole(m[0])} ", line)


def _amount(match: re.Match[str]) -> bool:
    return match.string[match.end() : match.end() + 5] == " đồng"


def _section(match: re.Match[str]) -> str:
    """ "5.2" of an article, "192.168.1.1"; but "1.250" is a number."""
    if _THOUSANDS.fullmatch(match[0]):
        return match[0]
    return " chấm ".join(whole(part) for part in match[0].split("."))
