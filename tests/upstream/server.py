"""A real server on this computer that a weather service might run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Service:
    """Answers by path; what was asked is kept with its headers."""

    port: int = 0
    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    drip: threading.Event | None = None

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def paths(self) -> list[str]:
        """What was asked since the last time."""
        found = [path for path, _headers in self.asked]
        self.asked.clear()
        return found


class Handler(BaseHTTPRequestHandler):
    """Serves a ``Service``."""

    service: Service

    def do_GET(self) -> None:
        one = self.service
        sent = {name.lower(): value for name, value in self.headers.items()}
        one.asked.append((self.path, sent))
        tag = one.headers.get("ETag", "")
        status = one.statuses.get(self.path, 200 if self.path in one.pages else 404)
        if self.path == "/feed" and tag and sent.get("if-none-match") == tag:
            status = 304
        body = b"" if status == 304 else one.pages.get(self.path, b"")
        self.send_response(status)
        for name, value in one.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if one.drip is not None and body:
            for byte in body:
                if one.drip.wait(0.05):
                    break
                self.wfile.write(bytes([byte]))
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def handle(self) -> None:
        with suppress(OSError):  # the other side left before the end
            super().handle()


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()
    served = type("Served", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        service.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        if service.drip is not None:
            service.drip.set()
        server.shutdown()
