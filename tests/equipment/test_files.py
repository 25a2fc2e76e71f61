"""What comes from outside: boundaries, addresses of tiles, tables of devices. And the grouping."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.base.qr import qr_picture
from vang.base.refusals import Refusal
from vang.equipment.boundaries import MAX_BYTES, read_boundary
from vang.equipment.fleet import Spot
from vang.equipment.grouping import SINGLE_FROM, Box, box_around, dots
from vang.equipment.inventory import HEADS, wanted_of
from vang.equipment.tiles import origin_of, tiles_address
from vang.library.tables import Flaw, Row

RING = [[108.1234567, 15.6], [108.3, 15.6], [108.3, 15.8], [108.1, 15.6]]


def area(**changed: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [RING], **changed}
    return {
        "type": "Feature",
        "properties": {"NAME_3": "Quế Thuận", "x": "y"},
        "geometry": geometry,
    }


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        read_boundary(content)
    return refusal.value.code


def test_a_boundary_is_cut_down_to_its_areas_and_names() -> None:
    told = json.loads(read_boundary(json.dumps(area()).encode()))
    (one,) = told["features"]
    assert one["properties"] == {"name": "Quế Thuận"}
    assert one["geometry"]["coordinates"][0][0] == [108.12346, 15.6]
    bare = json.dumps(area()["geometry"]).encode()
    assert len(json.loads(read_boundary(bare))["features"]) == 1


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [1]},
        area(type="Point"),
        area(type=["Polygon"]),
        area(coordinates=[[[550_000, 1_730_000]]]),
        area(coordinates=[[["108", "15"]]]),
        area(coordinates=[[[True, False]]]),
        area(coordinates=[[[108]]]),
        area(coordinates=5),
        area(coordinates=[[[10**400, 5]]]),
    ],
)
def test_what_is_no_boundary_is_refused(told: Any) -> None:
    assert refused(json.dumps(told).encode()) == "boundary-unusable"


def test_large_deep_and_broken_files_are_refused_before_they_cost() -> None:
    assert refused(b" " * (MAX_BYTES + 1)) == "boundary-too-large"
    assert refused(b"[" * 100_000) == "boundary-unusable"
    assert refused(b"\xff\x00") == "boundary-unusable"
    assert refused(b'{"type":"Point","coordinates":[NaN,1]}') == "boundary-unusable"
    many = area(coordinates=[[[108.0, 15.0]] * 50_001])
    assert refused(json.dumps(many).encode()) == "boundary-unusable"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=4),
                    lambda some: st.lists(some, max_size=4)
                    | st.dictionaries(st.sampled_from(["type", "features", "geometry", "name",
                                                       "coordinates", "properties"]), some),
                    max_leaves=20))  # fmt: skip
def test_no_json_brings_the_reader_down(told: Any) -> None:
    with pytest.raises(Refusal):
        read_boundary(json.dumps({"type": "FeatureCollection", "features": [told]}).encode())


@pytest.mark.parametrize(
    "address",
    [
        "http://x.vn/{z}/{x}/{y}.png",
        "https://x.vn/{z}/{x}.png",
        "https://x.vn/{z}/{x}/{y}/{z}.png",
        "https://{x}.vn/{z}/{y}.png",
        "https://me:pw@x.vn/{z}/{x}/{y}.png",
        "https://x.vn/{z}/{x}/{y}.png; script-src *",
        "https://x.vn/{z}/{x}/{y}/{key}.png",
        "javascript:{z}{x}{y}",
    ],
)
def test_an_address_of_tiles_that_makes_no_sense_is_refused(address: str) -> None:
    with pytest.raises(Refusal):
        tiles_address(address)


def test_an_address_of_tiles_names_whom_the_browser_may_ask() -> None:
    address = tiles_address(" https://tiles.example.vn:8443/a/{z}/{x}/{y}.png?k=1 ")
    assert origin_of(address) == "https://tiles.example.vn:8443"
    assert tiles_address(" ") == ""


def row(line: int = 2, **cells: str) -> Row:
    return Row(line, [cells.get(name, "") for name in HEADS])


HEAD = Row(1, [head for head, _known in HEADS.values()])


def test_a_row_is_read_as_people_write_it() -> None:
    (one,), wrong = wanted_of(
        [
            HEAD,
            row(kind="Cụm thu phát thanh", name="Vang Box", price="12.500.000 đ", network="4G",
                bought_on="1/6/2026", warranty_until="2028", funding="CTMTQG", segment="Có dây",
                sim_number="0912 345.678", speakers="4", watts="200 W"),
        ]
    )  # fmt: skip
    assert wrong == []
    assert (one.kind, one.price, one.network, one.funding) == (
        "RECEIVER", 12_500_000, "MOBILE", "PROGRAMME",
    )  # fmt: skip
    assert (one.bought_on, one.warranty_until) == ("2026-06-01", "2028-12-31")
    assert (one.segment, one.sim_number, one.speakers, one.watts) == (
        "WIRED", "0912345678", 4, 200,
    )  # fmt: skip


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "Robot"},
        {"kind": ""},
        {"name": ""},
        {"name": "x" * 121},
        {"price": "mười triệu"},
        {"price": "1" * 20},
        {"speakers": "501"},
        {"bought_on": "hôm qua"},
        {"bought_on": "31/02/2026"},
        {"bought_on": "2026", "warranty_until": "2025"},
        {"sim_number": "abc"},
        {"funding": "ai đó"},
        {"network": "bồ câu"},
        {"segment": "?"},
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells: dict[str, str]) -> None:
    found, (one,) = wanted_of([HEAD, row(7, **{"kind": "Loa", "name": "Loa nén", **cells})])
    assert found == []
    assert one.line == 7
    assert str(one.reason)


def test_flaws_heads_and_doubled_serials_are_told() -> None:
    flawed = row(kind="Loa", name="Loa")
    flawed.flaws.add(Flaw.FORMULA)
    twice = [row(n, kind="Loa", name="Loa", vendor="TOA", serial="S1") for n in (3, 4)]
    found, wrong = wanted_of([HEAD, flawed, *twice])
    assert [one.line for one in found] == [3]
    assert [one.line for one in wrong] == [2, 4]
    with pytest.raises(Refusal):
        wanted_of([Row(1, ["Số máy"]), flawed])


places = st.lists(st.tuples(st.floats(8, 23), st.floats(102, 110)), max_size=60)


@given(places, st.integers(0, 19))
def test_no_place_is_lost_in_the_groups(points: list[tuple[float, float]], zoom: int) -> None:
    spots = [Spot(n, "x", "online", *point) for n, point in enumerate(points)]
    drawn = dots([*spots, Spot(-1, "x", "online", None, None)], Box(-90, -180, 90, 180), zoom)
    assert sum(one.count for one in drawn) == len(points)
    if zoom >= SINGLE_FROM:
        assert all(one.spot for one in drawn)


def test_a_group_looks_like_the_worst_of_its_places_and_lies_in_the_box() -> None:
    spots = [Spot(1, "a", "online", 15.7, 108.2), Spot(2, "b", "offline", 15.7001, 108.2)]
    (one,) = dots(spots, Box(15, 108, 16, 109), 8)
    assert (one.count, one.look, one.spot) == (2, "offline", None)
    assert dots(spots, Box(10, 100, 11, 101), 8) == []
    assert box_around(spots) == Box(15.7, 108.2, 15.7001, 108.2)
    assert box_around([]) is None


def test_a_code_becomes_a_picture_that_holds_no_markup() -> None:
    picture = qr_picture("http://10.42.0.1/?code=K7PX-3MQD", 'Mã "<&')
    assert picture.startswith('<svg class="qr" role="img" aria-label=')
    assert "&lt;&amp;" in picture
    assert "script" not in picture
