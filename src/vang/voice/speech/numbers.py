"""Reading of written numbers in Vietnamese words.

"nghìn" (not "ngàn"), "lẻ" for an empty tens place, "mốt", "tư" and "lăm" after "mươi".
Thousands are grouped by a full stop and decimals follow a comma ("1.250.000", "3,5").
"""

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")

INTEGER = r"(?:\d{1,3}(?:\.\d{3}){1,5}(?![\d])|\d{1,15})"
NUMBER = rf"(?:{INTEGER}(?:,\d{{1,6}}(?![\d]))?)"
"""A number as officials write it; callers add what may stand around it."""

_BILLION = 10**9
_LONGEST_CARDINAL = 15
_CODE_LENGTH = 9
"""An unbroken run of nine digits or more is a code (tax, account, identity), not a quantity."""

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_ENGLISH_GROUPED = re.compile(r"\d{1,3}(?:,\d{3}){2,}")


def digit_by_digit(text: str) -> str:
    """Each digit of the text by name; everything else in it is passed over."""
    return " ".join(DIGITS[int(c)] for c in text if c in "0123456789")


def cardinal(value: int) -> str:
    """The quantity in words; negative values begin with "âm"."""
    if value < 0:
        return "âm " + cardinal(-value)
    billions, rest = divmod(value, _BILLION)
    if not billions:
        return _below_billion(rest, padded=False)
    tail = f" {_below_billion(rest, padded=True)}" if rest else ""
    return f"{cardinal(billions)} tỷ{tail}"


def _below_billion(value: int, *, padded: bool) -> str:
    if value == 0:
        return DIGITS[0]
    words: list[str] = []
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = value // scale % 1000
        if group:
            words += [_below_thousand(group, padded=padded or bool(words)), name]
    return " ".join(w for w in words if w)


def _below_thousand(value: int, *, padded: bool) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds and not padded:
        return _below_hundred(rest)
    words = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} {_below_hundred(rest)}" if rest >= 10 else f"{words} lẻ {DIGITS[rest]}"


def _below_hundred(value: int) -> str:
    tens, unit = divmod(value, 10)
    if tens == 0:
        return DIGITS[unit]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if unit == 0:
        return head
    return f"{head} {_unit_after_tens(tens, unit)}"


def _unit_after_tens(tens: int, unit: int) -> str:
    if unit == 5:
        return "lăm"
    if tens > 1 and unit in (1, 4):
        return "mốt" if unit == 1 else "tư"
    return DIGITS[unit]


def whole(text: str) -> str:
    """An unsigned whole number as written: "05" is "năm", "007" and long runs go by digit."""
    if len(text) == 2 and text[0] == "0":
        return cardinal(int(text)) if text != "00" else "không không"
    if (text[0] == "0" and len(text) > 2) or len(text) >= _CODE_LENGTH:
        return digit_by_digit(text)
    return cardinal(int(text))


def numbered(text: str) -> str:
    """A serial number: as `whole`, but a leading zero is spoken ("07" is "không bảy")."""
    return digit_by_digit(text) if text[0] == "0" else whole(text)


def decimals(text: str) -> str:
    """The figures after the comma: two figures as a number, others one by one."""
    if len(text) == 2 and text[0] != "0":
        return cardinal(int(text))
    return digit_by_digit(text)


def number(text: str, *, quantity: bool = False) -> str:
    """Any number in official writing ("1.250.000", "3,5", "05").

    `quantity` says that a unit or "đồng" follows, so a long run is an amount, not a code.
    """
    if _ENGLISH_GROUPED.fullmatch(text):
        return cardinal(int(text.replace(",", "")))
    head, _, fraction = text.partition(",")
    if _GROUPED.fullmatch(text) or (quantity and len(head) <= _LONGEST_CARDINAL):
        words = cardinal(int(head.replace(".", "")))
    else:
        words = whole(head.replace(".", ""))
    return f"{words} phẩy {decimals(fraction)}" if fraction else words
