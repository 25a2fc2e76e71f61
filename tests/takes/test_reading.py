"""The text before the reader."""

from hypothesis import given
from hypothesis import strategies as st

from vang.takes.reading import carried_over, reading_lines, reading_parts, text_sha256

NOTICE = (
    "Lịch cắt điện\n\nTừ 7h30 đến 11h30 ngày 12/6/2026, cắt điện tại TP. Tam Kỳ. "
    "Mọi thắc mắc xin gọi 19001909! Xin cảm ơn."
)


def test_sentences_are_cut_where_they_end_and_not_at_abbreviations() -> None:
    assert reading_lines(NOTICE) == [
        "Lịch cắt điện",
        "Từ 7h30 đến 11h30 ngày 12/6/2026, cắt điện tại TP. Tam Kỳ.",
        "Mọi thắc mắc xin gọi 19001909!",
        "Xin cảm ơn.",
    ]
    assert reading_lines("1. Thời gian: 8 giờ. 2. Địa điểm: nhà văn hóa.") == [
        "1. Thời gian: 8 giờ.",
        "2. Địa điểm: nhà văn hóa.",
    ]


def test_pauses_are_longer_where_a_line_or_block_ends() -> None:
    assert [part.pause_ms for part in reading_parts(NOTICE)] == [900, 450, 450, 600]


def test_a_very_long_sentence_is_cut_at_its_commas() -> None:
    lines = reading_lines("một hai ba bốn, " * 60)
    assert len(lines) > 1
    assert max(map(len, lines)) <= 400


def test_spaces_do_not_change_the_fingerprint_and_words_do() -> None:
    assert text_sha256("Họp  thôn\r\n\r\n3") == text_sha256("Họp thôn\n3")
    assert text_sha256("Họp thôn 3") != text_sha256("Họp thôn 2")


def test_sentences_that_stayed_are_carried_over_once_each() -> None:
    assert carried_over(["a", "b", "a"], ["x", "a", "a", "a"]) == {1: 0, 2: 2}


@given(st.text(alphabet="aB .,!?\n1TP", max_size=200))
def test_no_word_is_lost(text: str) -> None:
    assert " ".join(reading_lines(text)).split() == text.split()
