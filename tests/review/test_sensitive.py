"""Sensitive topics are found as whole words, with their marks, wherever the tone stands."""

import pytest

from vang.bulletins.models import Category
from vang.review.sensitive import CATEGORIES, MAX_TOPIC, common_topics, topics_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Về việc thu hồi đất thôn 1.", ["thu hồi đất"]),
        ("THU HỒI\n ĐẤT", ["thu hồi đất"]),
        ("Thu hồi đất, khiếu kiện kéo dài", ["khiếu kiện", "thu hồi đất"]),
        ("Thu hồi xe cũ. Đất vườn.", []),
        ("thu hoi dat", []),
        ("", []),
    ],
)
def test_topics_are_found_as_whole_words(text: str, found: list[str]) -> None:
    assert topics_in(text, ["khiếu kiện", "thu hồi đất"]) == found


def test_the_place_of_the_tone_mark_does_not_hide_one() -> None:
    assert topics_in("Hoà giải viên", ["hòa giải"]) == ["hòa giải"]


def test_an_empty_topic_is_in_nothing() -> None:
    assert topics_in("a b", ["", "–"]) == []


def test_the_common_list_is_short_clean_and_without_doubles() -> None:
    topics = common_topics()
    assert len(set(topics)) == len(topics) > 10
    assert all(topic == " ".join(topic.lower().split()) for topic in topics)
    assert all(len(topic) <= MAX_TOPIC for topic in topics)
    assert set(Category) >= CATEGORIES
