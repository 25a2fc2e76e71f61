"""Warnings in the manner of other countries' services: taken as they are, refused when spoiled."""

import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.cap.messages import NOW
from vang.cap.findings import Finding, NotAccepted
from vang.cap.model import NAMESPACE
from vang.cap.reading import read
from vang.cap.reasons import Caution, Reason

R = Reason
STYLES = {path.stem: path.read_bytes() for path in sorted(Path(__file__).parent.glob("styles/*"))}
NOTICE = STYLES.pop("NOTICE")
HARMLESS = {
    Caution.OUTSIDE_VIETNAM,
    Caution.NOT_ACTIONABLE,
    Caution.NO_AREA,
    Caution.ONSET_AFTER_EXPIRES,
}
FACTS = {
    # languages, references, points, codes of places
    "au-bom-prefix": ("en-AU", 0, 0, 2),
    "ca-eccc-ended": ("en-CA fr-CA en-CA fr-CA", 3, 644, 2),
    "cn-cma-empty-note": ("zh-CN", 1, 0, 1),
    "de-dwd-many-areas": ("de-DE en-GB", 1, 650, 26),
    "de-nina-civil": ("DE", 1, 8, 1),
    "eu-meteoalarm-four-languages": ("nl-BE fr-BE en-GB de-DE", 1, 0, 2),
    "google-guide-flood": ("en", 0, 0, 0),
    "in-sachet-no-area-points": ("en-IN as hi", 0, 633, 0),
    "it-same-language-twice": ("it-IT it-IT it-IT", 0, 0, 2),
    "my-met-rectangle": ("ms-MY en-MY zh", 0, 15, 0),
    "no-met-oid-sender": ("", 1, 0, 0),
    "nz-metservice-colour": ("en-NZ", 0, 52, 0),
    "nz-quake-point": ("en-NZ", 2, 0, 0),
    "ph-pagasa-typhoon": ("en-US", 1, 952, 0),
    "us-ipaws-amber-signed": ("en-US es-US", 0, 0, 1),
    "us-nws-heat-zones": ("en-US", 0, 0, 30),
    "us-nws-tornado": ("en-US", 3, 5, 4),
    "us-tsunami-no-language": ("en-US", 1, 5, 2),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_warning_of_another_service_is_taken_whole(name: str) -> None:
    reading = read(STYLES[name], now=NOW)
    alert = reading.alert
    areas = [area for info in alert.infos for area in info.areas]
    found = (
        " ".join(info.language for info in alert.infos),
        len(alert.references),
        sum(len(polygon.points) for area in areas for polygon in area.polygons),
        len({code for area in areas for code in area.geocodes}),
    )
    assert found == FACTS[name]
    assert {one.code for one in reading.cautions} <= HARMLESS
    assert reading.has_signature is name.endswith("signed")


@pytest.mark.parametrize("name", STYLES)
def test_neither_line_ends_nor_encoding_change_what_it_says(name: str) -> None:
    text = STYLES[name].decode()
    told = read(STYLES[name], now=NOW).alert
    wide = text.replace("UTF-8", "UTF-16").replace("utf-8", "utf-16")
    for data in (
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        wide.encode("utf-16"),
        wide.encode("utf-16-be"),
    ):
        assert read(data, now=NOW).alert == told


def test_a_comment_cuts_no_text_in_two() -> None:
    info = read(STYLES["google-guide-flood"], now=NOW).alert.infos[0]
    assert info.description == "Lorem ipsum."
    assert info.headline == "Flooding <near> Example & Sample"


# spoiled in one place, by the tree


def every(root: Any, name: str) -> list[Any]:
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def texts(name: str, change: Callable[[str], str]) -> Callable[[Any], bool]:
    """The text of the last element of the name changed; whether there is one."""

    def spoil(root: Any) -> bool:
        found = every(root, name)
        for one in found[-1:]:
            one.text = change(one.text or "")
        return bool(found)

    return spoil


def swapped(text: str) -> str:
    return " ".join(",".join(reversed(word.split(","))) for word in text.split())


def removed(name: str) -> Callable[[Any], bool]:
    def spoil(root: Any) -> bool:
        found = every(root, name)
        for one in found:
            one.getparent().remove(one)
        return bool(found)

    return spoil


def doubled(name: str) -> Callable[[Any], bool]:
    def spoil(root: Any) -> bool:
        found = every(root, name)
        for one in found[:1]:
            one.addnext(deepcopy(one))
        return bool(found)

    return spoil


def first_last(name: str) -> Callable[[Any], bool]:
    """The element at the end of its parent."""

    def spoil(root: Any) -> bool:
        found = [one for one in every(root, name) if one.getnext() is not None]
        for one in found[:1]:
            one.getparent().append(one)
        return bool(found)

    return spoil


def cancelling_nothing(root: Any) -> bool:
    every(root, "msgType")[0].text = "Cancel"
    removed("references")(root)
    return True


def renamed(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old.encode(), new.encode())


def with_year(year: str) -> Callable[[str], str]:
    return lambda text: text.replace("2026", year)


TREE: dict[str, tuple[R, Callable[[Any], bool]]] = {
    "without an identifier": (R.STRUCTURE, removed("identifier")),
    "without a sender": (R.STRUCTURE, removed("sender")),
    "without a time": (R.STRUCTURE, removed("sent")),
    "without a status": (R.STRUCTURE, removed("status")),
    "without a kind": (R.STRUCTURE, removed("msgType")),
    "without a scope": (R.STRUCTURE, removed("scope")),
    "without an event": (R.STRUCTURE, removed("event")),
    "without a severity": (R.STRUCTURE, removed("severity")),
    "without a category": (R.STRUCTURE, removed("category")),
    "without the words of an area": (R.STRUCTURE, removed("areaDesc")),
    "without a mime type": (R.STRUCTURE, removed("mimeType")),
    "with two identifiers": (R.STRUCTURE, doubled("identifier")),
    "with two times": (R.STRUCTURE, doubled("sent")),
    "with two events": (R.STRUCTURE, doubled("event")),
    "with two ends": (R.STRUCTURE, doubled("expires")),
    "with two lists of references": (R.STRUCTURE, doubled("references")),
    "in the wrong order": (R.STRUCTURE, first_last("identifier")),
    "with its part in the wrong order": (R.STRUCTURE, first_last("event")),
    "with a blank identifier": (R.IDENTIFIER_EMPTY, texts("identifier", lambda _: " ")),
    "with no identifier in it": (R.IDENTIFIER_EMPTY, texts("identifier", lambda _: "")),
    "with a space in its identifier": (
        R.IDENTIFIER_CHARACTERS, texts("identifier", lambda text: f"{text} 2")),
    "with a comma in its identifier": (
        R.IDENTIFIER_CHARACTERS, texts("identifier", lambda text: f"{text},2")),
    "with no sender in it": (R.SENDER_EMPTY, texts("sender", lambda _: "")),
    "with a comma in its sender": (R.SENDER_CHARACTERS, texts("sender", lambda _: "a,b")),
    "with no event in it": (R.EVENT_EMPTY, texts("event", lambda _: "")),
    "with no words for an area": (R.AREA_UNNAMED, texts("areaDesc", lambda _: "")),
    "with no severity in it": (R.VALUE_UNKNOWN, texts("severity", lambda _: "")),
    "with an unknown status": (R.VALUE_UNKNOWN, texts("status", lambda _: "Real")),
    "with an unknown kind": (R.VALUE_UNKNOWN, texts("msgType", lambda _: "alert")),
    "with an unknown urgency": (R.VALUE_UNKNOWN, texts("urgency", lambda _: "Soon")),
    "with an unknown category": (R.VALUE_UNKNOWN, texts("category", lambda _: "Weather")),
    "sent in Z": (R.TIME_Z, texts("sent", lambda text: text.strip()[:19] + "Z")),
    "sent nowhere": (R.TIME_NO_OFFSET, texts("sent", lambda text: text.strip()[:19])),
    "over in Z": (R.TIME_Z, texts("expires", lambda text: text[:19] + "Z")),
    "with parts of a second": (
        R.TIME_FORMAT, texts("sent", lambda text: f"{text.strip()[:19]}.123+07:00")),
    "over before it was sent": (R.EXPIRES_BEFORE_SENT, texts("expires", with_year("2025"))),
    "cancelling nothing": (R.REFERENCES_MISSING, cancelling_nothing),
    "naming garbage": (R.REFERENCES_FORMAT, texts("references", lambda _: "the one before")),
    "naming one without a time": (
        R.REFERENCES_FORMAT, texts("references", lambda text: text.split()[0].rpartition(",")[0])),
    "the wrong way round": (R.COORDINATES_SWAPPED, texts("polygon", swapped)),
    "with an open polygon": (
        R.POLYGON_OPEN, texts("polygon", lambda text: text.strip().rpartition(" ")[0])),
    "with a polygon of three points": (
        R.POLYGON_FEW_POINTS, texts("polygon", lambda text: " ".join(text.split()[:3]))),
    "with an empty polygon": (R.POLYGON_FEW_POINTS, texts("polygon", lambda _: "")),
    "with a polygon of heights": (
        R.POLYGON_NUMBER, texts("polygon", lambda text: text.strip().replace(" ", ",0 "))),
    "at NaN": (R.COORDINATES_FINITE, texts("polygon", lambda text: f"NaN,NaN {text}")),
    "at infinity": (R.COORDINATES_FINITE, texts("polygon", lambda text: f"inf,1 {text}")),
    "with a circle of no radius": (
        R.RADIUS_MISSING, texts("circle", lambda text: text.split()[0])),
    "with a circle of less than nothing": (
        R.RADIUS_NEGATIVE, texts("circle", lambda text: text.split()[0] + " -1")),
}  # fmt: skip
EAST = {"au-bom-prefix", "in-sachet-no-area-points", "my-met-rectangle", "nz-metservice-colour",
        "ph-pagasa-typhoon", "us-nws-tornado", "us-tsunami-no-language"}  # fmt: skip
"""Where a longitude is no latitude: elsewhere nobody can see that the two were swapped."""


@pytest.mark.parametrize("spoiling", TREE)
def test_spoiled_in_one_place_it_is_refused_for_that(spoiling: str) -> None:
    reason, spoil = TREE[spoiling]
    tried = 0
    for name, data in STYLES.items():
        root = etree.fromstring(data)
        if (reason == R.COORDINATES_SWAPPED and name not in EAST) or not spoil(root):
            continue
        if spoiling == "without a category" and name == "no-met-oid-sender":
            continue
        with pytest.raises(NotAccepted) as refusal:
            read(etree.tostring(root), now=NOW)
        assert refusal.value.code == reason, name
        tried += 1
    assert tried


BYTES: dict[str, tuple[R, Callable[[bytes], bytes]]] = {
    "of CAP 1.1": (R.OLD_VERSION, renamed("cap:1.2", "cap:1.1")),
    "of a CAP that is not": (R.NOT_CAP, renamed("cap:1.2", "cap:2.0")),
    "of no namespace": (R.NOT_CAP, renamed("urn:oasis:names:tc:emergency:", "urn:")),
    "with a DOCTYPE": (R.DOCTYPE, lambda _: b'<!DOCTYPE alert SYSTEM "http://a/b"><alert/>'),
    "cut off": (R.NOT_XML, lambda data: data.rstrip()[:-30]),
    "twice": (R.NOT_XML, lambda data: data + data[data.index(b"<") :]),
    "in another encoding than it says": (R.ENCODING, lambda data: data + b"<!-- \xff -->"),
}


@pytest.mark.parametrize("spoiling", BYTES)
@pytest.mark.parametrize("name", STYLES)
def test_spoiled_as_a_file_it_is_refused_for_that(spoiling: str, name: str) -> None:
    reason, spoil = BYTES[spoiling]
    with pytest.raises(NotAccepted) as refusal:
        read(spoil(STYLES[name]), now=NOW)
    assert refusal.value.code == reason


STRANGE = (
    "", " ", "\n", "NaN", "inf", "-1", "0", "1e999", "9" * 400, "Z", "a,b,c", "Actual", "Cancel",
    "2026-06-09T12:00:00Z", "2026-13-09T12:00:00+07:00", "0000-01-01T00:00:00-00:00",
    "9999-12-31T24:00:00-14:00", "105.8,21.0 105.9,21.0 105.9,21.1 105.8,21.0", "90,180 0",
    "javascript:alert(1)", "http://[", "//", "\u202e", "😀" * 40, "𐀀", "vi_VN", "urn:", "data:,",
)  # fmt: skip


def refused(data: bytes) -> tuple[Finding, ...]:
    """What is wrong; nothing but our refusal comes out."""
    try:
        read(data, now=NOW)
    except NotAccepted as refusal:
        return refusal.findings
    return ()


def elements(root: Any) -> list[Any]:
    return list(root.iter(etree.Element))


def move(one: Any, chance: random.Random, root: Any) -> None:
    inside = list(one.iter(etree.Element))
    chance.choice([node for node in elements(root) if node not in inside]).append(one)


def rename(one: Any, chance: random.Random, root: Any) -> None:
    one.tag = chance.choice([*(node.tag for node in elements(root)), "x", "{u:v}y"])


def say(one: Any, chance: random.Random, _root: Any) -> None:
    one.text = chance.choice(STRANGE)


def say_after(one: Any, chance: random.Random, _root: Any) -> None:
    one.tail = chance.choice(STRANGE)


ACTS: tuple[Callable[[Any, random.Random, Any], None], ...] = (
    say, say, say, say_after, move, rename,
    lambda one, _chance, _root: one.getparent().remove(one),
    lambda one, _chance, _root: one.addnext(deepcopy(one)),
    lambda one, _chance, _root: one.append(deepcopy(one)),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(STYLES)), st.integers(0, 2**32), st.integers(1, 5))
def test_whatever_is_done_to_its_elements_it_is_taken_or_refused(
    name: str, seed: int, times: int
) -> None:
    chance = random.Random(seed)
    root = etree.fromstring(STYLES[name])
    for _time in range(times):
        chance.choice(ACTS)(chance.choice(elements(root)[1:]), chance, root)
    spoiled = etree.tostring(root)
    assert all(str(one.text) and "\n" not in one.about for one in refused(spoiled))
