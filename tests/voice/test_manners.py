"""Marks beside the text: typed, understood, and never in it."""

from hypothesis import given
from hypothesis import strategies as st

from vang.orgs.models import Unit
from vang.voice.engines.espeak import Espeak
from vang.voice.manners import (
    MOST_MARKS,
    Manner,
    Mark,
    MarkKind,
    parse_marks,
    typed_manner,
    written_marks,
)
from vang.voice.queries import speakable_text

LINES = "Zalo = da lô\nNoru ~ nô ru\nQuế Thuận /\nkhẩn trương !"


def test_lines_are_understood_and_written_again() -> None:
    marks, wrong = parse_marks(LINES + "\n\nvớ vẩn\n= không có từ")
    assert [mark.kind for mark in marks] == list(MarkKind)
    assert written_marks(marks) == LINES
    assert wrong == ["vớ vẩn", "= không có từ"]


def test_a_text_is_read_with_its_marks(xa_a: Unit) -> None:
    marks, _ = parse_marks(LINES)
    text = "Xã Quế Thuận báo: bão Noru mạnh, bà con khẩn trương, xem Zalo."
    assert speakable_text(xa_a, text, Manner(marks)) == (
        "Xã Quế Thuận, báo: bão nô ru mạnh, bà con, khẩn trương, xem da lô."
    )
    assert "nô ru" not in speakable_text(xa_a, text)


def test_nonsense_in_the_fields_is_the_usual_manner() -> None:
    assert typed_manner({"marks": "?", "pace": "9999", "voice": ""}) == Manner()
    assert typed_manner({"pace": "50"}).pace == 0
    assert typed_manner({"pace": "90"}).pace == 90


def test_there_is_an_end_to_marks() -> None:
    marks, wrong = parse_marks("a = b\n" * (MOST_MARKS + 2))
    assert (len(marks), len(wrong)) == (MOST_MARKS, 2)
    assert parse_marks("x" * 81 + " /")[0] == ()


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_mark_or_told(text: str) -> None:
    marks, _wrong = parse_marks(text)
    assert parse_marks(written_marks(marks))[0] == marks


def test_a_slower_pace_takes_longer_and_is_another_voice() -> None:
    slow, usual = Espeak(pace=80), Espeak()
    text = "xin chào bà con"
    assert len(slow.speak(text).samples) > 1.1 * len(usual.speak(text).samples)
    assert slow.fingerprint != usual.fingerprint
    assert Mark(MarkKind.PAUSE, "7h30").spoken({}) == "bảy giờ ba mươi phút,"
