"""Speakable text cut for synthesis."""

from hypothesis import given
from hypothesis import strategies as st

from vang.voice.speech import LONGEST, Sentence, sentences

PIECES = ["bà", "con.", "chú ý!", "thôn một,", "\n", "\n\n", "một.", "a" * 700, "x" * 90]
WORDS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.one_of(WORDS, st.text(alphabet="ab .,;!?\n", max_size=900)))
def test_nothing_is_lost_and_nothing_is_too_long(text: str) -> None:
    cut = sentences(text)
    assert squeezed("".join(s.text for s in cut)) == squeezed(text)
    assert all(0 < len(s.text) <= LONGEST and s.pause_ms > 0 for s in cut)


def test_a_full_stop_a_line_and_a_paragraph_are_ever_longer_pauses() -> None:
    cut = sentences("Bà con chú ý. Có điện lại\nMời họp thôn\n\nXin cảm ơn")
    assert [s.text for s in cut] == ["Bà con chú ý.", "Có điện lại", "Mời họp thôn", "Xin cảm ơn"]
    assert [s.pause_ms for s in cut] == [450, 600, 900, 600]


def test_a_list_mark_is_spoken_with_what_it_numbers() -> None:
    assert sentences("một. Mục đích") == [Sentence("một. Mục đích", 600)]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    clause = "các cơ quan phối hợp thực hiện tốt kế hoạch này trên địa bàn toàn xã trong cả năm,"
    cut = sentences(" ".join([clause] * 6))
    assert len(cut) > 1
    assert all(s.text.endswith(",") for s in cut)


def test_text_without_words_has_no_sentences() -> None:
    assert sentences(" \n\n ") == []
