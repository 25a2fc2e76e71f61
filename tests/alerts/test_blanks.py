"""Typed blanks: what is typed wrongly is refused in words, what is right is said rightly."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.alerts.blanks import (
    Blank,
    Kind,
    blank_of,
    check_blank,
    check_blanks,
    filled,
    names_in,
    value_of,
)
from vang.base.refusals import Refusal

RIVER = Blank("muc_nuoc", "Mực nước", Kind.NUMBER, "mét", 0, 20)
WHEN = Blank("gio", "Giờ", Kind.TIME)
WHERE = Blank("thon", "Thôn", Kind.PLACE)
DAM = Blank("ho", "Hồ chứa", Kind.CHOICE, choices=("hồ An Long", "hồ Giang"))


@pytest.mark.parametrize(
    ("blank", "typed", "said"),
    [
        (RIVER, "7.5", "7,5 mét"),
        (RIVER, " 12 ", "12 mét"),
        (WHEN, "17:30", "17 giờ 30 phút"),
        (WHEN, "5h", "5 giờ"),
        (WHERE, "Thuận 1", "Thuận 1"),
        (DAM, "hồ Giang", "hồ Giang"),
    ],
)
def test_what_is_typed_is_said_as_people_say_it(blank: Blank, typed: str, said: str) -> None:
    assert value_of(blank, typed, ["Thuận 1"]) == said


@pytest.mark.parametrize(
    ("blank", "typed", "code"),
    [
        (RIVER, "21", "blank-number"),
        (RIVER, "bảy", "blank-number"),
        (RIVER, "nan", "blank-number"),
        (WHEN, "25:00", "blank-time"),
        (WHERE, "Chợ Lớn", "blank-choice"),
        (DAM, "", "blank-choice"),
    ],
)
def test_what_does_not_fit_is_refused(blank: Blank, typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        value_of(blank, typed, ["Thuận 1"])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("blank", "typed", "language", "said"),
    [
        (RIVER, "7,5", "en", "7.5"),
        (RIVER, "7,5", "ktv", "7,5"),
        (WHEN, "5h", "en", "5:00"),
        (WHERE, "Thuận 1", "ktv", "Thuận 1"),
    ],
)
def test_other_languages_say_it_without_our_words(
    blank: Blank, typed: str, language: str, said: str
) -> None:
    assert value_of(blank, typed, ["Thuận 1"], language) == said


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Mực nước"}, "blank-name"),
        ({"name": ""}, "blank-name"),
        ({"label": ""}, "blank-label"),
        ({"label": "n" * 61}, "blank-label"),
        ({"unit": "{mét}"}, "braces"),
        ({"least": 20}, "blank-limits"),
        ({"most": float("inf")}, "blank-limits"),
        ({"least": float("nan")}, "blank-limits"),
        ({"kind": Kind.CHOICE}, "blank-choices"),
        ({"kind": Kind.CHOICE, "choices": ("một", "một")}, "blank-choices"),
        ({"kind": Kind.CHOICE, "choices": ("một", "n" * 101)}, "blank-choices"),
    ],
)
def test_a_blank_must_be_whole(changed: dict[str, Any], code: str) -> None:
    check_blank(RIVER)
    with pytest.raises(Refusal) as refused:
        check_blank(replace(RIVER, **changed))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("Nước { muc_nuoc }, {muc_nuoc}.", "braces"), ("Nước lên.", "blank-unused")],
)
def test_the_text_and_its_blanks_belong_together(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_blanks([text], [RIVER])
    assert refused.value.code == code


def test_no_blank_is_left_open() -> None:
    with pytest.raises(Refusal):
        filled("Nước lên {muc_nuoc} lúc {gio}.", {"muc_nuoc": "7 mét"})
    assert filled("Nước lên {muc_nuoc}.", {"muc_nuoc": "7 mét"}) == "Nước lên 7 mét."


def test_a_blank_nobody_explained_is_refused() -> None:
    with pytest.raises(Refusal):
        check_blanks(["Nước lên {muc_nuoc}."], [WHEN])


@given(st.floats(0, 20).map(lambda n: round(n, 2)))
def test_every_number_within_the_limits_is_taken(number: float) -> None:
    assert value_of(RIVER, str(number)).endswith(" mét")


@given(st.text(max_size=60))
def test_any_text_may_be_looked_at(text: str) -> None:
    assert all(f"{{{name}}}" in text for name in names_in(text))


def test_a_blank_survives_being_kept() -> None:
    assert blank_of(DAM.table()) == DAM


def test_a_blank_says_what_may_be_filled_in() -> None:
    assert RIVER.told == "một số từ 0 đến 20 mét"
    assert DAM.told == "hồ An Long; hồ Giang"
    assert (WHEN.told, WHERE.told) == ("một giờ trong ngày", "một thôn")
