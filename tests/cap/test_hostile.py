"""What strangers may send on purpose: always our refusal, soon, and in little memory."""

import math
import random
import time
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cap.messages import EXAMPLES, NOW, changed
from tests.cap.test_reading import RING
from vang.cap.findings import NotAccepted
from vang.cap.geometry import Crossing, crossing
from vang.cap.reading import Reading, read

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha">%b]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&i;</identifier></alert>"""


def circle_of(points: int) -> str:
    """A round polygon with so many points."""
    corners = [
        f"{16 + math.sin(k * math.tau / points):.5f},{108 + math.cos(k * math.tau / points):.5f}"
        for k in range(points)
    ]
    return " ".join([*corners, corners[0]])


def zigzag(teeth: int) -> str:
    """Every edge as long as the whole, so that all lie beside each other on both axes."""
    corners = [f"{k % 2},{(k + k % 2 * teeth) / teeth:.5f}" for k in range(teeth)]
    return " ".join([*corners, "-1,1", "-1,0", corners[0]])


HOSTILE = {
    "billion laughs": (
        "doctype",
        LAUGHS % b"".join(b'<!ENTITY %c "%b">' % (99 + k, b"&a;" * 10) for k in range(20)),
    ),
    "a file of this computer": (
        "doctype",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>',
    ),
    "a hundred megabytes": ("too-large", b" " * 100_000_000),
    "deep nesting": ("too-deep", b"<a>" * 100_000 + b"</a>" * 100_000),
    "a little too deep": ("too-deep", b"<a>" * 30 + b"</a>" * 30),
    "countless elements": ("too-many-elements", b"<a>" + b"<b/>" * 200_000 + b"</a>"),
    "countless attributes": (
        "not-cap",
        b"<a " + b" ".join(b'a%d=""' % k for k in range(50_000)) + b"/>",
    ),
    "nothing": ("not-xml", b""),
    "zeros": ("not-xml", b"\0" * 1000),
    "a million points": ("too-large", changed("example2", (RING, "1,1 " * 1_000_000))),
    "a hundred thousand points": ("too-many-points", changed("example2", (RING, "1,1 " * 100_001))),
    "many polygons of many points": (
        "too-many-points",
        changed("example2", (RING, "</polygon><polygon>".join(["0,0 0,1 1,0 0,0 " * 10_000] * 3))),
    ),
    "a tangle": ("polygon-tangled", changed("example2", (RING, zigzag(40_000)))),
    "thousands of broken codes": (
        "structure",
        changed("example2", ("<geocode>", "<geocode/>" * 50_000 + "<geocode>")),
    ),
    "thousands of parts": (
        "structure",
        changed("example1", ("<info>", "<info/>" * 50_000 + "<info>")),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_is(name: str) -> None:
    reason, data = HOSTILE[name]
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(NotAccepted) as refusal:
        read(data, now=NOW)
    spent = time.process_time() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == reason
    assert len(refusal.value.findings) <= 50
    assert peak < 150_000_000
    assert spent < 20  # a second untraced; this only catches what never ends


def test_a_large_honest_polygon_is_taken() -> None:
    reading = read(changed("example2", (RING, circle_of(40_000))), now=NOW)
    assert len(reading.alert.infos[0].areas[0].polygons[0].points) == 40_001


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(NotAccepted):
        read(data, now=NOW)


def tried(data: bytes) -> tuple[Reading | None, str]:
    """The message, or the refusal's code and line."""
    try:
        return read(data, now=NOW), ""
    except NotAccepted as refusal:
        return None, f"{refusal.code}:{refusal.line}"


@settings(max_examples=300)
@given(st.sampled_from(sorted(EXAMPLES)), st.integers(0, 2**32), st.integers(1, 6))
def test_a_spoiled_example_is_taken_or_refused(name: str, seed: int, times: int) -> None:
    chance = random.Random(seed)
    data = bytearray(EXAMPLES[name])
    for _time in range(times):
        place = chance.randrange(len(data))
        spoil = chance.choice(("flip", "cut", "double", "move"))
        if spoil == "flip":
            data[place] = chance.randrange(256)
        elif spoil == "cut":
            del data[place : place + chance.randrange(40)]
        elif spoil == "double":
            data[place:place] = data[place : place + chance.randrange(400)]
        else:
            data[place:place] = chance.choice(
                (b"\xff\xfe", b"&#0;", b"9" * 400, b"-", b"1e400", b"&amp;", b"\xe1\xba", b"<!--")
            )
    reading, refusal = tried(bytes(data))
    assert (reading is None) is bool(refusal)


NUMBERS = st.one_of(
    st.floats(-200, 200).map(repr),
    st.text("0123456789.,-+eE naif", max_size=12),
    st.sampled_from(["nan", "-inf", "1e308", "90", "-180", "٣", "1_0", "0x1"]),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8), st.sampled_from([True, False]))
def test_any_text_of_a_polygon_is_taken_or_refused(
    points: list[tuple[str, str]],
    closed: bool,  # noqa: FBT001 - drawn
) -> None:
    words = [f"{one},{other}" for one, other in points]
    text = " ".join([*words, *words[:1]] if closed else words)
    reading, refusal = tried(changed("example2", (RING, text)))
    assert reading or refusal.endswith((":27", ":28"))


def crosses_slowly(points: list[tuple[float, float]]) -> bool:
    """By every pair of edges, in whole numbers."""

    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    edges = list(pairwise(points))
    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for k, (a, b) in enumerate(edges)
        for c, d in edges[:k]
    )


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=12))
def test_a_crossing_is_found_where_every_pair_of_edges_would_find_it(
    corners: list[tuple[int, int]],
) -> None:
    points = [(float(one), float(other)) for one, other in [*corners, corners[0]]]
    assert (crossing(points) != Crossing.NONE) is crosses_slowly(points)
