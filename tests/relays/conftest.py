"""Stations to relay: a real server on this computer that streams real files."""

import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.link.conftest import wait_until
from vang.relays.tuning import Address, Kind, Tuner

RATE = 48_000


def sound_file(path: Path, *, hz: float, seconds: float, db: float = -18.0, form: str) -> Path:
    """A tone in ``form`` (ogg with Opus, mp3, or hls beside its playlist)."""
    codec = {"ogg": "libopus", "mp3": "libmp3lame", "hls": "aac"}[form]
    options = {"hls_time": "1", "hls_list_size": "0"} if form == "hls" else {}
    at = np.arange(int(RATE * seconds)) / RATE
    tone = (32767 * 10 ** (db / 20) * 2**0.5 * np.sin(2 * np.pi * hz * at)).astype(np.int16)
    with av.open(str(path), "w", format=form, options=options) as out:
        stream: Any = out.add_stream(codec, rate=RATE, layout="mono")
        for place in range(0, len(tone), 960):
            frame = av.AudioFrame.from_ndarray(
                tone[None, place : place + 960], format="s16", layout="mono"
            )
            frame.sample_rate, frame.pts = RATE, place
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@dataclass
class Station:
    """What it serves by path; one that hangs sends its file and then nothing more, and one that
    dies does so only once."""

    url: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    hanging: set[str] = field(default_factory=set)
    dying: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    @property
    def inside(self) -> frozenset[str]:
        return frozenset({self.url.removeprefix("http://")})


def _answering(station: Station) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            station.asked.append(self.path)
            if to := station.redirects.get(self.path):
                self.send_response(302)
                self.send_header("Location", to)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            file = station.files.get(self.path)
            if self.path in station.dying:
                del station.files[self.path]
                station.dying.discard(self.path)
            self.send_response(404 if file is None else 200)
            self.end_headers()
            if file is not None:
                self.wfile.write(file.read_bytes())
                self.wfile.flush()
            if self.path in station.hanging:
                station.over.wait(60)

        def log_message(self, *_: object) -> None: ...

    return Answering


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


@pytest.fixture
def station() -> Iterator[Station]:
    found = Station()
    with _Server(("127.0.0.1", 0), _answering(found)) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        found.over.set()
        server.shutdown()


Make = Callable[..., Path]


def tuned_in_turn(urls: Sequence[str], station: Station) -> list[Tuner]:
    """Each has sound in hand before the next is tuned to, so that the first of them is carried."""
    found: list[Tuner] = []
    for url in urls:
        found.append(Tuner(Address(Kind.STREAM, url), station.inside))
        wait_until(lambda one=found[-1]: one.filled, within_s=30)
    return found
