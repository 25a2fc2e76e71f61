"""A node's own parts that talk to the server, without its sound: by one path, or only by asking."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.dispatch.radio import node_state
from vang_node.allegiance import Allegiance, Answered, Told
from vang_node.backoff import Backoff
from vang_node.clock import Exchange
from vang_node.link import Link
from vang_node.mqtt import MqttWay
from vang_node.outbox import Outbox
from vang_node.poll import Poller
from vang_node.server import Server, make_client
from vang_node.ways import Ways
from vang_node.websocket import WebSocketWay
from vang_protocol.envelopes import SigningKey
from vang_protocol.links import Order
from vang_protocol.reasons import Reason
from vang_protocol.states import NodeState
from vang_protocol.topics import Brokers

QUICK = 0.2


@dataclass
class Heard:
    """What came to the node."""

    orders: list[Order] = field(default_factory=list)
    hints: list[int] = field(default_factory=list)
    plans: list[bytes] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    standing: list[Reason | None] = field(default_factory=list)


class OnePath:
    """``websocket``, ``broker-a`` or ``broker-b``, and no other."""

    def __init__(self, name: str, server: Server, unit: str) -> None:
        self._name, self._server, self._unit = name, server, unit

    def next(self) -> WebSocketWay | MqttWay:
        if self._name == "websocket":
            return WebSocketWay(self._server)
        brokers = self._server.brokers()
        number = [f"broker-{one.name}" for one in brokers.brokers].index(self._name)
        return MqttWay(self._server, brokers, number, unit=self._unit, ca_file=None)

    def take_socket(self) -> None:
        """It stays with its own."""

    def failed(self) -> None:
        """It is tried again."""

    def ended(self) -> None:
        """It is opened again."""


def quick() -> Backoff:
    return Backoff(most=QUICK)


class Listener:
    """Wired as in ``vang_node.running``. ``path`` "": as the server tells; "poll": none."""

    def __init__(self, url: str, node: str, unit: str, key: SigningKey, *, path: str = "") -> None:
        self.heard, self.node = Heard(), node
        self.path, self._client = path, make_client(url)
        self.state = node_state(node)
        self.server = Server(
            self._client, node=node, key=key, on_exchange=self.heard.exchanges.append,
            on_standing=self.heard.standing.append,
        )  # fmt: skip
        self.receipts = Outbox()
        self.ways = Ways(
            self.server, node=node, kept=None, socket=lambda: WebSocketWay(self.server),
            broker=lambda brokers, number: self._broker(brokers, number, unit),
        )  # fmt: skip
        self.one = OnePath(path, self.server, unit)
        self.link = Link(
            self.server, state=self._state, on_hint=self._hinted, on_turn=self._look,
            on_exchange=self.heard.exchanges.append, on_order=self.heard.orders.append,
            receipts=self.receipts, backoff=quick(), ways=self.one if path else self.ways,
        )  # fmt: skip
        self.poller = Poller(
            self.server, poll_s=1, link_up=lambda: self.link.up, backoff=quick(),
            on_plan=self.heard.plans.append, state=self._state,
        )  # fmt: skip
        self.allegiance = Allegiance(
            self.server, Told(self.heard.orders.append, self._beacon, lambda _a: None, self._none),
            self.receipts, link_up=lambda: self.link.up, has_policy=lambda: True,
            greeted=lambda: True, backoff=quick(),
        )  # fmt: skip

    def _broker(self, brokers: Brokers, number: int, unit: str) -> MqttWay:
        return MqttWay(self.server, brokers, number, unit=unit, ca_file=None)

    def _state(self) -> NodeState:
        return self.state

    def _hinted(self, plan: int) -> None:
        self.heard.hints.append(plan)
        self._look()

    def _look(self) -> None:
        self.poller.look_now()
        self.allegiance.look_now()

    def _beacon(self, _answer: Answered) -> None:
        """Where it stands is not what these tests are about."""

    def _none(self) -> None:
        """Nor is the policy."""

    def answer(self, receipt: bytes) -> None:
        self.receipts.put(receipt)
        if self.link.up:
            self.link.state_changed()
        else:
            self.allegiance.answered()

    @contextmanager
    def switched_on(self) -> Iterator["Listener"]:
        """Its threads run. Switched off it says goodbye, as far as its path knows how to."""
        asking: list[Link | Poller | Allegiance] = [self.poller, self.allegiance]
        parts = asking if self.path == "poll" else [*asking, self.link]
        threads = [threading.Thread(target=_until_stopped(part.run)) for part in parts]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            for part in parts:
                part.stop()
            for thread in threads:
                thread.join(15)
            self.close()

    def close(self) -> None:
        self._client.close()


def _until_stopped(run: Callable[[], None]) -> Callable[[], None]:
    """The pages of a test may go away before the node does."""

    def guarded() -> None:
        with contextlib.suppress(RuntimeError):  # the client is closed
            run()

    return guarded
