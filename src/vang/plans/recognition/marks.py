# ruff: noqa: E501 - patterns set like tables
"""The marks with which paragraphs begin: "II.", "1.", "1)", "2.1.", "a)", "-", "+". Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Marks of one family count among themselves."""

    PART = "part"
    CHAPTER = "chapter"
    ARTICLE = "article"
    CAPITAL = "capital"
    ROMAN = "roman"
    ARABIC = "arabic"
    DECIMAL = "decimal"
    LETTER = "letter"
    NAMED = "named"
    DASH = "dash"
    PLUS = "plus"
    STAR = "star"
    SHOUTED = "shouted"
    BOLD = "bold"


POINTS = frozenset({Family.DASH, Family.PLUS, Family.STAR})
"""Points of a list, which carry no number."""


@dataclass(frozen=True)
class Mark:
    """``style`` tells "1." from "1)" and "1.1" from "1.1.1"; ``label`` is the number as it stands
    in a code; ``end`` is where the words begin."""

    family: Family
    style: str
    label: str
    order: int
    end: int


_WORDS = "nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám"
_UPPER = "A-ZĐÀ-ÝĂÂÊÔƠƯẠ-Ỹ"
_ROMAN = r"(?P<roman>(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3}))"
_PATTERNS = (
    (Family.PART, rf"(?:PHẦN|Phần)\s+(?:thứ\s+|THỨ\s+)?(?P<label>[IVX]+|\d+|(?i:{_WORDS}))\b\s*[.:–-]?"),
    (Family.CHAPTER, r"(?:CHƯƠNG|Chương|MỤC|Mục)\s+(?P<label>[IVX]+|\d+)\b\s*[.:–-]?"),
    (Family.ARTICLE, r"(?:ĐIỀU|Điều)\s+(?P<label>\d+[a-z]?)\b\s*[.:–-]?"),
    (Family.ROMAN, rf"{_ROMAN}\s*(?P<style>[.)/:]|[-–](?=\s))(?=\s|[{_UPPER}]|$)"),
    (Family.CAPITAL, rf"(?P<label>[A-EĐGH])\s*(?P<style>[.)/]|[-–](?=\s))(?=\s|[{_UPPER}]|$)"),
    (Family.DECIMAL, rf"(?P<label>\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})[.)]?(?=\s|[{_UPPER}]|$)"),
    (Family.ARABIC, rf"(?P<label>\d{{1,2}})\s*(?P<style>[.)/:])(?=\s|[{_UPPER}]|$)"),
    (Family.ARABIC, r"\(\s*(?P<label>\d{1,2})\s*\)(?P<style>)(?=\s|\w)"),
    (Family.ARABIC, rf"(?P<label>\d{{1,2}})\s?(?P<style>[-–])\s(?=[{_UPPER}])"),
    (Family.LETTER, r"(?P<label>[a-zđ]\.?\d{1,2})\s*(?P<style>[.)])(?=\s|\w)"),
    (Family.LETTER, r"(?P<label>[a-zđ])\s*(?P<style>[.)/])(?=\s|\w{2}|$)"),
    (Family.LETTER, r"\(\s*(?P<label>[a-zđ])\s*\)(?P<style>)(?=\s|\w)"),
    (Family.NAMED, r"(?:Nhiệm vụ|Bước|Giai đoạn|Nội dung|Đợt|Mô hình|Hoạt động)\s+(?P<label>\d{1,2}|[IVX]+)\s*(?P<style>[.:)–-])"),
    (Family.DASH, r"(?P<style>[-–—‒−])+\s*(?=[^\W_]|[\"“(])"),
    (Family.PLUS, r"(?P<style>\+)\s*(?=\w|[\"“(])"),
    (Family.STAR, r"(?P<style>\*{1,3})\s*(?=\w|[\"“(])"),
    (Family.DASH, rf"(?P<style>[•●▪■◦‣·§Øüv→⇒>»✓➢o])\s+(?=[{_UPPER}])"),
)  # fmt: skip
_MARKS = tuple((family, re.compile(pattern)) for family, pattern in _PATTERNS)
_ORDER = {word: n for n, word in enumerate(_WORDS.replace("|bốn", "").split("|"), start=1)}
_LETTERS = "abcdđefghijklmnopqrstuvxy"
_ROMANS = {"I": 1, "V": 5, "X": 10}


def mark_of(text: str) -> Mark | None:
    """The mark at the beginning of the text; ``end`` counts leading blanks too."""
    lead = len(text) - len(text.lstrip())
    rest = text[lead:]
    for family, pattern in _MARKS:
        found = pattern.match(rest)
        if found is None or _is_number(family, rest, found):
            continue
        groups = found.groupdict()
        label = groups.get("label") or groups.get("roman") or ""
        style = groups.get("style") or ""
        if family == Family.DECIMAL:
            style = str(label.count("."))
        end = lead + found.end() + _blanks(rest, found.end())
        return Mark(family, style, label, _order(family, label), end)
    return None


def _blanks(text: str, place: int) -> int:
    return len(text[place:]) - len(text[place:].lstrip())


def _is_number(family: Family, text: str, found: re.Match[str]) -> bool:
    """ "- 2020" and "1.5 triệu" are no marks; "- 02 lớp tập huấn" is one."""
    after = text[found.end() :].lstrip()
    if family == Family.DASH and re.match(r"(?:19|20)\d\d\b", after):
        return True
    if family == Family.DECIMAL:
        return re.match(r"(?:triệu|tỷ|nghìn|m|km|ha|%|lần)\b|%", after) is not None
    return family == Family.ARABIC and re.match(r"\d{1,2}[/.]\d", after) is not None


def _order(family: Family, label: str) -> int:
    """Which of its family it is, from 1; 0 where that is unknown."""
    if family == Family.DECIMAL:
        return int(label.rpartition(".")[2])
    if label.isdigit():
        return int(label)
    if label.lower() in _ORDER and family == Family.PART:
        return _ORDER[label.lower()]
    if label and set(label) <= set(_ROMANS) and family != Family.CAPITAL:
        return _roman(label)
    place = _LETTERS.find(label.lower()) if len(label) == 1 else -1
    return place + 1 if family in {Family.LETTER, Family.CAPITAL} else 0


def _roman(label: str) -> int:
    values = [_ROMANS[letter] for letter in label]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)
