"""The way into the link: a session is made and ordered, then sound is handed in every 60 ms."""

import http.client
import json
import threading
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from vang.base import clock
from vang.base.tokens import make_token
from vang.dispatch.between import SECRET_HEADER, internal_secret
from vang.dispatch.sessions import server_secret
from vang.relays.tuning import Block
from vang_protocol.instants import format_instant

PURPOSE = "live-microphone"
WITHIN_S = 3.0


class LinkFailed(OSError):
    """The link cannot be reached, or does not know the session."""


class Outgoing:
    """One session of the link, at ``address`` such as ``http://127.0.0.1:8001``.

    ``alive_s``: the link is asked so often whether it is still there.
    """

    def __init__(self, address: str, session: str, *, alive_s: float = 20.0) -> None:
        self._address, self.session, self._alive_s = address, session, alive_s
        self._socket: ClientConnection | None = None

    def open(self, key: bytes, nodes: Collection[str], until: datetime, buffer_ms: int) -> Self:
        """Have it made with our key (PEM), ordered for these nodes, and connect. LinkFailed."""
        self._told("make", {"session": self.session, "key": key.decode("ascii")})
        self._told(
            "start",
            {
                "session": self.session,
                "nodes": sorted(nodes),
                "until": format_instant(until),
                "buffer_ms": buffer_ms,
            },
        )
        self._connect()
        return self

    def send(self, block: Block) -> None:
        """60 ms of 48 kHz mono. Raises LinkFailed."""
        if self._socket is None:
            self._connect()
        assert self._socket is not None  # noqa: S101 - connected or raised
        try:
            self._socket.send(b"P" + block.astype("<i2").tobytes())
        except (OSError, WebSocketException) as error:
            self._socket = None
            raise LinkFailed(str(error)) from error

    def close(self) -> None:
        """The session is over, for the nodes too."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._told("stop", {"session": self.session, "why": "over"})

    def _connect(self) -> None:
        claims = {"session": self.session}
        token = make_token(server_secret(), PURPOSE, claims, now=clock.now(), lasts_s=60)
        try:
            socket = connect(
                self._address.replace("http", "ws", 1) + "/link/microphone",
                open_timeout=WITHIN_S,
                ping_interval=self._alive_s,
                ping_timeout=self._alive_s,
                max_queue=1,
                proxy=None,
            )
            socket.send(json.dumps({"token": token}))
        except (OSError, WebSocketException, TimeoutError) as error:
            raise LinkFailed(str(error)) from error
        threading.Thread(target=_heed, args=(socket,), name="heeding", daemon=True).start()
        self._socket = socket

    def _told(self, path: str, body: dict[str, Any]) -> Any:
        place = urlsplit(self._address)
        link = http.client.HTTPConnection(place.hostname or "", place.port, timeout=WITHIN_S)
        try:
            headers = {SECRET_HEADER: internal_secret(), "Content-Type": "application/json"}
            link.request("POST", f"/internal/live/{path}", json.dumps(body), headers)
            answer = link.getresponse()
            if answer.status != http.HTTPStatus.OK:
                raise LinkFailed(f"{path}: {answer.status}")
            return json.loads(answer.read(64 * 1024))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LinkFailed(f"{path}: {error}") from error
        finally:
            link.close()


def _heed(socket: ClientConnection) -> None:
    """Take what the link says to a speaker, its meter, until the end: answers to the question
    whether it is there come behind that, and would never be read."""
    with suppress(WebSocketException, OSError):
        for _said in socket:
            pass
