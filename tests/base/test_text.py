"""Text as people type it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.base.text import clean_text, fold, slug


def test_text_is_composed_and_has_unix_lines() -> None:
    typed = unicodedata.normalize("NFD", "Quế Sơn") + "\r\nThôn 1\rThôn 2\u2028Hết"
    assert clean_text(typed) == "Quế Sơn\nThôn 1\nThôn 2\nHết"


def test_what_reorders_or_hides_text_is_removed_what_is_seen_stays() -> None:
    tricky = "10\u202e000.1\u202c đồng\u200b\ufeff \u2066ẩn\u2069\u00ad"
    assert clean_text(tricky) == "10000.1 đồng ẩn"
    plain = "Tab\tvà dòng\nmới 🌾 “trích” – 5 m²"
    assert clean_text(plain) == plain


def test_a_hidden_character_does_not_keep_a_mark_from_its_letter() -> None:
    assert clean_text("Le\u200b\u0302") == "Lê"


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x85", "\ue000", "\ud800", "\uffff"])
def test_control_private_and_unassigned_characters_go(bad: str) -> None:
    assert clean_text(f"a{bad}b") == "ab"


@given(st.text(st.sampled_from("aeoQ đĐ\u0302\u0301\u0323\u200b\u202e\n\r")) | st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert unicodedata.is_normalized("NFC", clean_text(text))


def test_folding_finds_words_without_their_marks() -> None:
    assert fold("đường") == "duong"
    assert fold("ĐƯỜNG Quế Sơn") == "duong que son"
    assert fold(unicodedata.normalize("NFD", "Ổ gà")) == fold("Ổ gà") == "o ga"


def test_a_slug_is_plain_and_not_too_long() -> None:
    assert slug("Lịch cắt điện ngày 12/6 (đợt 2)") == "lich-cat-dien-ngay-12-6-dot-2"
    assert slug("!!! …") == ""
    assert slug("../../etc/passwd") == "etc-passwd"
    assert len(slug("rất dài " * 40)) <= 80


@given(st.text())
def test_a_slug_holds_nothing_but_letters_digits_and_hyphens(text: str) -> None:
    made = slug(text)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert not made.endswith("-")
