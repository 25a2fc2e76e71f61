"""What is hard to read aloud, and what would be easier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.voice.speech.hints import HintKind, hints

LONG = (
    "Điện lực Quế Sơn thông báo từ 7h30 đến 11h30 ngày 12/6/2026 tạm ngừng cung cấp điện tại thôn "
    "1, thôn 2 và thôn 3, đề nghị bà con chủ động sắp xếp công việc và bảo đảm an toàn."
)


def found(text: str, dictionary: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    return [(h.kind.value, h.words, h.better) for h in hints(text, dictionary or {})]


def test_a_long_sentence_is_cut_where_a_new_thought_begins() -> None:
    (hint,) = hints(LONG, {})
    assert hint.kind == HintKind.LONG
    assert hint.better.count(". Đề nghị bà con") == 1
    assert hint.better.replace(". Đ", ", đ") == LONG
    assert hint.count > 35


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND xã báo.", []),
        ("Liên hệ BQLRPH huyện.", [("abbreviation", "BQLRPH", "")]),
        ("Tổng 1.250.750.000 đồng.", [("figures", "1.250.750.000", "hơn 1,25 tỷ")]),
        ("Gọi số 0912345678 ngay.", []),
        ("Tài khoản 19034567890123.", [("figures", "19034567890123", "")]),
        ("Đăng ký online nhé.", [("foreign", "online", "trực tuyến")]),
        ("Xem Facebook xã.", [("foreign", "Facebook", "")]),
        ("THÔNG BÁO CỦA UBND XÃ", []),
        ("Bà con ra nhà văn hóa.", []),
        ("", []),
    ],
)
def test_each_hardship_is_told(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


def test_words_of_the_dictionary_are_no_hardship() -> None:
    assert found("Xem Facebook và BQLRPH.", {"Facebook": "phây búc", "BQLRPH": "ban"}) == []


@given(st.text(alphabet="aàB .,1XYZt\nđf", max_size=300))
def test_hints_stand_where_they_say(text: str) -> None:
    for hint in hints(text, {}):
        assert text[hint.start :].startswith(hint.words)
