"""Whatever is filled in can be said with what the announcer recorded."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.phrases.covering import covered, missing
from vang.phrases.inventory import once, standing_inventory
from vang.phrases.notices import Hours, Kind, Notice, filled, notices
from vang.phrases.tokens import key_of, tokens_of, tokens_of_key, words_only
from vang.voice.speech import speakable
from vang.voice.speech.numbers import cardinal

NEEDED = {one.key for one in standing_inventory(2026) if one.needed}
ALL = {one.key for one in standing_inventory(2026)}
VILLAGES = ["thôn Thuận 1", "thôn Thuận 2", "tổ dân phố 12", "khu phố Hòa Bình"]
FRAGMENTS = {
    key_of(speakable(one.text)) for notice in notices().values() for one in notice.fragments()
}
PLACES = {key_of(speakable(place)) for place in [*VILLAGES, "toàn xã", "Nhà văn hóa thôn 3"]}
BANK = NEEDED | FRAGMENTS | PLACES


def words(keys: list[str]) -> tuple[str, ...]:
    return tuple(word for key in keys for word in words_only(tokens_of_key(key)))


@given(st.one_of(st.integers(0, 10**12 - 1), st.integers(0, 2000)))
def test_any_number_is_said_with_the_needed_phrases(value: int) -> None:
    tokens = tokens_of(cardinal(value))
    placed = covered(tokens, NEEDED)
    assert all(one.recorded for one in placed)
    assert words([one.key for one in placed]) == tokens


def test_the_needed_list_is_short_and_nothing_on_it_is_idle() -> None:
    assert len(NEEDED) <= 70
    counted = [cardinal(n) for n in (*range(1000), 1_002_003_000_000)]
    others = (
        "năm phẩy năm phần trăm đồng",
        "từ bảy giờ năm phút đến tám giờ ngày một tháng tư năm hai nghìn và",
        "thứ hai thứ ba thứ tư thứ năm thứ sáu thứ bảy chủ nhật",
    )
    said = " . ".join([*counted, *others])
    used = {one.key for one in covered(tokens_of(said), NEEDED)}
    assert NEEDED - used == set()


VALUES = {
    Kind.DATE: st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    Kind.HOUR: st.times().map(lambda t: time(t.hour, t.minute)),
    Kind.HOURS: st.lists(
        st.times().map(lambda t: time(t.hour, t.minute)), min_size=2, max_size=2, unique=True
    ).map(lambda pair: Hours(min(pair), max(pair))),
    Kind.VILLAGES: st.lists(st.sampled_from(VILLAGES), min_size=1, unique=True)
    | st.just(["toàn xã"]),
    Kind.NUMBER: st.integers(0, 99),
    Kind.PHONE: st.from_regex(r"\A0[0-9]{9}\Z|\A1[0-9]{2}\Z|\A1900[0-9]{4}\Z"),
    Kind.PHRASE: st.just("Nhà văn hóa thôn 3"),
}


@pytest.mark.parametrize("notice", notices().values(), ids=lambda notice: notice.name)
@given(data=st.data())
def test_every_notice_is_said_whole_by_the_needed_phrases(
    notice: Notice, data: st.DataObject
) -> None:
    values = {
        blank.name: None
        if blank.optional and data.draw(st.booleans())
        else data.draw(VALUES[blank.kind])
        for blank in notice.blanks
    }
    text = speakable(f"{notice.title}\n\n{filled(notice, values)}")
    placed = covered(tokens_of(text), BANK)
    assert [one.key for one in placed if not one.recorded] == []
    assert words([one.key for one in placed]) == words_only(tokens_of(text))


def test_longer_phrases_take_joins_away() -> None:
    tokens = tokens_of("từ bảy giờ đến mười một giờ, ngày mười hai tháng sáu")
    few = covered(tokens, ALL | {"từ"})
    assert [one.key for one in few] == [
        "từ",
        "bảy giờ",
        "đến",
        "mười một giờ",
        "ngày mười hai",
        "tháng sáu",
    ]
    assert len(covered(tokens, NEEDED | {"từ"})) == 10


def test_pauses_follow_the_marks() -> None:
    placed = covered(tokens_of("Một, hai: ba.\n\nBốn năm\nsáu."), NEEDED)
    assert [one.pause_ms for one in placed] == [220, 320, 900, 20, 620, 0]


def test_what_is_missing_is_named_once_in_runs() -> None:
    text = tokens_of("Cắt điện tại thôn Đông, cắt điện hai giờ.")
    assert missing(text, NEEDED) == ["cắt điện tại thôn đông", "cắt điện"]
    assert missing(text, NEEDED | {"cắt điện", "tại", "thôn đông"}) == []


def test_what_is_missing_is_named_as_it_stands_on_the_list() -> None:
    text = tokens_of("Từ bảy giờ ba mươi phút.")
    assert missing(text, {"ba", "từ"}, NEEDED) == ["bảy", "giờ", "ba mươi", "phút"]
    assert missing(text, {"bảy giờ", "từ"}, NEEDED) == ["ba mươi", "phút"]


def test_a_phrase_with_marks_inside_is_one_piece() -> None:
    key = key_of("Không vớt củi, không qua suối.")
    placed = covered(tokens_of("Bà con. Không vớt củi, không qua suối."), {key, "bà con"})
    assert [one.key for one in placed] == ["bà con", key]


def test_a_line_with_an_empty_optional_blank_is_left_out() -> None:
    notice = notices()["power-cut"]
    values = {
        "places": ["thôn 1", "thôn 2", "thôn 3"],
        "hours": Hours(time(7), time(11, 30)),
        "day": date(2026, 6, 12),
    }
    text = filled(notice, {**values, "phone": None, "note": ""})
    assert "từ 7h đến 11h30, thứ sáu, ngày 12/6/2026." in text
    assert "thôn 1, thôn 2 và thôn 3." in text
    assert "thắc mắc" not in text
    with pytest.raises(KeyError):
        filled(notice, {})


def test_the_list_names_each_phrase_once() -> None:
    listed = once(standing_inventory(2026))
    assert len({one.key for one in listed}) == len(listed)
