"""Who is connected, and what waits to be sent to each."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex

from vang.link.lines import whole_frame
from vang.link.paths import WEBSOCKET
from vang_protocol.links import FromLink, Hint, Order, encode_message
from vang_protocol.reasons import Reason

QUEUE = 16
MOST_CONNECTIONS = 10_000
REPLACED = "replaced"
SLOW = "slow"


@dataclass(frozen=True)
class Ready:
    """A message that is the same for everybody, encoded once: as text and as a whole frame."""

    text: str
    frame: bytes

    @classmethod
    def of(cls, message: FromLink) -> "Ready":
        text = encode_message(message)
        return cls(text, whole_frame(text))


@dataclass(eq=False)
class Connection:
    """One node's socket. ``ending`` is set once with the reason to say goodbye."""

    node: str
    unit: str
    expires: datetime
    queue: asyncio.Queue[FromLink | Ready] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str = ""
    session: str = field(default_factory=lambda: token_hex(8))
    write: Callable[[bytes], bool] = lambda _frame: False
    """Puts a whole frame into the socket at once, if it takes it."""

    def offer(self, message: FromLink | Ready) -> bool:
        """Queue a message. A socket that does not keep up is dropped: the node comes back."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.end(SLOW)
            return False
        return True

    def bring(self, message: Ready) -> bool:
        """At once, or queued where the socket does not take it now."""
        return (not self.ending.is_set() and self.write(message.frame)) or self.offer(message)

    def end(self, reason: str) -> None:
        if not self.ending.is_set():
            self.reason = reason
            self.ending.set()


class Hub:
    """Connections by node; a node that connects again replaces its older socket.

    The path of WebSockets. Nothing is kept here: who is not connected hears nothing.
    """

    name = WEBSOCKET

    def __init__(self, most: int = MOST_CONNECTIONS) -> None:
        self._most = most
        self._by_node: dict[str, Connection] = {}
        self._barred: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._by_node)

    def lets_in(self, connection: Connection) -> bool:
        """There is room, and its session was not opened before the node was barred."""
        room = connection.node in self._by_node or len(self._by_node) < self._most
        until = self._barred.get(connection.node)
        return room and (until is None or connection.expires > until)

    def add(self, connection: Connection) -> None:
        if older := self._by_node.get(connection.node):
            older.end(REPLACED)
        self._by_node[connection.node] = connection

    def remove(self, connection: Connection) -> bool:
        """True when it was the node's present socket, so that the node is gone now."""
        if self._by_node.get(connection.node) is not connection:
            return False
        del self._by_node[connection.node]
        return True

    def hint(self, unit: str, version: int) -> int:
        """Tell every node of the unit to look now. Returns how many were told."""
        message = Ready.of(Hint(version))
        return sum(link.bring(message) for link in self._by_node.values() if link.unit == unit)

    def order(
        self,
        order: Order,
        *,
        units: Collection[str],
        nodes: Collection[str],
        lasts_s: int,  # noqa: ARG002 - the interface
    ) -> int:
        """Bring a command to all nodes of the units, and to single nodes. How many were told."""
        message = Ready.of(order)
        found = [one for one in self._by_node.values() if one.unit in units or one.node in nodes]
        return sum(link.bring(message) for link in found)

    def bar(self, node: str, *, now: datetime, until: datetime) -> int:
        """End its socket, and let it in only with a session that ends after ``until``: one that
        was opened later. How many were ended."""
        self._barred = {one: end for one, end in self._barred.items() if end > now}
        self._barred[node] = until
        here = node in self._by_node
        self.end(node, Reason.NODE_REVOKED.value)
        return int(here)

    def find(self, node: str) -> Connection | None:
        """The node's present socket."""
        return self._by_node.get(node)

    def end(self, node: str, reason: str) -> None:
        if connection := self._by_node.get(node):
            connection.end(reason)

    def end_all(self, reason: str) -> None:
        for connection in self._by_node.values():
            connection.end(reason)
