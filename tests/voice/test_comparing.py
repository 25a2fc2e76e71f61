"""Where a take differs from its text: said so that a person knows where to listen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.voice.comparing import Kind, Stretch, compare_heard, sounds_like
from vang.voice.hearing import Heard


def compared(said: str, heard: str) -> list[tuple[Kind, str, str]]:
    found = compare_heard(said, [Heard(0, 10_000, heard)])
    assert found is not None
    return [(s.kind, s.said, s.heard) for s in found.stretches]


def test_the_same_words_agree_whatever_their_spelling() -> None:
    said = "Hoá đơn một trăm lẻ năm nghìn, kỹ thuật thuỷ lợi."
    heard = "hóa đơn một trăm linh năm ngàn kĩ thuật thủy lợi"
    assert [kind for kind, _, _ in compared(said, heard)] == [Kind.SAME]


def test_other_missing_and_added_words_are_told_apart() -> None:
    assert compared("Cắt điện lúc bảy giờ sáng mai", "cắt điện lúc chín giờ mai nhé") == [
        (Kind.SAME, "Cắt điện lúc", "cắt điện lúc"),
        (Kind.OTHER, "bảy", "chín"),
        (Kind.SAME, "giờ", "giờ"),
        (Kind.MISSING, "sáng", ""),
        (Kind.SAME, "mai", "mai"),
        (Kind.ADDED, "", "nhé"),
    ]


def test_words_that_recognisers_confuse_are_no_difference_worth_a_stop() -> None:
    found = compare_heard("trồng rau xanh", [Heard(0, 900, "chồng dau sanh")])
    assert found is not None
    assert (found.percent, found.differences) == (100, [])
    assert sounds_like("trời") == sounds_like("chơi")
    assert sounds_like("bảy") != sounds_like("chín")


def test_differences_in_figures_come_first_with_their_place() -> None:
    heard = [Heard(0, 1000, "họp dân thôi ba"), Heard(5000, 6000, "lúc tám giờ")]
    found = compare_heard("Họp dân thôn mới lúc bảy giờ", heard)
    assert found is not None
    assert [s.figures for s in found.differences] == [True, True]
    assert found.differences[-1] == Stretch(Kind.OTHER, "bảy", "tám", 5333)


def test_nothing_heard_and_nothing_said() -> None:
    assert compared("Xin chào", "") == [(Kind.MISSING, "Xin chào", "")]
    found = compare_heard("", [])
    assert found is not None
    assert (found.percent, found.stretches) == (0, ())


def test_too_much_text_is_not_compared() -> None:
    assert compare_heard("một " * 4001, []) is None


_WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "trời", "chơi", "mưa"]), max_size=12)


@given(_WORDS, _WORDS)
def test_no_word_is_lost_in_the_comparison(said: list[str], heard: list[str]) -> None:
    found = compare_heard(" ".join(said), [Heard(0, 1000, " ".join(heard))])
    assert found is not None
    assert " ".join(s.said for s in found.stretches).split() == said
    assert " ".join(s.heard for s in found.stretches).split() == heard
    assert (found.percent == 100) or said != heard or not said


@pytest.mark.parametrize("words", [3000])
def test_a_long_text_is_compared_at_once(words: int) -> None:
    said = " ".join(["một", "hai", "ba", "bốn"][n % 4] for n in range(words))
    found = compare_heard(said, [Heard(0, 60_000, said.replace("ba bốn", "bốn", 1))])
    assert found is not None
    assert [(s.said, s.heard) for s in found.differences] == [("ba", "")]
