import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.voice.intelligibility import WordErrors, compare, spoken_words


def test_counts_words_misheard_left_out_and_added() -> None:
    assert compare("họp lúc bảy giờ", "họp lúc bảy giờ") == WordErrors(0, 4)
    assert compare("họp lúc bảy giờ", "họp bảy chờ nhé") == WordErrors(3, 4)
    assert compare("họp", "") == WordErrors(1, 1)


def test_marks_case_and_spelling_style_are_no_errors() -> None:
    assert compare("Hoá đơn, thuỷ lợi!", "hóa đơn thủy lợi").errors == 0
    assert compare("hoà", "hoạ").errors == 1
    assert spoken_words("của tủa mùa") == ["của", "tủa", "mùa"]


def test_rates_of_several_sentences_are_weighed_by_their_words() -> None:
    both = WordErrors(1, 2) + WordErrors(0, 8)
    assert both.rate == pytest.approx(0.1)


_WORDS = st.lists(st.sampled_from(["một", "hai", "ba"]), min_size=1, max_size=8)


@given(_WORDS, _WORDS)
def test_errors_never_exceed_the_longer_text_nor_fall_below_the_difference(
    said: list[str], heard: list[str]
) -> None:
    errors = compare(" ".join(said), " ".join(heard)).errors
    assert abs(len(said) - len(heard)) <= errors <= max(len(said), len(heard))
    assert (errors == 0) == (said == heard)
