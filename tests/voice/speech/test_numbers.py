"""Numbers in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.voice.speech.numbers import cardinal, number, numbered
from vang.voice.speech.roman import roman_value

_NAMES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_UNITS = {w: i for i, w in enumerate(_NAMES)}
_UNITS |= {"mốt": 1, "tư": 4, "lăm": 5}
_SCALES = {"nghìn": 10**3, "triệu": 10**6}


def value(words: str) -> int:
    """The number that the words name, worked out apart from how they were made."""
    if " tỷ" in words:
        head, _, tail = words.rpartition(" tỷ")
        return value(head) * 10**9 + (value(tail) if tail.strip() else 0)
    total = group = unit = 0
    for word in words.split():
        if word in _UNITS:
            unit = _UNITS[word]
        elif word == "trăm":
            group, unit = unit * 100, 0
        elif word in ("mươi", "mười"):
            group, unit = group + (unit if word == "mươi" else 1) * 10, 0
        elif word in _SCALES:
            total, group, unit = total + (group + unit) * _SCALES[word], 0, 0
    return total + group + unit


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_words_name_the_number_they_came_from(n: int) -> None:
    assert value(cardinal(n)) == n


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("21", "hai mươi mốt"), ("11", "mười một"), ("14", "mười bốn"), ("34", "ba mươi tư"),
        ("15", "mười lăm"), ("105", "một trăm lẻ năm"), ("1004", "một nghìn không trăm lẻ bốn"),
        ("110", "một trăm mười"), ("3,5", "ba phẩy năm"), ("0,125", "không phẩy một hai năm"),
        ("1,250,000", "một triệu hai trăm năm mươi nghìn"), ("007", "không không bảy"),
    ],
)  # fmt: skip
def test_says(written: str, said: str) -> None:
    assert number(written) == said


def test_a_serial_number_keeps_its_zero_and_a_quantity_does_not() -> None:
    assert (numbered("07"), number("07")) == ("không bảy", "bảy")


def test_only_well_formed_roman_numerals_have_a_value() -> None:
    assert [roman_value(r) for r in ("IV", "XIII", "XXI", "XC")] == [4, 13, 21, 90]
    assert [roman_value(r) for r in ("IIII", "VX", "", "ABC")] == [None] * 4
