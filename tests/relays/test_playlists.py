"""Playlists of strangers: what is live goes on, what is wrong is said, nothing else happens."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.relays.conftest import Station
from vang.base.streams import StreamFailed
from vang.relays.playlists import Joined, _onward, _parsed, opened

HEAD = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n"


def at(station: Station, path: str, over: threading.Event | None = None) -> Joined:
    return opened(station.url + path, station.inside, within_s=4, over=over or threading.Event())


def serve(station: Station, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    station.files[f"/{name}"] = file


def test_a_live_list_is_begun_near_its_end_and_goes_on(station: Station, tmp_path: Path) -> None:
    for number in range(8):
        serve(station, tmp_path, f"{number}.ts", f"<{number}>")

    def list_until(last: int, end: str = "") -> None:
        parts = "".join(f"#EXTINF:1,\n{one}.ts\n" for one in range(last + 1))
        serve(station, tmp_path, "live.m3u8", f"{HEAD}#EXT-X-MEDIA-SEQUENCE:0\n{parts}{end}")

    list_until(4)
    programme = at(station, "/live.m3u8")
    assert b"".join(programme.read(64) for _ in range(3)) == b"<2><3><4>"
    list_until(7, "#EXT-X-ENDLIST\n")
    assert programme.readall() == b"<5><6><7>"


def test_a_choice_of_qualities_leads_to_the_poorest(station: Station, tmp_path: Path) -> None:
    serve(station, tmp_path, "a.ts", "poor")
    serve(station, tmp_path, "low.m3u8", f"{HEAD}#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n")
    choice = [("128000", "high.m3u8"), ("32000", "low.m3u8")]
    lines = [f"#EXT-X-STREAM-INF:BANDWIDTH={rate}\n{name}\n" for rate, name in choice]
    serve(station, tmp_path, "all.m3u8", "#EXTM3U\n" + "".join(lines))
    assert at(station, "/all.m3u8").readall() == b"poor"
    assert "/high.m3u8" not in station.asked


def test_a_plain_list_leads_to_its_first_address(station: Station, tmp_path: Path) -> None:
    serve(station, tmp_path, "stream", "sound")
    serve(station, tmp_path, "listen.m3u", f"#EXTM3U\n#EXTINF:-1,VOV1\n{station.url}/stream\n")
    assert at(station, "/listen.m3u").readall() == b"sound"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#EXTM3U\n", "bad-playlist"),
        (f'{HEAD}#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\na.ts\n', "encrypted"),
        (f"{HEAD}#EXTINF:1,\nmissing.ts\n", "refused"),
        ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nbad.m3u8\n", "bad-playlist"),
        (f"{HEAD}#EXTINF:1,\nfile:///etc/passwd\n", "not-https"),
        (f"{HEAD}#EXTINF:1,\nhttps://192.168.1.1/x.ts\n", "inside"),
    ],
)
def test_what_cannot_be_is_said(station: Station, tmp_path: Path, text: str, code: str) -> None:
    serve(station, tmp_path, "bad.m3u8", text)
    with pytest.raises(StreamFailed) as failed:
        at(station, "/bad.m3u8").readall()
    assert failed.value.code in {code, "bad-address"}


def test_closing_ends_the_waiting(station: Station, tmp_path: Path) -> None:
    serve(station, tmp_path, "a.ts", "x")
    serve(station, tmp_path, "live.m3u8", f"{HEAD}#EXTINF:1,\na.ts\n")
    over = threading.Event()
    over.set()
    assert at(station, "/live.m3u8", over).readall() == b"x"


class _Text:
    """What a playlist says, as a stream gives it."""

    def __init__(self, text: bytes) -> None:
        self._left = text

    def read(self, size: int) -> bytes:
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


TAGS = st.sampled_from(
    ["#EXTINF:", "#EXT-X-TARGETDURATION:", "#EXT-X-KEY:", "#EXT-X-STREAM-INF:", "#EXT-X-MAP:",
     "#EXT-X-BYTERANGE:", "#EXT-X-MEDIA-SEQUENCE:", "#EXT-X-PROGRAM-DATE-TIME:", "#EXT-X-PART:",
     "#EXT-X-DATERANGE:", "#EXT-X-MEDIA:", "#EXT-X-SKIP:", "#EXT-X-START:", "\n", "a.ts\n", "="]
)  # fmt: skip


@given(st.lists(TAGS | st.text(max_size=6) | st.integers().map(str), max_size=30))
def test_no_playlist_does_more_than_be_refused(parts: list[str]) -> None:
    text = _Text("".join(parts).encode("utf-8", "replace"))
    with suppress(StreamFailed):
        _onward(_parsed(b"#EXTM3U\n", text, "https://radio.vn/a.m3u8"))  # type: ignore[arg-type]
