"""Roman numerals, read only where the words around them call for a number."""

import re

from vang.voice.speech.numbers import cardinal

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_STRICT = re.compile(r"(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")

_CUES = (
    "khóa|khoá|giải|đại hội|lần thứ|thứ|quý|chương|phần|mục|thế kỷ|thế kỉ|loại|hạng|bậc|cấp|kỳ"
    "|phụ lục|tập|quyển|nhóm|đợt|khu vực|vùng|giai đoạn|nhiệm kỳ|hội nghị|điều|mức độ|mức|biểu|bảng"
    "|khối|học kỳ|học kì|lớp|năm thứ|số|đảng bộ|tiểu đoàn|trung đoàn|quân khu|quân đoàn|kế hoạch"
    "|và|đến"
)
_AFTER_CUE = re.compile(
    rf"(?<!\w)((?i:{_CUES})\s+)([IVXLC]{{1,7}})(?![\w&/-]*[A-Za-zĐđ&])(?!\.\w{{0,3}}[A-Za-z])"
)
_DOTTED = re.compile(r"(?<![\w.])([IVX]{1,5})\.(\d{1,2})(?![\w])")
_RANGE = re.compile(r"(?<![\w.&/-])([IVXLC]{1,7})\s?[-–]\s?([IVXLC]{1,7})(?![\w&])")
_PLAIN = re.compile(r"(?<![\w.&/-])([IVX]{2,6})(?![\w&])(?!\.\w)(?![-–/][A-ZĐ])")
_LOOSE_CUES = frozenset({"và", "đến", "số", "kế hoạch", "lớp"})


def roman_value(text: str) -> int | None:
    """The value of a well-formed Roman numeral up to 399, or None."""
    if not text or not _STRICT.fullmatch(text):
        return None
    total = 0
    for here, after in zip(text, text[1:] + " ", strict=True):
        value = _VALUES[here]
        total += -value if _VALUES.get(after, 0) > value else value
    return total


def speak_roman(line: str) -> str:
    """Roman numerals of the line in words: after a cue ("khóa XII", "quý IV"), or of two letters
    and more anywhere ("Chương II", "III.2")."""
    line = _RANGE.sub(_range, _DOTTED.sub(_dotted, line))
    line = _AFTER_CUE.sub(_after_cue, line)
    return _PLAIN.sub(lambda m: _words(m[1]), line)


def _words(text: str) -> str:
    value = roman_value(text)
    return text if value is None else cardinal(value)


def _range(match: re.Match[str]) -> str:
    first, last = roman_value(match[1]), roman_value(match[2])
    if first is None or last is None or first >= last:
        return match[0]
    return f"{cardinal(first)} đến {cardinal(last)}"


def _dotted(match: re.Match[str]) -> str:
    value = roman_value(match[1])
    return match[0] if value is None else f"{cardinal(value)} chấm {match[2]}"


def _after_cue(match: re.Match[str]) -> str:
    cue = match[1].strip().lower()
    value = roman_value(match[2])
    if value is None or (cue in _LOOSE_CUES and len(match[2]) == 1 and match[2] != "I"):
        return match[0]
    if match[2] in ("L", "C"):
        return match[0]
    return match[1] + ("nhất" if cue.endswith("thứ") and value == 1 else cardinal(value))
