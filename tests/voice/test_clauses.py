from hypothesis import given
from hypothesis import strategies as st

from vang.voice.engines.clauses import utterances


def test_sentences_are_cut_at_their_marks() -> None:
    assert utterances("Kính mời bà con, bảy giờ: họp! Có ai không? Xin cảm ơn") == [
        [("Kính mời bà con", ","), ("bảy giờ", ":"), ("họp", "!")],
        [("Có ai không", "?")],
        [("Xin cảm ơn", ".")],
    ]


def test_marks_inside_words_do_not_cut() -> None:
    assert utterances("trang que-son.gov.vn; hết…") == [
        [("trang que-son.gov.vn", ";"), ("hết", ".")]
    ]


def test_text_without_words_gives_nothing() -> None:
    assert utterances(" ... !? ,") == []


@given(st.text(alphabet="aáb1 ,.;:!?…-\n", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    said = "".join(clause for utterance in utterances(text) for clause, _mark in utterance)
    assert [c for c in said if c.isalnum()] == [c for c in text if c.isalnum()]
