"""What leaves can be read by everybody, and says what was meant."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cap.messages import EXAMPLES, INFO, NOW, STORM
from vang.cap.findings import NotAccepted
from vang.cap.identifiers import is_authority, new_identifier
from vang.cap.model import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Named,
    Polygon,
    Reference,
    Resource,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)
from vang.cap.places import area_of_units, unit_codes
from vang.cap.reading import read
from vang.cap.rules import geocodes_of
from vang.cap.writing import STATUS_OF, reference_to, to_xml, write


def test_a_warning_in_two_languages_is_read_as_it_was_written() -> None:
    content = write(STORM, now=NOW)
    assert read(content, now=NOW).alert == STORM
    assert read(content, now=NOW).cautions == ()
    assert "<sent>2026-06-10T12:00:00+07:00</sent>" in content.decode()
    assert set(re.findall(r"T[\d:]+([+-]\d\d:\d\d)<", content.decode())) == {"+07:00"}
    assert "Bão số 5 &lt;gần bờ&gt; &amp; mạnh lên" in content.decode()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_through_reading_and_writing(name: str) -> None:
    alert = read(EXAMPLES[name], now=NOW).alert
    assert read(to_xml(alert), now=NOW).alert == alert


def test_an_update_names_what_it_updates_with_the_time_as_it_was_written() -> None:
    update = replace(
        STORM,
        identifier=new_identifier(),
        sent=NOW + timedelta(hours=1),
        msg_type=MsgType.UPDATE,
        references=(reference_to(STORM),),
    )
    text = write(update, now=NOW).decode()
    assert f"{STORM.sender},{STORM.identifier},2026-06-10T12:00:00+07:00</references>" in text


OPEN = Polygon(((1, 1), (1, 2), (2, 2), (2, 1)))
SPOILED = {
    "onset-after-expires": replace(
        STORM, infos=(replace(INFO, onset=NOW + timedelta(hours=13)),)
    ),
    "no-expires": replace(STORM, infos=(replace(INFO, expires=None),)),
    "no-area": replace(STORM, infos=(replace(INFO, areas=()),)),
    "no-info": replace(STORM, infos=()),
    "languages-differ": replace(
        STORM, infos=(INFO, replace(INFO, language="en", severity=Severity.MINOR))
    ),
    "references-missing": replace(STORM, msg_type=MsgType.CANCEL),
    "note-missing": replace(STORM, status=Status.EXERCISE),
    "identifier-characters": replace(STORM, identifier="cảnh báo 5"),
    "polygon-open": replace(STORM, infos=(replace(INFO, areas=(Area("a", (OPEN,)),)),)),
    "not-xml": replace(STORM, note="chuông\x07"),
}  # fmt: skip


@pytest.mark.parametrize("code", SPOILED)
def test_what_a_reader_could_doubt_does_not_leave(code: str) -> None:
    with pytest.raises(NotAccepted) as refusal:
        write(SPOILED[code], now=NOW)
    assert refusal.value.code == code


@pytest.mark.parametrize(("mode", "status"), STATUS_OF.items())
def test_the_mode_is_the_status_and_tests_may_leave(mode: str, status: Status) -> None:
    note = "Diễn tập phòng chống bão 2026" if mode == "exercise" else ""
    content = write(replace(STORM, status=status, note=note), now=NOW)
    assert f"<status>{mode.title()}</status>" in content.decode()
    assert set(STATUS_OF) == {"actual", "exercise", "test"}


def test_areas_by_the_codes_of_units() -> None:
    area = area_of_units("Hai xã", ["20662", "20683"])
    alert = replace(STORM, infos=(replace(INFO, areas=(area,)),))
    found = geocodes_of(read(write(alert, now=NOW), now=NOW).alert)
    assert unit_codes(found) == ["20662", "20683"]
    others = [Named("SAME", "20662"), Named("gso", " 20662 "), Named("GSO", "9" * 17)]
    assert unit_codes(others) == ["20662"]


def test_identifiers_are_never_from_a_clock() -> None:
    names = {new_identifier() for _k in range(100)}
    assert len(names) == 100
    assert all(UUID(name.removeprefix("urn:uuid:")).version == 4 for name in names)
    key = UUID(int=7)
    assert new_identifier("2.49.0.1.704.12", key) == "urn:oid:2.49.0.1.704.12.7"
    assert new_identifier(key=key) == f"urn:uuid:{key}"


@pytest.mark.parametrize(
    "oid",
    ["2.49.0.0.704.1", "2.49.0.1.840.1", "2.49.0.1.704", "2.49.0.1.704.01", "x", "2.49.0.1.704.1."],
)
def test_other_arcs_are_no_authority_of_vietnam(oid: str) -> None:
    assert is_authority("2.49.0.1.704.1")
    assert not is_authority(oid)
    with pytest.raises(ValueError, match=r"2\.49\.0\.1\.704"):
        new_identifier(oid)


# whatever may be said comes through


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
TEXT = TEXT.filter(lambda text: not set(text) & {"\ufffe", "\uffff"})
WORD = st.text("abcđê0189-.:@/", min_size=1, max_size=20)
SPOKEN = TEXT.map(lambda text: f"a{text}")
TIMES = st.datetimes(
    datetime(1980, 1, 1), datetime(2026, 6, 10),
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
).map(lambda time: time.replace(microsecond=0))  # fmt: skip
NAMED = st.lists(st.builds(Named, TEXT, TEXT), max_size=2).map(tuple)
LATITUDE, LONGITUDE = st.floats(-90, 90), st.floats(-180, 180)
SHAPES = st.tuples(LATITUDE, st.floats(-170, 160), st.floats(0.01, 5)).map(
    lambda p: Polygon((
        (p[0], p[1]), (p[0], p[1] + p[2]), (p[0] * 0.9 + 1e-3, p[1] + p[2]), (p[0], p[1])
    ))
)  # fmt: skip
AREAS = st.builds(
    Area, SPOKEN, st.lists(SHAPES, max_size=2).map(tuple),
    st.lists(st.builds(Circle, LATITUDE, LONGITUDE, st.floats(0, 20_000)), max_size=2).map(tuple),
    NAMED, st.none() | st.decimals(-500, 9000, places=2), st.just(Decimal(9999)),
).map(lambda area: area if area.altitude is not None else replace(area, ceiling=None))  # fmt: skip
RESOURCES = st.builds(
    Resource, TEXT, WORD, st.none() | st.integers(0, 10**9), st.just("https://example.vn/a"),
    st.just("VmFuZw=="), st.just(""),
)  # fmt: skip
INFOS = st.builds(
    Info, st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple), SPOKEN,
    st.sampled_from(Urgency), st.sampled_from(Severity), st.sampled_from(Certainty),
    st.sampled_from(["vi", "en-GB", "km-KH"]),
    st.lists(st.sampled_from(Response), max_size=2).map(tuple), TEXT, NAMED, st.none(), TIMES,
    st.just(datetime(2026, 6, 11, tzinfo=UTC)), TEXT, TEXT, TEXT, TEXT,
    st.sampled_from(["", "https://example.vn/?a=1&b=2"]), TEXT, NAMED,
    st.lists(RESOURCES, max_size=1).map(tuple), st.lists(AREAS, max_size=2).map(tuple),
)  # fmt: skip
ALERTS = st.builds(
    Alert, WORD, WORD, TIMES, st.sampled_from(Status), st.sampled_from(MsgType),
    st.sampled_from(Scope), TEXT, SPOKEN, SPOKEN, st.lists(TEXT, max_size=2).map(tuple), SPOKEN,
    st.just((Reference("a@b.vn", "x", datetime(1975, 5, 1, tzinfo=UTC)),)), TEXT,
    st.lists(INFOS, max_size=1).map(tuple),
)  # fmt: skip


@settings(max_examples=80)
@given(ALERTS)
def test_whatever_is_written_is_read_as_the_same(alert: Alert) -> None:
    content = to_xml(alert)
    again = read(content, now=NOW).alert
    assert again == alert
    assert to_xml(again) == content
