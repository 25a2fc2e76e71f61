"""The ways to the server's link, and which of them is tried next.

Two brokers, where the office has them, then the WebSocket, again and again; and whoever has none
of them polls meanwhile. Half of all nodes begin with each broker.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol
from zlib import crc32

from vang_node.home import write_private
from vang_node.server import Server, Unreachable
from vang_protocol import strict_json
from vang_protocol.limits import API_BODY_BYTES
from vang_protocol.links import FromNode
from vang_protocol.reasons import Refused
from vang_protocol.topics import Brokers, brokers_table, parse_brokers

log = logging.getLogger(__name__)


class LinkLost(Exception):
    """The connection ended; the text says how."""


class Talk(Protocol):
    """One open connection."""

    proven: bool
    """Whether being connected proves that the server's link hears us; else its first answer does.
    A broker says "granted" and "taken over" also where nothing will ever come."""

    def send(self, message: FromNode) -> None:
        """Raises LinkLost."""

    def receive(self, timeout: float) -> str | bytes:
        """The next frame; raises TimeoutError, LinkLost."""

    def unconfirmed(self) -> list[bytes]:
        """Receipts that were sent and perhaps never came to the other side."""


class Way(Protocol):
    """``every_s``: how often to speak on it. ``frames``: whether it brings voices too."""

    name: str
    every_s: int
    frames: bool

    def open(self) -> AbstractContextManager[Talk]:
        """Raises LinkLost, Unreachable or Refused."""


class Ways:
    """Runs on the link's thread only."""

    def __init__(
        self, server: Server, *, node: str, kept: Path | None,
        socket: Callable[[], Way], broker: Callable[[Brokers, int], Way],
    ) -> None:  # fmt: skip
        """``kept``: where the brokers are remembered, for a day without pages."""
        self._server, self._node, self._kept = server, node, kept
        self._socket, self._broker = socket, broker
        self._brokers: Brokers | None = None
        self._turn = 0
        self._socket_next = False

    def next(self) -> Way:
        """The way whose turn it is. Raises Unreachable or Refused where not even that is known."""
        brokers = self._known()
        count = len(brokers.brokers) if brokers else 0
        if self._socket_next:
            self._socket_next, self._turn = False, count
        place = self._turn % (count + 1)
        if brokers is None or place == count:
            return self._socket()
        first = crc32(self._node.encode()) % count
        return self._broker(brokers, (first + place) % count)

    def take_socket(self) -> None:
        """Next, whosever turn it is: something comes only by it. Then the first again."""
        self._socket_next = True

    def failed(self) -> None:
        """It is the next one's turn. After a whole round the pages are asked again."""
        self._turn += 1
        count = len(self._brokers.brokers) if self._brokers else 0
        if self._turn % (count + 1) == 0:
            self._brokers = None

    def ended(self) -> None:
        """It was well and came to its end: begin with the first again."""
        self._turn, self._brokers = 0, None

    def _known(self) -> Brokers | None:
        if self._brokers is None:
            self._brokers = self._asked()
        return self._brokers

    def _asked(self) -> Brokers | None:
        try:
            found = self._server.brokers()
        except Unreachable as error:
            remembered = self._remembered()
            log.info("The pages do not tell the brokers: %s", error)
            return remembered
        self._remember(found)
        return found

    def _remember(self, brokers: Brokers) -> None:
        if self._kept is not None and brokers != self._remembered():
            with suppress(OSError):
                write_private(self._kept, strict_json.canonical(brokers_table(brokers)))

    def _remembered(self) -> Brokers | None:
        if self._kept is None:
            return None
        try:
            return parse_brokers(self._kept.read_bytes(), limit=API_BODY_BYTES)
        except (OSError, Refused):
            return None
