"""What holds for any text at all."""

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vang.voice.speech import speakable
from vang.voice.speech.tables import table

ABBREVIATIONS = sorted(
    {row[0] for row in table("abbreviations") if row[0].isascii() and row[0].isupper()}
)
TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789/.-–,:;() hgmkKVIXABCĐđ&+°%'\"²…\n\t"),
        st.sampled_from("ngày tháng năm số ỦY BAN UBND TT. BCH"),
        st.characters(),
    ),
    max_size=60,
)
SPECIMENS = """
    ngày 10/6 10-15/6/2024 07-CT/TW 90/KH-UBND 6h30 - – 0912345678 113, 5% 100-200mm 1.250.000đ
    đồng/kg/vụ QL1A km15+200 TT. UBND XII (nếu có) … v.v… a@b.vn http://a.vn/x “Dân” 1/2 15°08'N
    Đ/c TP. NN&PTNT 20°C COVID-19 ½ ② Ⅻ x² № ١٢ 漢字 ﬁ ı ſ K
"""
PIECES = st.lists(st.sampled_from(SPECIMENS.split()), max_size=12).map(" ".join)
HOSTILE = """
    1 0 1/ 1. 12- 1, A- AB-CD/ ( ... "_ 10/6_ 10-15/6/2024_ 1h30- 90/KH-UBND_ 07-CT/TW; 113,_ 0912_
    a@b. TT._ đ/c_ 5%- http:// IV. ngày_1,_ 1_-_ $ ° km_1+ 1: a_
"""


def is_spoken(character: str) -> bool:
    kind = unicodedata.category(character)
    return character.isalpha() or kind[0] == "M" or character in " .,;:!?'\n"


@settings(max_examples=300, deadline=None)
@given(st.one_of(TYPED, PIECES))
def test_any_text_becomes_words_alone(text: str) -> None:
    strange = {c for c in speakable(text) if not is_spoken(c)}
    assert not strange


@settings(deadline=None)
@given(st.text())
def test_each_line_stays_one_line(text: str) -> None:
    lines = re.split(r"\r\n|[\n\r\u2028]", text)
    assert len(speakable(text).split("\n")) == len(lines)


def test_blank_lines_stay_blank() -> None:
    assert speakable("Một\n\n  \nHai\n") == "Một\n\n\nHai\n"


@settings(deadline=None)
@given(PIECES)
def test_composed_and_decomposed_text_read_alike(text: str) -> None:
    assert speakable(unicodedata.normalize("NFD", text)) == speakable(text)


@settings(deadline=None)
@given(PIECES)
def test_reading_twice_changes_nothing(text: str) -> None:
    once = speakable(text)
    assert speakable(once) == once


@settings(deadline=None)
@given(st.lists(st.sampled_from(ABBREVIATIONS), min_size=1, max_size=5))
def test_no_abbreviation_of_the_table_is_left(words: list[str]) -> None:
    spoken = speakable("thôn " + " thôn ".join(words))
    assert not re.search(r"[A-ZĐ]{2}", spoken)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**13))
def test_amounts_are_read_whole(amount: int) -> None:
    grouped = f"{amount:,}".replace(",", ".")
    spoken = speakable(f"chi {grouped} đồng")
    assert spoken == speakable(f"chi {amount} đồng")
    assert not re.search(r"\d", spoken)


def test_bidirectional_and_control_characters_are_not_spoken() -> None:
    assert speakable("xã \u202eQuế\u2066 Xuân\x00\x07 1\u200b") == "xã Quế Xuân một"


def test_pictures_are_left_out() -> None:
    assert speakable("🎉 Chúc mừng 👨‍👩‍👧 năm mới 1️⃣") == "Chúc mừng năm mới một"


def test_letters_and_digits_of_other_widths_are_understood() -> None:
    assert speakable("１２ hộ, Ⅻ, ½") == "mười hai hộ, mười hai, một phần hai"


@pytest.mark.parametrize(
    "unit", [*(u.replace("_", " ") for u in HOSTILE.split()), "_", "\u0301", "\U000f0000"]
)
def test_reading_takes_time_in_proportion_to_length(unit: str) -> None:
    """A backtracking rule would take sixteen times as long for four times the text."""
    short, long = (_least_work((unit * size)[:size]) for size in (4_000, 16_000))
    assert long < 10 * max(short, 0.01)


def _least_work(text: str) -> float:
    def once() -> float:
        begin = process_time()
        speakable(text)
        return process_time() - begin

    return min(once() for _ in range(2))
