"""Datagrams to and from the link: the time asked and told, and the frames of live voices.

Lost datagrams cost nothing but accuracy: where UDP is blocked the WebSocket tells the time and
brings the same frames.
"""

import logging
import queue
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vang_node.clock import Exchange
from vang_node.readings import kernel_us, mono_us
from vang_protocol.clock_datagrams import (
    MOST_BYTES,
    TELLS,
    Here,
    NotOurs,
    Question,
    here,
    question,
    read_told,
)
from vang_protocol.links import Datagrams, Joined

if TYPE_CHECKING:
    from vang_node.link import Link
    from vang_node.live.receiver import LiveReceiver

BURST, BURST_GAP_US = 8, 150_000
ASK_EVERY_US = 4_000_000
HERE_EVERY_US = 10_000_000
HERE_BURST, HERE_GAP_US = 3, 300_000
ANSWERED_WITHIN_US = 30_000_000
DEAF_AFTER_US = 3_000_000
"""Questions are asked every 150 ms at first: what has no answer by then has no way."""
LISTEN_S = 0.1
_STAMPED = struct.Struct("@qq")

log = logging.getLogger(__name__)


@dataclass
class Way:
    """Where the link answers. ``asked``: marks of questions and when they left."""

    id: bytes
    key: bytes
    asked: dict[int, int]
    ask_us: int = 0
    burst: int = BURST
    here_us: int = 0
    here_burst: int = HERE_BURST
    answered_us: int | None = None


class Wire:
    """One connected UDP socket. ``run`` is its thread."""

    def __init__(
        self, *, on_exchange: Callable[[Exchange], None], on_frame: Callable[[bytes], object],
        where: Callable[[], str],
    ) -> None:  # fmt: skip
        """``where``: the link's address as this node reaches it."""
        self._on_exchange, self._on_frame, self._where = on_exchange, on_frame, where
        self._turns: queue.SimpleQueue[tuple[Datagrams, str]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._socket: socket.socket | None = None
        self._way: Way | None = None
        self._sessions: list[str] = []
        self._joined_us: int | None = None

    def attach(
        self, link: "Link", live: "LiveReceiver", tell: Callable[[Callable[[], None]], None]
    ) -> None:
        """Everything between link, wire and the microphones."""

        def joined(message: Joined) -> None:
            self._joined_us = self._joined_us or mono_us()
            tell(lambda: live.joined(message.session, message.key))

        link.on_datagrams = lambda told: self._turns.put((told, self._where()))
        link.on_frame = live.hear
        link.on_joined = joined
        link.deaf = lambda: self.deaf
        live.on_join = link.join
        live.on_sessions = self._follow

    @property
    def tells_time(self) -> bool:
        """Whether questions are answered on this way now."""
        way = self._way
        answered = way.answered_us if way is not None else None
        return answered is not None and mono_us() - answered < ANSWERED_WITHIN_US

    @property
    def deaf(self) -> bool:
        """A voice was joined some seconds ago, and no datagram comes here: UDP is blocked."""
        joined_us = self._joined_us
        late = joined_us is not None and mono_us() - joined_us > DEAF_AFTER_US
        return late and bool(self._sessions) and not self.tells_time

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            self._turn()
            if self._socket is None or self._way is None:
                self._stopping.wait(LISTEN_S)
                continue
            try:
                self._speak(self._socket, self._way)
                self._listen(self._socket, self._way)
            except OSError as error:
                log.debug("No datagrams now: %s", error)
                self._stopping.wait(LISTEN_S)
        self._close()

    def _follow(self, sessions: list[str]) -> None:
        self._sessions = sessions
        if not sessions:
            self._joined_us = None
        if self._way is not None:
            self._way.here_us, self._way.here_burst = 0, HERE_BURST

    def _turn(self) -> None:
        """The link came up, perhaps elsewhere, and said what counts now."""
        while not self._turns.empty():
            told, url = self._turns.get()
            self._close()
            try:
                self._socket = _connected(urlsplit(url).hostname or "", told.port)
            except OSError as error:
                log.info("No way for datagrams: %s", error)
                continue
            self._way = Way(bytes.fromhex(told.id), bytes.fromhex(told.key), {})
            if self._joined_us is not None:
                self._joined_us = mono_us()  # a new way has its time to answer

    def _speak(self, line: socket.socket, way: Way) -> None:
        now_us = mono_us()
        if now_us >= way.ask_us:
            way.burst -= 1
            way.ask_us = now_us + (BURST_GAP_US if way.burst > 0 else ASK_EVERY_US)
            self._ask(line, way)
        if self._sessions and now_us >= way.here_us:
            way.here_burst -= 1
            way.here_us = now_us + (HERE_GAP_US if way.here_burst > 0 else HERE_EVERY_US)
            for session in self._sessions:
                line.send(here(Here(way.id, bytes.fromhex(session), now_us), way.key))

    def _ask(self, line: socket.socket, way: Way) -> None:
        mark = mono_us()
        data = question(Question(way.id, mark), way.key)
        way.asked = {**dict(list(way.asked.items())[-16:]), mark: mono_us()}
        line.send(data)

    def _listen(self, line: socket.socket, way: Way) -> None:
        try:
            data, ancillary, _flags, _address = line.recvmsg(MOST_BYTES + 1, 64)
        except TimeoutError:
            return
        received_us = mono_us() - _waited_us(ancillary)
        if data[:1] == TELLS:
            self._told(data, way, received_us)
        else:
            self._on_frame(data)

    def _told(self, data: bytes, way: Way, received_us: int) -> None:
        try:
            answer = read_told(data, way.key)
        except NotOurs:
            return
        sent_us = way.asked.pop(answer.mark, None)
        if sent_us is not None and answer.id == way.id:
            way.answered_us = received_us
            self._on_exchange(Exchange(sent_us, answer.arrived, answer.left, received_us))

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._way = None, None


def _connected(host: str, port: int) -> socket.socket:
    """Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _name, address = found[0]
    line = socket.socket(family, kind, protocol)
    line.settimeout(LISTEN_S)
    stamps = getattr(socket, "SO_TIMESTAMPNS", 35)
    line.setsockopt(socket.SOL_SOCKET, stamps, 1)
    line.connect(address)
    return line


def _waited_us(ancillary: list[tuple[int, int, bytes]]) -> int:
    """How long the datagram lay in the kernel before this thread had its turn."""
    for _level, _kind, data in ancillary:
        if len(data) >= _STAMPED.size:
            seconds, nanoseconds = _STAMPED.unpack_from(data)
            waited = kernel_us() - (seconds * 1_000_000 + nanoseconds // 1000)
            return waited if 0 <= waited < 1_000_000 else 0
    return 0
