"""The set-up page on the device's own access point.

A telephone gives Wi-Fi or APN, and the one-time code. It answers on one network device alone,
takes a few kilobytes, and closes for good once the device is enrolled.
"""

import fcntl
import logging
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from vang_node.home import Home, HomeUnfit, become_owner
from vang_node.network import access_point, end_access_point
from vang_node.set_up.page import GOODBYE_S, Page
from vang_node.set_up.paper import STYLE, Fields
from vang_node.words import said

BODY_BYTES = 4096
MOST_AT_ONCE = 8
PATIENCE_S = 10
_SIOCGIFADDR = 0x8915

log = logging.getLogger(__name__)


def address_of(interface: str) -> str:
    """The IPv4 address of a network device. Raises HomeUnfit when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        asked = struct.pack("256s", interface.encode()[:15])
        try:
            told = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, asked)
        except OSError:
            words = said("{interface} has no address: is the access point on?", interface=interface)
            raise HomeUnfit(words) from None
    return socket.inet_ntoa(told[20:24])


def serve(home: Home, *, interface: str, port: int, say: Callable[[str], None]) -> int:
    """Until the device is enrolled. Raises HomeUnfit."""
    if home.server_file.exists():
        say(said("This loudspeaker is enrolled already: the set-up page stays closed."))
        return 0
    address = address_of(interface)
    page = Page(home, interface)
    with _Server((address, port), page, interface) as server:
        become_owner(home.root)  # the port is ours: from here on nothing of root's is needed
        shown = said(
            "The set-up page answers on http://{address}:{port}/",
            address=address,
            port=server.server_address[1],
        )
        say(shown)
        server.serve_forever(poll_interval=0.2)
    with page.lock:  # until the radio has done what it was about
        point = access_point(interface)
        if point is not None:
            end_access_point(point)
    return 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], page: Page, interface: str) -> None:
        self.page, self.busy = page, threading.BoundedSemaphore(MOST_AT_ONCE)
        self.closing = False
        super().__init__(address, _Handler, bind_and_activate=False)
        with suppress(OSError):  # only root and CAP_NET_RAW may; the address binds anyway
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        self.server_bind()
        self.server_activate()

    def service_actions(self) -> None:
        """However the device was enrolled, the page closes, once its last words have gone out."""
        if self.page.enrolled and not self.closing:
            self.closing = True
            threading.Timer(GOODBYE_S, self.shutdown).start()

    def process_request(self, request: object, client_address: object) -> None:
        if not self.busy.acquire(blocking=False):
            self.shutdown_request(request)  # type: ignore[arg-type]
            return
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self.busy.release()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_S
    server_version, sys_version = "vang", ""
    acts: ClassVar = {"/wifi", "/mobile", "/enrol"}

    def do_GET(self) -> None:
        """The page; anything else leads there, as a telephone expects of a captive network."""
        if self.path == "/style.css":
            self._send(200, STYLE, "text/css")
        elif self.path == "/" or self.path.startswith("/?"):
            self._send(200, self.server.page.shown(given=self._asked()), "text/html")
        else:
            self.send_response(302)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _asked(self) -> Fields:
        """Server and code from the address in the QR picture of the office's page: only shown, to
        be looked at and sent by whoever stands there."""
        query = urlsplit(self.path).query
        try:
            told = parse_qs(query[:BODY_BYTES], max_num_fields=10)
        except ValueError:
            return {}
        return {name: told[name][0][:300] for name in ("server", "code") if name in told}

    def do_POST(self) -> None:
        """One of the three forms, of at most 4 KB."""
        length = self._length()
        if self.path not in self.acts:
            self._refuse(404)
            return
        if length is None or length > BODY_BYTES:
            self._refuse(400 if length is None else 413)
            return
        body = self.rfile.read(length).decode("utf-8", "replace")
        try:
            told = parse_qs(body, keep_blank_values=True, max_num_fields=10)
        except ValueError:
            self._refuse(400)
            return
        given = {name: values[0].strip() for name, values in told.items()}
        self._send(200, self.server.page.act(self.path, given), "text/html")

    def _length(self) -> int | None:
        """Of the body in bytes; None where it is not told in plain digits."""
        told = self.headers.get("Content-Length", "")
        if not (told.isascii() and told.isdigit()):
            return None
        return int(told) if len(told) < 10 else BODY_BYTES + 1

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(status, self.server.page.shown(), "text/html")

    def _send(self, status: int, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        log.debug(format, *arguments)
