"""A real server on this computer that other systems might run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Answers with ``status`` and keeps what it was sent."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drip: threading.Event | None = None
    """When given, a byte of the answer every tenth of a second until it is set."""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}/vang"


class Handler(BaseHTTPRequestHandler):
    """Serves a ``Receiver``."""

    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        sent = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.taken.append((self.path, sent, self.rfile.read(length)))
        if self.receiver.drip is not None:
            return self._drip(self.receiver.drip)
        self.send_response(self.receiver.status)
        for name, value in self.receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.receiver.body)))
        self.end_headers()
        self.wfile.write(self.receiver.body)
        return None

    def _drip(self, enough: threading.Event) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not enough.wait(0.1):
            self.wfile.write(b"x")
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def handle(self) -> None:
        with suppress(OSError):  # the other side left before the end
            super().handle()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    served = type("Served", (Handler,), {"receiver": receiver})
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        receiver.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        if receiver.drip is not None:
            receiver.drip.set()
        server.shutdown()
