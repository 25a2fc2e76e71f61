"""The station's own small server: its two sources, and a page on which each is switched off."""

import html
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from urllib.parse import parse_qs

from vang.installation.model_station import HOST, PATHS
from vang.installation.model_station.programme import FRAME_S, Programme, programme_of

_AHEAD_S = 2.0
"""So much is sent at once to whoever tunes in; then as it sounds."""
_STEP_S = 0.25
_BODY_BYTES = 200


class Station(ThreadingHTTPServer):
    """``programmes`` in the order of PATHS. Only ``off`` changes."""

    daemon_threads = True

    def __init__(self, port: int, programmes: Sequence[Programme]) -> None:
        super().__init__((HOST, port), _Handler)
        self.programmes = dict(zip(PATHS, programmes, strict=True))
        self.off: frozenset[str] = frozenset()
        self.began = time.monotonic()
        self.lock = threading.Lock()

    def switch(self, path: str, *, on: bool) -> None:
        with self.lock:
            self.off = self.off - {path} if on else self.off | {path}


class _Handler(BaseHTTPRequestHandler):
    server: Station
    timeout = 10

    def do_GET(self) -> None:
        if self.path in self.server.programmes:
            self._stream(self.path)
        elif self.path == "/":
            self._answer(200, _page(self.server.off))
        elif self.path == "/style.css":
            self._answer(200, _file("style.css"), "text/css")
        else:
            self._answer(404, "")

    def do_POST(self) -> None:
        """``path`` and ``on``, from the very page: no other site reaches the switches."""
        here = f"{HOST}:{self.server.server_port}"
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Host") != here or self.headers.get("Origin") != f"http://{here}":
            self._answer(403, "")
            return
        if not (length.isascii() and length.isdigit() and len(length) < 5):
            self._answer(400, "")
            return
        told = parse_qs(self.rfile.read(min(int(length), _BODY_BYTES)).decode("latin-1"))
        path = told.get("path", [""])[0]
        if path in self.server.programmes:
            self.server.switch(path, on=told.get("on") == ["1"])
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _stream(self, path: str) -> None:
        if path in self.server.off:
            self._answer(503, "")
            return
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.close_connection = True
        programme, server = self.server.programmes[path], self.server
        at = int((time.monotonic() - server.began) / FRAME_S)
        while path not in server.off:
            due = int((time.monotonic() - server.began + _AHEAD_S) / FRAME_S)
            try:
                self.wfile.write(programme.piece(at, due - at))
            except OSError:
                return  # whoever listened has gone
            at = due
            time.sleep(_STEP_S)

    def _answer(self, status: int, page: str, kind: str = "text/html") -> None:
        content = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; media-src 'self'; "
            "style-src 'self'; form-action 'self'; frame-ancestors 'none'",
        )  # fmt: skip
        self.end_headers()
        self.wfile.write(content)


def _page(off: frozenset[str]) -> str:
    rows = "".join(_row(number, path, on=path not in off) for number, path in enumerate(PATHS, 1))
    return _file("page.html").replace("{rows}", rows)


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _row(number: int, path: str, *, on: bool) -> str:
    state, act = ("đang phát", "Tắt nguồn này") if on else ("đã tắt", "Bật lại")
    sound = f'<audio controls preload="none" src="{html.escape(path)}"></audio>' if on else ""
    return (
        f"<li><h2>Nguồn {number}: {state}</h2><code>{html.escape(path)}</code>{sound}"
        f'<form method="post" action="/"><input type="hidden" name="path" value="{path}">'
        f'<button name="on" value="{0 if on else 1}">{act}</button></form></li>'
    )


def serve(port: int) -> None:
    """Until the process ends. Raises OSError, EngineMissing, SynthesisFailed."""
    with Station(port, [programme_of(number) for number in range(len(PATHS))]) as station:
        station.serve_forever()
