"""The link: hints down, state up, and the clock questions. Losing it costs latency only."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from vang_node.backoff import Backoff
from vang_node.clock import Exchange
from vang_node.outbox import Outbox
from vang_node.readings import mono_us
from vang_node.server import WITHDRAWN, Server, Unreachable
from vang_protocol.limits import LINK_ORDER_BYTES
from vang_protocol.links import (
    Answer,
    Bye,
    ClockAnswer,
    ClockQuestion,
    FromNode,
    Hello,
    Hint,
    Order,
    StateReport,
    encode_message,
    parse_from_link,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState

STATE_EVERY_US = 15_000_000
STATE_GAP_US = 1_000_000
"""Changes that follow one another closely are told together."""
BURST = 8
BURST_GAP_US = 150_000
LISTEN_S = 0.25

log = logging.getLogger(__name__)


class LinkLost(Exception):
    """The connection ended; the text says how."""


@dataclass
class Pace:
    """When the next clock question and the next state are due on one connection."""

    state_us: int
    told_us: int = 0
    clock_us: int = 0
    burst: int = BURST


class Link:
    """Keeps one WebSocket open for ever."""

    def __init__(
        self, server: Server, *, state: Callable[[], NodeState],
        on_hint: Callable[[int], None], on_exchange: Callable[[Exchange], None],
        on_turn: Callable[[], None] = lambda: None,
        on_order: Callable[[Order], None] = lambda _order: None,
        receipts: Outbox | None = None, backoff: Backoff | None = None,
    ) -> None:  # fmt: skip
        """``on_turn``: the link came up or went down, so a hint may have been missed."""
        self._server, self._state, self._on_turn = server, state, on_turn
        self._on_hint, self._on_exchange = on_hint, on_exchange
        self._on_order, self._receipts = on_order, Outbox() if receipts is None else receipts
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._asked: tuple[int, int] | None = None
        self._backoff = backoff or Backoff()
        self.up = False

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
        from websockets.exceptions import WebSocketException  # noqa: PLC0415  (lean start)
        from websockets.sync.client import connect  # noqa: PLC0415

        session = self._server.session()
        if not session.link_url:
            raise LinkLost("the server offers none")
        try:
            with connect(
                session.link_url,
                additional_headers={"Authorization": f"Bearer {session.token}"},
                max_size=LINK_ORDER_BYTES,
                proxy=None,
                compression=None,
                open_timeout=10,
                close_timeout=2,
            ) as socket:
                self._converse(socket.send, socket.recv)
        except WebSocketException as error:
            self._server.forget_session()
            raise LinkLost(str(error)) from None
        finally:
            self._turn(up=False)

    def _converse(self, send: Callable[[str], None], receive: Callable[..., str | bytes]) -> None:
        _send(send, Hello(self._state()))
        log.info("The link is up.")
        self._turn(up=True)
        self._backoff.succeeded()
        pace = Pace(state_us=mono_us() + STATE_EVERY_US)
        while not self._stopping.is_set():
            self._speak(send, pace)
            try:
                frame = receive(timeout=LISTEN_S)
            except TimeoutError:
                continue
            self._hear(frame, mono_us())

    def _turn(self, *, up: bool) -> None:
        if self.up != up:
            self.up = up
            self._on_turn()

    def _speak(self, send: Callable[[str], None], pace: Pace) -> None:
        now_us = mono_us()
        changed = self._changed.is_set() and now_us >= pace.told_us + STATE_GAP_US
        if changed or now_us >= pace.state_us:
            self._changed.clear()
            pace.told_us, pace.state_us = now_us, now_us + STATE_EVERY_US
            _send(send, StateReport(self._state()))
        for receipt in self._receipts.take():
            _send(send, Answer(receipt.decode()))
        if now_us >= pace.clock_us:
            pace.burst -= 1
            pace.clock_us = now_us + (BURST_GAP_US if pace.burst > 0 else STATE_EVERY_US)
            self._ask_time(send)

    def _ask_time(self, send: Callable[[str], None]) -> None:
        """``t0`` is only a mark to recognise the answer by; our own scale never leaves us."""
        mark = mono_us()
        message = encode_message(ClockQuestion(mark))
        self._asked = (mark, mono_us())
        send(message)

    def _hear(self, frame: str | bytes, received_us: int) -> None:
        try:
            message = parse_from_link(frame)
        except Refused as error:
            log.warning("A message on the link was refused: %s", error)
            return
        match message:
            case Hint(plan):
                self._on_hint(plan)
            case Order():
                self._on_order(message)
            case ClockAnswer(t0, t1, t2) if self._asked and self._asked[0] == t0:
                self._on_exchange(Exchange(self._asked[1], t1, t2, received_us))
                self._asked = None
            case Bye(reason):
                if Reason.by_code(reason) in WITHDRAWN:
                    self._server.forget_session()
                raise LinkLost(f"closed by the server: {reason}")


def _send(send: Callable[[str], None], message: FromNode) -> None:
    send(encode_message(message))
