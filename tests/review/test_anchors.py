"""A remark's passage is found again in the edited text, or said to be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.review.anchors import Anchor, Place, anchor_at, find, find_quote

TEXT = (
    "Kính thưa bà con. Từ 8 giờ ngày 12/6 cắt điện thôn Thuận 1 để sửa đường dây. "
    "Đề nghị bà con chủ động. Trân trọng."
)
PASSAGE = "cắt điện thôn Thuận 1"


def remark(passage: str = PASSAGE, text: str = TEXT) -> Anchor:
    start = text.index(passage)
    return anchor_at(text, start, start + len(passage))


def found(text: str, anchor: Anchor | None = None) -> tuple[str, bool] | None:
    place = find(anchor or remark(), text)
    return (text[place.start : place.end], place.changed) if place else None


def test_a_passage_is_where_it_was() -> None:
    assert found(TEXT) == (PASSAGE, False)


@pytest.mark.parametrize(
    "text",
    [
        "Một đoạn mới ở đầu.\n\n" + TEXT,
        TEXT.replace("Kính thưa bà con. ", ""),
        TEXT.replace("để sửa đường dây", "vì bão"),
    ],
)
def test_it_is_found_after_edits_elsewhere(text: str) -> None:
    assert found(text) == (PASSAGE, False)


def test_spaces_and_tone_marks_do_not_lose_it() -> None:
    anchor = remark("hoà giải", "Tổ hoà giải họp lúc 8 giờ.")
    assert found("Tổ  hòa\ngiải họp lúc 8 giờ.", anchor) == ("hòa\ngiải", False)


def test_changed_words_are_found_by_what_stands_around_them() -> None:
    text = TEXT.replace(PASSAGE, "cúp điện toàn xã")
    assert found(text) == ("cúp điện toàn xã", True)


@pytest.mark.parametrize("text", ["", "Một văn bản khác hẳn.", TEXT.replace(PASSAGE + " ", "")])
def test_a_passage_that_is_gone_is_lost(text: str) -> None:
    assert found(text) is None


def test_of_the_same_words_twice_the_right_ones_are_taken() -> None:
    text = "Thôn 1 họp lúc 8 giờ. Thôn 2 họp lúc 8 giờ. Thôn 3 họp lúc 8 giờ."
    start = text.index("họp lúc 8 giờ", 20)
    anchor = anchor_at(text, start, start + 13)
    assert find(anchor, text) == Place(start, start + 13)
    longer = "Mở đầu thêm vào cho dài ra. " + text
    place = find(anchor, longer)
    assert place is not None
    assert longer[: place.start].endswith("Thôn 2 ")


def test_a_quote_is_taken_from_the_nearest_place() -> None:
    text = "họp thôn. họp thôn. họp thôn."
    assert find_quote("họp thôn", text, near=12) == Place(10, 18)
    assert find_quote(" \n", text) is None
    assert find_quote("họp xã", text) is None


WORDS = st.lists(
    st.sampled_from(["bà", "con", "họp", "8", "giờ", "thôn", "."]), min_size=3, max_size=12
)


@given(WORDS, st.data())
def test_any_passage_of_a_text_is_found_in_it(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    begin = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(begin + 1, len(words)))
    start = len(" ".join(words[:begin])) + (begin > 0)
    passage = " ".join(words[begin:end])
    place = find(anchor_at(text, start, start + len(passage)), text)
    assert place == Place(start, start + len(passage))


@given(WORDS, WORDS, WORDS)
def test_what_is_found_lies_within_the_text(one: list[str], two: list[str], new: list[str]) -> None:
    text, other = " ".join(one + two), " ".join(new)
    start = len(" ".join(one)) + 1
    place = find(anchor_at(text, start, len(text)), other)
    assert place is None or 0 <= place.start < place.end <= len(other)


def test_of_many_like_paragraphs_the_changed_one_is_found() -> None:
    lines = [f"Từ 8 giờ ngày 12/6 tổ {n} họp tại nhà văn hóa thôn Thuận." for n in range(60)]
    text = "\n".join(lines)
    start = text.index("họp tại nhà văn hóa", text.index("tổ 41 "))
    anchor = anchor_at(text, start, start + len("họp tại nhà văn hóa"))
    lines[41] = lines[41].replace("họp tại nhà văn hóa", "sinh hoạt ở đình làng")
    edited = "\n".join(["Thông báo.", *lines])
    place = find(anchor, edited)
    assert place is not None
    assert place.changed
    assert edited[place.start : place.end] == "sinh hoạt ở đình làng"
    lines[41] = lines[41].replace("sinh hoạt ở đình làng ", "")
    assert find(anchor, "\n".join(lines)) is None
