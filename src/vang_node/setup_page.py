"""``vang-node setup``: a small page on the device's own access point, until it is enrolled.

A telephone gives Wi-Fi or APN, and the one-time code. It answers on one network device alone,
takes a few kilobytes, and closes for good once the device is enrolled.
"""

import fcntl
import html
import logging
import platform
import secrets
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from vang_node.enrolment import check_address, enrol
from vang_node.home import Home, HomeUnfit, become_owner
from vang_node.journal import JournalFailed
from vang_node.network import (
    NotConnected,
    access_point,
    connect_mobile,
    connect_wifi,
    end_access_point,
    known_networks,
    leave_access_point,
    open_access_point,
    state,
)
from vang_node.server import Unreachable
from vang_node.words import language, refusal, said
from vang_protocol.enrolments import EnrolAnswer
from vang_protocol.reasons import Refused

BODY_BYTES = 4096
MOST_AT_ONCE = 8
PATIENCE_S = 10
GOODBYE_S = 3.0
_SIOCGIFADDR = 0x8915

log = logging.getLogger(__name__)

Fields = dict[str, str]


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


@dataclass
class Page:
    """What the page knows. ``token``: only forms of this very page are answered. ``last``: what
    came of an attempt that nobody could be shown, as the access point was away meanwhile.
    ``joining``: such an attempt is about to begin or goes on."""

    home: Home
    interface: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: str = ""
    joining: bool = False

    @property
    def enrolled(self) -> bool:
        return self.home.server_file.exists()

    def act(self, path: str, given: Fields) -> str:
        """The page after an act: one at a time."""
        if not secrets.compare_digest(given.get("token", "").encode(), self.token.encode()):
            return self.shown(said("The page is too old. Try once more."), given)
        with self.lock:
            if self.joining and path == "/wifi":
                return _leaving()
            self.last = ""
            point = access_point(self.interface) if path == "/wifi" else None
            if point is not None:
                return self._alone(point, given)
            return self._tried(path, given)

    def _alone(self, point: str, given: Fields) -> str:
        """The radio that makes the access point is the one that joins the Wi-Fi: answer first,
        then go on without the telephone, and come back to it when that failed."""
        if not all(given.get(name) for name in ("ssid", "server", "code")):
            return self.shown(said("Fill in the Wi-Fi, the server and the code."), given)
        try:
            _addressed(given)
        except Failed as error:
            return self.shown(str(error), given, wrong=error.field)
        self.joining = True
        timer = threading.Timer(GOODBYE_S, self._join, (point, given))
        timer.daemon = True
        timer.start()
        return _leaving()

    def _join(self, point: str, given: Fields) -> None:
        """The access point goes down, and comes back unless the device is enrolled."""
        with self.lock:
            self.joining = False
            if not self.enrolled:  # meanwhile, by cable or by hand
                try:
                    self._attempt("/wifi", given, leave=point)
                except Failed as error:
                    self.last = str(error)
            if self.enrolled:
                end_access_point(point)
            else:
                open_access_point(point)

    def _attempt(self, path: str, given: Fields, *, leave: str | None = None) -> EnrolAnswer | None:
        """Connect and enrol; None: connected, and no code was given. Raises Failed, also for what
        nobody foresaw: whoever stands there is always told."""
        try:
            if given.get("code"):
                _addressed(given)
            if leave is not None:
                leave_access_point(leave)
            if path != "/enrol":
                self._connect(path, given)
                if not given.get("code"):
                    return None
            return self._enrol(given)
        except Failed:
            raise
        except Exception as error:
            log.exception("The set-up failed.")
            words = "Something went wrong: {why}. More is in vang-node logs."
            raise Failed(said(words, why=str(error) or type(error).__name__)) from None

    def _tried(self, path: str, given: Fields) -> str:
        try:
            answer = self._attempt(path, given)
        except Failed as error:
            return self.shown(str(error), given, wrong=error.field)
        if answer is None:
            return self.shown(said("Connected."), given, well=True)
        words = said(
            "It is called {node} and belongs to cluster {cluster}. This page closes now.",
            node=answer.node,
            cluster=answer.cluster,
        )
        title = html.escape(said("The loudspeaker is enrolled"))
        return _whole(f"<h1>{title}</h1><p class=well role=status>{html.escape(words)}</p>")

    def _connect(self, path: str, given: Fields) -> None:
        try:
            if path == "/wifi":
                _filled(given, "ssid")
                connect_wifi(given["ssid"], given.get("password", ""))
            else:
                _filled(given, "apn")
                connect_mobile(given["apn"])
        except NotConnected as error:
            raise Failed(said("Not connected: {why}", why=str(error))) from None

    def _enrol(self, given: Fields) -> EnrolAnswer:
        if self.enrolled:
            words = said("This loudspeaker is enrolled already: the set-up page stays closed.")
            raise Failed(words)
        try:
            _filled(given, "server", "code")
            return enrol(
                self.home, server=given["server"].rstrip("/"), code=given["code"],
                name=platform.node(),
            )  # fmt: skip
        except JournalFailed as error:
            words = said("Enrolled, but the journal cannot be kept: {why}", why=error)
            raise Failed(words) from None
        except Refused as error:
            why = refusal(error)
        except (NotConnected, HomeUnfit, Unreachable, OSError) as error:
            why = str(error)
        raise Failed(said("The loudspeaker could not be enrolled: {why}", why=why))

    def shown(
        self, told: str = "", given: Fields | None = None, *, well: bool = False, wrong: str = ""
    ) -> str:
        """``wrong``: the field that ``told`` is about."""
        forms = _forms(self.token, told or self.last, given or {}, well=well, wrong=wrong)
        return _whole(forms)


class Failed(Exception):
    """The text says what, for whoever holds the telephone; ``field``: about which field."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def _leaving() -> str:
    title = html.escape(said("The loudspeaker joins the Wi-Fi"))
    words = html.escape(said(
        "Its own Wi-Fi goes off now. Look at the page with the code in the office's Vang: it "
        "tells when the loudspeaker has enrolled. If the loudspeaker's own Wi-Fi comes back "
        "after a minute or two, it did not get through: join it and open this page again."
    ))  # fmt: skip
    return _whole(f"<h1>{title}</h1><p class=well role=status>{words}</p>")


def _addressed(given: Fields) -> None:
    try:
        check_address(given.get("server", ""))
    except HomeUnfit as error:
        raise Failed(str(error), field="server") from None


def _filled(given: Fields, *names: str) -> None:
    if not all(given.get(name) for name in names):
        raise NotConnected(said("Fill in every field of this part."))


def _forms(token: str, told: str, given: Fields, *, well: bool, wrong: str) -> str:
    """One form, so that no part of it is lost whichever button is pressed."""
    note = ""
    if told and not wrong:
        kind = "well" if well else "ill"
        note = f"<p class={kind} role=alert>{html.escape(told)}</p>"
    up = state()
    unmanaged = said("NetworkManager is not installed; see ip address.")
    now = unmanaged if up is None else said("Now: {state}", state=up or said("no network"))
    heard = "".join(f"<option value='{html.escape(name)}'>" for name in known_networks())
    server = given.get("server", "https://")
    return (
        f"<h1>{html.escape(said('Set up the loudspeaker'))}</h1>{note}"
        f"<form method=post action=/enrol><input type=hidden name=token value='{token}'>"
        f"<h2>{said('1. One-time code')}</h2><section>"
        + _field("server", "Address of the server", {"server": server},
                 extra="type=url maxlength=300", wrong=told if wrong == "server" else "")
        + _field("code", "Code", given, extra="maxlength=40 autocapitalize=characters",
                 help_text="The office makes it at the place of the loudspeaker; it is valid for "
                           "15 minutes.")
        + f"</section><h2>{said('2. Network')}</h2><p>{html.escape(now)}</p><section>"
        + _field("ssid", "Name of the Wi-Fi", given, extra="list=heard maxlength=32")
        + f"<datalist id=heard>{heard}</datalist>"
        + _field("password", "Password", {}, extra="type=password maxlength=63")
        + _button("/wifi", "Connect by Wi-Fi and enrol")
        + "</section><section>"
        + _field("apn", "APN of the SIM", given, extra="maxlength=100",
                 help_text="Such as v-internet (Viettel), m-wap (MobiFone), "
                           "m3-world (VinaPhone).")
        + _button("/mobile", "Connect by 4G and enrol")
        + f"</section><section><p>{html.escape(said('By cable, or connected already:'))}</p>"
        + _button("/enrol", "Enrol this loudspeaker")
        + "</section></form>"
    )  # fmt: skip


def _button(action: str, label: str) -> str:
    return f"<button formaction={action}>{html.escape(said(label))}</button>"


def _field(
    name: str, label: str, given: Fields, *, extra: str, help_text: str = "", wrong: str = ""
) -> str:
    """``wrong``: why what was typed cannot be taken; it stands there in place of the help."""
    note = f"<small id=about-{name}>{html.escape(said(help_text))}</small>" if help_text else ""
    if wrong:
        note = f"<p class=ill role=alert id=about-{name}>{html.escape(wrong)}</p>"
        extra += " aria-invalid=true autofocus"
    described = f" aria-describedby=about-{name}" if note else ""
    value = html.escape(given.get(name, ""), quote=True)
    return (
        f"<label for={name}>{html.escape(said(label))}</label>{note}"
        f'<input id={name} name={name} autocomplete=off value="{value}" {extra}{described}>'
    )


def _whole(body: str) -> str:
    return (
        f"<!doctype html><html lang={language()}><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{html.escape(said('Set up the loudspeaker'))}</title>"
        f"<link rel=stylesheet href=/style.css><main>{body}</main></html>"
    )


STYLE = (
    "body{margin:0;font:18px/1.5 system-ui,sans-serif;color:#16202c;background:#f4f1ea}"
    "main{max-width:30rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.5rem 0}"
    "h2{font-size:1.2rem;margin:1.5rem 0 .25rem}"
    "section{background:#fff;border:1px solid #cfc8b8;border-radius:.5rem;padding:1rem;"
    "margin:.75rem 0}label{display:block;font-weight:600;margin-top:.5rem}"
    "small{display:block;font-size:16px;color:#4a5563}"
    "input{box-sizing:border-box;width:100%;min-height:48px;font:inherit;padding:.5rem .75rem;"
    "border:1px solid #6b7686;border-radius:.375rem;margin-top:.25rem}"
    "button{width:100%;min-height:52px;margin-top:1rem;font:inherit;font-weight:600;color:#fff;"
    "background:#1d4f8f;border:0;border-radius:.375rem}"
    "input:focus,button:focus{outline:3px solid #e0a100;outline-offset:2px}"
    ".well,.ill{padding:.75rem 1rem;border-radius:.375rem;border-left:.375rem solid}"
    ".well{background:#e3f3e6;border-color:#1d7a3a}.ill{background:#fbe6e4;border-color:#b3261e}"
    "input[aria-invalid]{border:2px solid #b3261e}"
)


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
