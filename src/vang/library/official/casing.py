"""Names of bodies in capitals as they are written in running text. Pure."""

import re

from vang.library.official.folding import is_capitals

_SMALL = (
    "ủy ban nhân dân|uỷ ban nhân dân|hội đồng nhân dân|ủy ban|uỷ ban|nhân dân|tỉnh|thành phố|quận|"
    "huyện|thị xã|phường|xã|thị trấn|đặc khu|và|của|các|về|trực thuộc|ban thường trực|"
    "ban chấp hành|ban thường vụ|thường trực|ban chỉ huy|ban chỉ đạo|văn phòng|phòng, chống|"
    "phòng chống|phòng|sở|bộ|ban|trung tâm|trường|công an|đảng bộ|đảng ủy|đảng uỷ|chi bộ|chi cục|"
    "cục|trạm|hội|đoàn|đài|thôn|khu phố|tổ dân phố|cấp|cơ sở|mặt trận|quân sự|bộ chỉ huy|"
    "bộ tư lệnh|liên hiệp|hội đồng|số|ủy|uỷ|đảng|đại biểu|tỉnh ủy|huyện ủy|thành ủy"
)
_SMALL_WORDS = re.compile(rf"(?<![^\W_])(?:{_SMALL})(?![^\W_])", re.IGNORECASE)
_ABBREVIATIONS = (
    "ubnd hđnd mttq ubmttq bch tncs lhpn htx btv pctt tkcn mtqg vhtt tttt gdđt gd&đt ccb tw"
)
_SIGNS = frozenset(_ABBREVIATIONS.split())
_NAMES = {
    "việt nam": "Việt Nam",
    "tổ quốc": "Tổ quốc",
    "hồ chí minh": "Hồ Chí Minh",
    "trung ương": "Trung ương",
    "quốc hội": "Quốc hội",
    "chính phủ": "Chính phủ",
}
_UNIT = re.compile(
    r"(?<![^\W_])(?:tỉnh|thành phố|quận|huyện|thị xã|phường|xã|thị trấn|đặc khu|thôn"
    r"|(?:huyện|tỉnh|thành|quận|thị|đảng) (?:ủy|uỷ))\s(?!(?:ủy|uỷ|đoàn)(?![^\W_]))",
    re.IGNORECASE,
)
_PARTS = re.compile(r"(,\s|\s[-–]\s|\svà\s)")
_VOWELS = frozenset("aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")


def cased(text: str) -> str:
    """A name in capitals as it is written in running text; other text is left as it is."""
    if not is_capitals(text):
        return text
    low = text.lower()
    units = list(_UNIT.finditer(low))
    # What follows the last unit is its proper name: "huyện Quế Sơn".
    place = units[-1].end() if units else len(low)
    told = _plain(low[:place]) + " ".join(map(_proper, low[place:].split(" ")))
    for small, name in _NAMES.items():
        told = told.replace(small, name)
    return told[:1].upper() + told[1:]


def _plain(text: str) -> str:
    """Kinds of bodies small, the field of a body with a capital: "Sở Văn hóa, Thể thao"."""
    parts = _PARTS.split(text)
    told = ""
    for part in parts:
        named = _part(part) if not _PARTS.fullmatch(part) else part
        told += named[:1].upper() + named[1:] if told.endswith((" - ", " – ")) else named
    return told


def _part(part: str) -> str:
    told, place = "", 0
    for found in _SMALL_WORDS.finditer(part):
        told += _field_of(part[place : found.start()]) + found[0]
        place = found.end()
    return told + _field_of(part[place:])


def _field_of(text: str) -> str:
    lead = len(text) - len(text.lstrip())
    told = " ".join(word.upper() if _is_sign(word) else word for word in text[lead:].split(" "))
    for low, name in _NAMES.items():
        told = told.replace(low, name)
    return text[:lead] + told[:1].upper() + told[1:]


def _proper(word: str) -> str:
    if _is_sign(word):
        return word.upper()
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _is_sign(word: str) -> bool:
    """An abbreviation: a known one, or letters that nobody could say."""
    bare = word.strip("(),.")
    return bare in _SIGNS or (len(bare) > 1 and bare.isalpha() and not _VOWELS.intersection(bare))
