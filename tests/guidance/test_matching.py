"""Which guidance a text falls under."""

from hypothesis import given
from hypothesis import strategies as st

from vang.guidance.matching import MAX_TOPICS, lines, match, read_topics


def found(
    text: str = "", category: str = "", **note: tuple[str, ...]
) -> tuple[bool, tuple[str, ...]]:
    said = match(
        categories=note.get("categories", ()),
        topics=note.get("topics", ()),
        category=category,
        text=text,
    )
    return bool(said), said.words


def test_a_category_or_a_topic_is_enough() -> None:
    note = {"categories": ("DISASTER",), "topics": ("sơ tán",)}
    assert found("Họp thôn", "EVENTS", **note) == (False, ())
    assert found("Họp thôn", "DISASTER", **note) == (True, ())
    assert found("SƠ  TÁN dân", "EVENTS", **note) == (True, ("sơ tán",))


def test_topics_are_found_without_marks_but_only_as_whole_words() -> None:
    assert found("Phong chong bao so 5", topics=("bão",)) == (True, ("bão",))
    assert found("Bảo hiểm y tế", topics=("bảo hiểm",)) == (True, ("bảo hiểm",))
    assert found("Baobab", topics=("bão",)) == (False, ())


def test_words_that_differ_in_their_marks_are_not_confused() -> None:
    assert found("Thông báo: báo cáo, bao nhiêu", topics=("bão",)) == (False, ())
    assert found("Thông báo cơn BÃO số 5", topics=("bão",)) == (True, ("bão",))
    assert found("Giữ gìn hoà bình", topics=("hòa bình",)) == (True, ("hòa bình",))
    assert found("Phòng, chống lũ quét", topics=("lu quet",)) == (True, ("lu quet",))


def test_a_note_without_categories_and_topics_concerns_everything() -> None:
    assert found("Bất kỳ")[0]


def test_topics_are_read_one_a_line_or_between_commas() -> None:
    assert read_topics("bão,  lũ quét\nsơ tán\n, bão") == ["bão", "lũ quét", "sơ tán"]
    assert len(read_topics(",".join(map(str, range(100))))) == MAX_TOPICS


def test_points_lose_their_dashes() -> None:
    assert lines("- Một\n\n + Hai\n• Ba") == ["Một", "Hai", "Ba"]


@given(st.text(), st.lists(st.text(max_size=10), max_size=4))
def test_any_text_is_matched_without_a_fault(text: str, topics: list[str]) -> None:
    said = match(categories=(), topics=topics, category="", text=text)
    assert set(said.words) <= set(topics)
