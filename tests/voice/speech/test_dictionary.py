"""The commune's pronunciation dictionary."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vang.voice.speech import speakable


def test_a_reading_is_taken_before_every_rule_and_left_alone() -> None:
    entries = {"QL1A": "quốc lộ 1 A", "Zalo": "da lô"}
    assert speakable("đường QL1A, nhắn Zalo 5", entries) == "đường quốc lộ 1 A, nhắn da lô năm"


def test_only_whole_words_are_replaced() -> None:
    assert speakable("loa, loan, Loa", {"loa": "cái loa"}) == "cái loa, loan, cái loa"


def test_a_key_with_capitals_minds_capitals() -> None:
    assert speakable("Bà Rén và bà rén", {"Bà Rén": "bà-rén"}) == "bà-rén và bà rén"


def test_the_longest_key_wins() -> None:
    entries = {"UBND": "ủy ban", "UBND xã": "trụ sở xã"}
    assert speakable("UBND xã và UBND huyện", entries) == "trụ sở xã và ủy ban huyện"


def test_a_key_of_any_shape_is_found_in_any_spelling_of_its_letters() -> None:
    assert speakable("thôn Ha\u0323 và C#", {"thôn Hạ": "thôn Hạ Hạ", "C#": "xi sáp"}) == (
        "thôn Hạ Hạ và xi sáp"
    )


def test_readings_do_not_feed_one_another() -> None:
    assert speakable("a1 b2", {"a1": "b2", "b2": "a1"}) == "b2 a1"


def test_private_characters_of_the_text_are_not_taken_for_readings() -> None:
    assert speakable("x \U000f0000 UBND", {"UBND": "ủy ban"}) == "ích ủy ban"


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=5), st.text(max_size=40))
def test_no_dictionary_breaks_the_reading(entries: dict[str, str], text: str) -> None:
    spoken = speakable(text, entries)
    assert "\U000f0000" not in spoken
    assert speakable(text, {}) == speakable(text)
