"""Words as they are stored and asked for."""

from hypothesis import given
from hypothesis import strategies as st

from vang.base.text import fold
from vang.search.quoting import Part, marked, quoted
from vang.search.tokens import Term, document, wanted, words_in


def test_words_are_letters_and_digits() -> None:
    assert list(words_in("Chỉ thị số 07-CT/TW, lúc 6h30!")) == [
        *("chỉ", "thị", "số", "07", "ct", "tw", "lúc", "6h30"),
    ]


def test_a_document_holds_every_word_without_marks_and_the_marked_ones() -> None:
    words = document("Quế Sơn", "đường làng", ["unit7"]).split()
    assert words == ["unit7", "que", "son", "duong", "lang", "quế", "sơn", "đường", "làng"]


def test_typed_without_marks_there_is_nothing_exact() -> None:
    asking = wanted("que son")
    assert asking.plain == (Term("que"), Term("son", begins=True))
    assert asking.exact == ()


def test_typed_with_marks_both_ways_are_asked() -> None:
    asking = wanted("Đường làng")
    assert [term.word for term in asking.plain] == ["duong", "lang"]
    assert [term.word for term in asking.exact] == ["đường", "làng"]


def test_marks_typed_apart_are_the_same_word() -> None:
    assert wanted("Que\u0302\u0301 So\u031bn") == wanted("Quế Sơn")


@given(st.text(max_size=300))
def test_whatever_is_typed_is_only_words(typed: str) -> None:
    """Nothing can break out of a query of either database."""
    asking = wanted(typed)
    for term in (*asking.plain, *asking.exact):
        assert term.word
        assert not any(c in "\"'\\&|!():* " for c in term.word)


@given(st.text(max_size=200), st.text(max_size=30))
def test_cutting_at_the_hits_loses_nothing(text: str, typed: str) -> None:
    assert "".join(part.text for part in marked(text, wanted(typed))) == text


def test_hits_are_marked_as_they_are_written() -> None:
    assert marked("Xã Quế Sơn họp", wanted("que so")) == [
        Part("Xã "),
        Part("Quế", hit=True),
        Part(" "),
        Part("Sơn", hit=True),
        Part(" họp"),
    ]


def test_with_marks_only_the_very_word_is_marked() -> None:
    parts = marked("dương và đường", wanted("đường"))
    assert [part.text for part in parts if part.hit] == ["đường"]


def test_a_quote_begins_near_the_first_hit() -> None:
    text = "Mở đầu. " * 40 + "Cắt điện thôn Thuận 1." + " Hết." * 80
    parts = quoted(text, wanted("cat dien"))
    told = "".join(part.text for part in parts)
    assert told.startswith("… ")
    assert told.endswith(" …")
    assert "Cắt điện thôn Thuận 1." in told
    assert len(told) < 200


def test_folding_is_the_one_of_the_whole_house() -> None:
    assert fold("ĐƯỜNG") == "duong"
