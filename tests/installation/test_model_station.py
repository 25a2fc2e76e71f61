"""The demonstration's own station is a station: endless, in time, and with two sources."""

import io
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import av
import numpy as np
import pytest

from vang.installation.model_station import PATHS
from vang.installation.model_station.programme import FRAME_BYTES, FRAME_S, Programme, programme_of
from vang.installation.model_station.serving import Station
from vang.relays.tuning import Address, Kind, blocks_of
from vang.relays.watching import decibels

FIRST, SECOND = PATHS


@pytest.fixture(scope="module")
def programmes() -> list[Programme]:
    return [programme_of(0), programme_of(1)]


@pytest.fixture
def station(programmes: list[Programme]) -> Iterator[Station]:
    with Station(0, programmes) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def url(station: Station, path: str = "/") -> str:
    return f"http://127.0.0.1:{station.server_port}{path}"


def pressed(station: Station, origin: str, body: str) -> int:
    asked = urllib.request.Request(url(station), body.encode(), {"Origin": origin})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_sources_say_different_things_at_a_level_for_the_air(
    programmes: list[Programme],
) -> None:
    assert programmes[0].content != programmes[1].content
    for one in programmes:
        assert len(one.content) == one.frames * FRAME_BYTES
        with av.open(io.BytesIO(one.content)) as container:
            heard = np.concatenate([part.to_ndarray()[0] for part in container.decode(audio=0)])
        assert abs(len(heard) / 48_000 - one.frames * FRAME_S) < 0.1
        assert -23 < decibels(float(np.mean(np.square(heard * 32_768)))) < -18


def test_it_begins_anew_where_it_ends(programmes: list[Programme]) -> None:
    one = programmes[0]
    assert one.piece(one.frames - 1, 2) == one.content[-FRAME_BYTES:] + one.content[:FRAME_BYTES]
    assert one.piece(7 * one.frames + 3, 1) == one.piece(3, 1)


def test_it_is_heard_by_whoever_relays_it(station: Station) -> None:
    inside = {f"127.0.0.1:{station.server_port}"}
    blocks = blocks_of(Address(Kind.STREAM, url(station, SECOND)), inside)
    heard = [next(blocks) for _ in range(40)]
    assert decibels(float(np.mean(np.square(np.concatenate(heard), dtype=float)))) > -40


def test_a_source_that_is_switched_off_is_gone_until_it_is_switched_on(station: Station) -> None:
    here = url(station).rstrip("/")
    with urllib.request.urlopen(url(station, FIRST), timeout=20) as stream:
        assert stream.read(FRAME_BYTES)
        assert pressed(station, here, f"path={FIRST}&on=0") == 200
        stream.read()  # to its end
    with pytest.raises(urllib.error.HTTPError, match="503"):
        urllib.request.urlopen(url(station, FIRST), timeout=20)
    with urllib.request.urlopen(url(station, SECOND), timeout=20) as other:
        assert other.status == 200
    with urllib.request.urlopen(url(station), timeout=20) as page:
        assert "Nguồn 1: đã tắt" in page.read().decode()
    assert pressed(station, here, f"path={FIRST}&on=1") == 200
    with urllib.request.urlopen(url(station, FIRST), timeout=20) as again:
        assert again.status == 200


def test_no_other_site_reaches_its_switches(station: Station) -> None:
    assert pressed(station, "https://example.vn", f"path={FIRST}&on=0") == 403
    assert pressed(station, url(station).rstrip("/"), "path=/secret&on=0") == 200
    assert station.off == frozenset()


@pytest.mark.parametrize("length", ["", "-1", "²", "99999"])
def test_a_body_of_no_honest_length_is_refused(station: Station, length: str) -> None:
    here = f"127.0.0.1:{station.server_port}"
    asked = (
        f"POST / HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", station.server_port), 20) as line:
        line.sendall(asked.encode())
        assert line.makefile("rb").readline().split()[1] == b"400"
    assert station.off == frozenset()


def test_its_page_has_a_style_of_its_own_and_nothing_written_into_it(station: Station) -> None:
    with urllib.request.urlopen(url(station), timeout=20) as page:
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        told = page.read().decode()
    assert "style=" not in told
    assert "<style" not in told
    with urllib.request.urlopen(url(station, "/style.css"), timeout=20) as style:
        assert style.headers["Content-Type"].startswith("text/css")
