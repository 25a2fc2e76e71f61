"""Numbers and symbols of official documents ("07-CT/TW", "100/2019/NĐ-CP", "90/KH-UBND").

Reading, as announcers do it: the number with its leading zero, "trên" for each slash after a
figure, nothing for hyphens and for slashes between letters, and the letters as words:
"không bảy chỉ thị trung ương", "một trăm trên hai nghìn không trăm mười chín trên nghị định
chính phủ", "chín mươi trên kế hoạch ủy ban nhân dân". Letters no table knows are spelt.
"""

import re
from functools import cache

from vang.voice.speech.abbreviations import known
from vang.voice.speech.context import before, last_word
from vang.voice.speech.letters import spell
from vang.voice.speech.numbers import cardinal, numbered
from vang.voice.speech.tables import table

_PART = r"[A-ZĐƯ][A-Za-zĐđƯư]{0,15}\d{0,2}"
_SYMBOL = rf"{_PART}(?:\s?[-–]\s?{_PART}|[/.&]{_PART}){{0,6}}(?![\w])"
_YEAR = r"(?:19|20)\d\d"
_NUMBERED = re.compile(
    rf"(?<![\w/.,+-])(\d{{1,6}}[a-z]?)(?:\s?/\s?({_YEAR}))?\s?([-–/])\s?({_SYMBOL})"
)
_BARE = re.compile(rf"(?<![\w&])/?\s?({_PART}(?:[-/.&]{_PART}){{1,6}})(?![\w&])")
_OF_YEAR = re.compile(rf"(?<![\w/.,+-])(\d{{1,6}})\s?/\s?({_YEAR})(?![\w/-])")
_KIND = re.compile(
    r"(?:nghị định|quyết định|thông tư|nghị quyết|chỉ thị|kế hoạch|thông báo|công văn|luật"
    r"|công điện|hướng dẫn|kết luận|báo cáo|tờ trình|hợp đồng|pháp lệnh|văn bản|giấy mời"
    r"|giấy phép|liên tịch)\s*(?:số:?)?\s*\Z|(?:luật số|số hiệu|văn bản số)\s*\Z",
    re.IGNORECASE,
)
_RULES_BEFORE = re.compile(r"quy định(?: số:?)?\s?\Z", re.IGNORECASE)
"""The Party writes QĐ both for quyết định and for quy định."""
_PARTS = re.compile(r"[-–/.]+|\s+")


def speak_documents(line: str) -> str:
    """The document numbers of the line in words; what is not one stays."""
    line = _NUMBERED.sub(_numbered, line)
    line = _BARE.sub(_bare, line)
    return _OF_YEAR.sub(_of_year, line)


def _numbered(match: re.Match[str]) -> str:
    number, year, joint, symbol = match[1], match[2], match[3], match[4]
    words = symbol_words(symbol)
    if words and _RULES_BEFORE.search(before(match)):
        words = words.replace("quyết định", "quy định", 1)
    if words is None or (not year and joint != "/" and not _has_type(symbol)):
        return match[0]
    said = _serial(number)
    if year:
        said += f" trên {cardinal(int(year))}"
    return f"{said} trên {words}" if joint == "/" else f"{said} {words}"


def _serial(text: str) -> str:
    if text[-1].isdigit():
        return numbered(text)
    return f"{numbered(text[:-1])} {spell(text[-1])}"


def _bare(match: re.Match[str]) -> str:
    """A symbol without number ("NĐ-CP", "/KH-UBND" of a draft) begins with a type and has at
    least one body after it."""
    parts = _split(match[1])
    if match[1] in _abbreviations() or parts[0] not in _types():
        return match[0]
    if not all(_body(p) for p in parts[1:]):
        return match[0]
    words = symbol_words(match[1])
    return match[0] if words is None else f" {words} "


def _of_year(match: re.Match[str]) -> str:
    if not (_KIND.search(before(match)) or last_word(before(match)) == "số"):
        return match[0]
    return f"{numbered(match[1])} trên {cardinal(int(match[2]))}"


def symbol_words(symbol: str) -> str | None:
    """The symbol of a document in words, or None if nothing in it is a known code."""
    if (whole := _types().get(symbol) or _body(symbol)) is not None:
        return whole
    parts = _split(symbol)
    if not any(p in _types() or _body(p) for p in parts) and not _looks_coded(parts):
        return None
    first = _types().get(parts[0]) or _body(parts[0]) or _spelt(parts[0])
    rest = [_body(p) or _types().get(p) or _spelt(p) for p in parts[1:]]
    return " ".join([first, *rest])


def _split(symbol: str) -> list[str]:
    """The codes of the symbol; "&" joins one code ("SNN&PTNT") if the tables have it whole."""
    parts = [p for p in _PARTS.split(symbol) if p]
    return [c for p in parts for c in ([p] if _body(p) else p.split("&")) if c]


def _looks_coded(parts: list[str]) -> bool:
    return all(len(p) > 1 and p.isupper() for p in parts) and len(parts) > 1


def _has_type(symbol: str) -> bool:
    return _split(symbol)[0] in _types()


def _spelt(part: str) -> str:
    letters = part.rstrip("0123456789")
    number = part[len(letters) :]
    if (words := known(letters)) and not number:
        return words
    return f"{spell(letters)} {numbered(number)}" if number else spell(letters)


def _body(part: str) -> str | None:
    """The body a code stands for, also with the term of its assembly ("QH15") or, for the
    ministries and their offices, put together from rank and field ("STNMT")."""
    letters = part.rstrip("0123456789")
    words = _bodies().get(letters) or _office(letters)
    if words is None or letters == part:
        return words
    return f"{words} {numbered(part[len(letters) :])}"


def _office(letters: str) -> str | None:
    ranks = {"B": "bộ", "S": "sở", "P": "phòng", "C": "cục"}
    field = _fields().get(letters[1:])
    return f"{ranks[letters[0]]} {field}" if field and letters[0] in ranks else None


@cache
def _types() -> dict[str, str]:
    return {code: words for code, words, kind in table("document_symbols") if kind == "T"}


@cache
def _bodies() -> dict[str, str]:
    return {code: words for code, words, kind in table("document_symbols") if kind == "B"}


@cache
def _abbreviations() -> frozenset[str]:
    """Abbreviations of two parts that look like symbols ("TT-TH") but are words of the text."""
    return frozenset(row[0] for row in table("abbreviations"))


@cache
def _fields() -> dict[str, str]:
    return {row[0]: row[1] for row in table("document_fields")}
