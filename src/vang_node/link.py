"""The link: hints down, state up, and the clock questions. Losing it costs latency only."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vang_node.backoff import Backoff
from vang_node.clock import Exchange
from vang_node.outbox import Outbox
from vang_node.readings import mono_us
from vang_node.server import WITHDRAWN, Server, Unreachable
from vang_node.ways import LinkLost, Talk, Way
from vang_node.websocket import WebSocketWay
from vang_protocol.links import (
    Answer,
    Bye,
    ClockAnswer,
    ClockQuestion,
    Datagrams,
    FromLink,
    Hello,
    Hint,
    Join,
    Joined,
    Order,
    StateReport,
    parse_from_link,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState

STATE_GAP_US = 1_000_000
"""Changes that follow one another closely are told together."""
BURST = 8
BURST_GAP_US = 150_000
LISTEN_S = 0.25
STEADY_US = 60_000_000
"""What broke sooner does not count as a way that works."""
UNANSWERED_S = 100
"""A connection on which no question is answered for so long is none."""
SOCKET_AGAIN_US = 120_000_000
"""A broker is left for a voice no more often: orders come by it."""

log = logging.getLogger(__name__)


class Turns(Protocol):
    """Whoever knows which way is tried next (see ways)."""

    def next(self) -> Way: ...
    def take_socket(self) -> None: ...
    def failed(self) -> None: ...
    def ended(self) -> None: ...


class OneWay:
    """The WebSocket, again and again."""

    def __init__(self, server: Server) -> None:
        self._way = WebSocketWay(server)

    def next(self) -> Way:
        return self._way

    def take_socket(self) -> None:
        """There is nothing else."""

    def failed(self) -> None:
        """It is tried again."""

    def ended(self) -> None:
        """It is opened again."""


@dataclass
class Pace:
    """When the next clock question and the next state are due on one connection."""

    every_us: int
    state_us: int
    answered_us: int
    told_us: int = 0
    clock_us: int = 0
    burst: int = BURST


class Link:
    """Keeps one connection open for ever, by whatever way there is."""

    def __init__(
        self, server: Server, *, state: Callable[[], NodeState],
        on_hint: Callable[[int], None], on_exchange: Callable[[Exchange], None],
        on_turn: Callable[[], None] = lambda: None,
        on_order: Callable[[Order], None] = lambda _order: None,
        receipts: Outbox | None = None, backoff: Backoff | None = None,
        ways: Turns | None = None,
    ) -> None:  # fmt: skip
        """``on_turn``: the link came up or went down, so a hint may have been missed."""
        self._ways = ways or OneWay(server)
        self._server, self._state, self._on_turn = server, state, on_turn
        self._on_hint, self._on_exchange = on_hint, on_exchange
        self._on_order, self._receipts = on_order, Outbox() if receipts is None else receipts
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._up_us = 0
        self._asked: tuple[int, int] | None = None
        self._backoff = backoff or Backoff()
        self._joining: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.on_frame: Callable[[bytes], object] = lambda _data: None
        self.on_joined: Callable[[Joined], None] = lambda _joined: None
        self.on_datagrams: Callable[[Datagrams], None] = lambda _told: None
        self.deaf: Callable[[], bool] = lambda: False
        self._left_us: int | None = None
        self.up = False

    def join(self, session: str) -> None:
        """Ask for the frames of a microphone; from any thread, lost when the link is down."""
        self._joining.put(session)

    def state_changed(self) -> None:
        self._changed.set()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connect()
            except (LinkLost, Unreachable, Refused, OSError) as error:
                wait_s = self._backoff.failed()
                log.info("No link: %s. Trying again in %.0f s; polling meanwhile.", error, wait_s)
                self._stopping.wait(wait_s)

    def _connect(self) -> None:
        """By the next way. After one that was up for a good while the first is tried again."""
        self._up_us = 0
        try:
            way = self._ways.next()
            with way.open() as talk:
                try:
                    self._converse(way, talk)
                finally:
                    self._receipts.put_back(talk.unconfirmed())
        finally:
            if self._up_us and mono_us() - self._up_us > STEADY_US:
                self._ways.ended()
            else:
                self._ways.failed()
            self._turn(up=False)

    def _converse(self, way: Way, talk: Talk) -> None:
        talk.send(Hello(self._state()))
        now_us, every_us = mono_us(), way.every_s * 1_000_000
        pace = Pace(every_us, now_us + every_us, now_us)
        log.info("Connected by %s.", way.name)
        if talk.proven:
            self._came_up()
        while not self._stopping.is_set():
            self._speak(talk, pace)
            self._leave_if_deaf(way)
            try:
                frame = talk.receive(LISTEN_S)
            except TimeoutError:
                if mono_us() - pace.answered_us > UNANSWERED_S * 1_000_000:
                    raise LinkLost("the server no longer answers") from None
                continue
            self._hear(frame, mono_us(), pace)

    def _leave_if_deaf(self, way: Way) -> None:
        """A voice is on the air that this way does not bring and UDP does not either."""
        if way.frames or not self.deaf():
            return
        now_us = mono_us()
        if self._left_us is None or now_us - self._left_us > SOCKET_AGAIN_US:
            self._left_us = now_us
            self._ways.take_socket()
            raise LinkLost("a voice comes here only by the WebSocket")

    def _came_up(self) -> None:
        if not self.up:
            log.info("The link is up.")
            self._up_us = mono_us()
        self._turn(up=True)
        self._backoff.succeeded()

    def _turn(self, *, up: bool) -> None:
        if self.up != up:
            self.up = up
            self._on_turn()

    def _speak(self, talk: Talk, pace: Pace) -> None:
        now_us = mono_us()
        changed = self._changed.is_set() and now_us >= pace.told_us + STATE_GAP_US
        if changed or now_us >= pace.state_us:
            self._changed.clear()
            pace.told_us, pace.state_us = now_us, now_us + pace.every_us
            talk.send(StateReport(self._state()))
        if self.up:
            for receipt in self._receipts.take():
                talk.send(Answer(receipt.decode()))
            while not self._joining.empty():
                talk.send(Join(self._joining.get()))
        if now_us >= pace.clock_us:
            pace.burst -= 1
            pace.clock_us = now_us + (BURST_GAP_US if pace.burst > 0 else pace.every_us)
            self._ask_time(talk)

    def _ask_time(self, talk: Talk) -> None:
        """``t0`` is only a mark to recognise the answer by; our own scale never leaves us."""
        mark = mono_us()
        self._asked = (mark, mono_us())
        talk.send(ClockQuestion(mark))

    def _hear(self, frame: str | bytes, received_us: int, pace: Pace) -> None:
        if isinstance(frame, bytes) and frame.startswith(b"L"):  # no JSON begins so
            self.on_frame(frame)
            return
        try:
            self._heed(parse_from_link(frame), received_us, pace)
        except Refused as error:
            log.warning("A message on the link was refused: %s", error)

    def _heed(self, message: FromLink, received_us: int, pace: Pace) -> None:
        match message:
            case Hint(plan):
                self._on_hint(plan)
            case Order():
                self._on_order(message)
            case Joined():
                self.on_joined(message)
            case Datagrams():
                self.on_datagrams(message)
            case ClockAnswer(t0, t1, t2) if self._asked and self._asked[0] == t0:
                self._on_exchange(Exchange(self._asked[1], t1, t2, received_us))
                self._asked = None
                pace.answered_us = received_us
                self._came_up()
            case Bye(reason):
                if Reason.by_code(reason) in WITHDRAWN:
                    self._server.forget_session()
                raise LinkLost(f"closed by the server: {reason}")
