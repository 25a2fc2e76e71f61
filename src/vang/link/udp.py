"""The link's datagrams: the time told at once, and live voices sent to whoever showed where it is.

Every node is given an id and a key over its TLS socket; a datagram that is not made with them is
not answered, so nothing here can be used to flood somebody else.
"""

import asyncio
import logging
import secrets
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

from vang.base import clock
from vang_protocol.clock_datagrams import (
    ASKS,
    IS_HERE,
    MOST_BYTES,
    NotOurs,
    Told,
    read_here,
    read_question,
    sender_of,
    told,
)
from vang_protocol.instants import to_us
from vang_protocol.links import Datagrams

LOG = logging.getLogger(__name__)
AT_ONCE = 64
KEPT_US = 35_000_000
"""Who has not shown itself for so long is not sent to any more: three datagrams of it were lost."""
BUFFER_BYTES = 4 * 1024 * 1024
_STAMPED = struct.Struct("@qq")


@dataclass
class Peer:
    """One node's socket, as its datagrams are known. ``places``: session → where, since when."""

    key: bytes
    places: dict[bytes, tuple[Any, int]] = field(default_factory=dict)
    number: int = 0


class Post:
    """``port`` 0: no datagrams here."""

    def __init__(self) -> None:
        self.port = 0
        self._peers: dict[bytes, Peer] = {}
        self._ids: dict[str, bytes] = {}
        self._socket: socket.socket | None = None

    def open(self, where: tuple[str, int] | None) -> None:
        """Listen there from now on, in the running loop; without it there is only less accuracy."""
        if where is None:
            return
        bind, port = where
        family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        line = socket.socket(family, socket.SOCK_DGRAM)
        line.settimeout(0)
        line.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_TIMESTAMPNS", 35), 1)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            line.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        try:
            line.bind((bind, port))
        except OSError as error:
            LOG.warning("no datagrams: UDP port %s cannot be had: %s", port, error)
            line.close()
            return
        self._socket, self.port = line, line.getsockname()[1]
        asyncio.get_running_loop().add_reader(line.fileno(), self._read)

    def close(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def welcome(self, node: str) -> Datagrams | None:
        """A new id and key for the node, in place of those it had."""
        if self._socket is None:
            return None
        self.forget(node)
        peer, key = secrets.token_bytes(8), secrets.token_bytes(32)
        self._peers[peer], self._ids[node] = Peer(key), peer
        return Datagrams(self.port, peer.hex(), key.hex())

    def knows(self, node: str) -> bool:
        """Whether it was welcomed."""
        return node in self._ids

    def forget(self, node: str) -> None:
        if (known := self._ids.pop(node, None)) is not None:
            self._peers.pop(known, None)

    def place_of(self, node: str, session: bytes, now_us: int) -> Any | None:
        """Where the node wants the session's frames; None: it has not said so lately."""
        peer = self._peers.get(self._ids.get(node, b""))
        place = peer.places.get(session) if peer is not None else None
        return place[0] if place is not None and now_us - place[1] < KEPT_US else None

    def send(self, data: bytes, place: Any) -> bool:
        """Whether it left; a full buffer loses it, as any network may."""
        if self._socket is None:
            return False
        try:
            self._socket.sendto(data, place)
        except OSError:
            return False
        return True

    def _read(self) -> None:
        for _one in range(AT_ONCE):
            if self._socket is None:
                return
            try:
                data, ancillary, _flags, place = self._socket.recvmsg(MOST_BYTES, 64)
            except OSError:
                return
            self._heard(data, ancillary, place)

    def _heard(self, data: bytes, ancillary: list[tuple[int, int, bytes]], place: Any) -> None:
        peer = self._peers.get(sender_of(data))
        if peer is None:
            return
        try:
            if data[:1] == ASKS:
                self._answer(data, peer, _arrived_us(ancillary), place)
            elif data[:1] == IS_HERE:
                self._note(data, peer, place)
        except NotOurs:
            return

    def _answer(self, data: bytes, peer: Peer, arrived_us: int, place: Any) -> None:
        asked = read_question(data, peer.key)
        self.send(told(Told(asked.id, asked.mark, arrived_us, _now_us()), peer.key), place)

    def _note(self, data: bytes, peer: Peer, place: Any) -> None:
        shown = read_here(data, peer.key)
        if shown.number >= peer.number:
            peer.number = shown.number
            peer.places[shown.session] = (place, _now_us())


def _now_us() -> int:
    return to_us(clock.now())


def _arrived_us(ancillary: list[tuple[int, int, bytes]]) -> int:
    """When the kernel had it, on the server's clock."""
    now_us = _now_us()
    for _level, _kind, data in ancillary:
        if len(data) >= _STAMPED.size:
            seconds, nanoseconds = _STAMPED.unpack_from(data)
            arrived_us = int(seconds * 1_000_000 + nanoseconds // 1000)
            return arrived_us if 0 <= now_us - arrived_us < 1_000_000 else now_us
    return now_us
