"""Thousands of protocol-true nodes in one process, a clock that is stepped, and a broker that may
do anything to bytes and order.

Every node decides with the product's own Commander and OrderBook; only its sound card and its disk
are simulated. Nothing here knows a private key that the product would not.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from vang_node.commanding import Commander
from vang_node.orders import OrderBook
from vang_node.performing import Performance
from vang_protocol.beacons import Beacon
from vang_protocol.envelopes import SigningKey
from vang_protocol.plans import Audio, PlanItem
from vang_protocol.policies import Policy
from vang_protocol.receipts import Receipt, open_receipt
from vang_protocol.records import End, Event


@dataclass
class Clock:
    """The time that everybody here lives in."""

    now: datetime

    def step(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Play:
    """One item that was heard."""

    item: str
    begun: datetime
    ended: datetime | None = None
    end: End | None = None


@dataclass
class Disk:
    """What survives a power cut. ``broken``: writes fail."""

    data: bytes | None = None
    broken: bool = False

    def write(self, _path: Path, data: bytes) -> None:
        if self.broken:
            raise OSError(28, "No space left on device")
        self.data = data

    def __fspath__(self) -> str:
        return "/nowhere"

    def read_bytes(self) -> bytes:
        if self.data is None:
            raise FileNotFoundError
        return self.data


class Node:
    """One loudspeaker. ``wrong``: how far its clock is off; None: it knows no time at all."""

    def __init__(
        self, name: str, unit: str, cluster: str, clock: Clock, policy: Policy | None
    ) -> None:
        self.name, self.unit, self.cluster, self.clock = name, unit, cluster, clock
        self.policy = policy
        self.key = SigningKey.generate()
        self.disk = Disk()
        self.wrong: timedelta | None = timedelta(0)
        self.plays: list[Play] = []
        self.receipts: list[Receipt] = []
        self.on_receipt: Callable[[str, bytes], None] | None = None
        self.boot()
        self.greet()

    def boot(self) -> None:
        """As after a power cut: only the disk is left."""
        self._sounding: dict[str, tuple[datetime, datetime]] = {}
        self.book = OrderBook(
            self.disk,  # type: ignore[arg-type]
            unit=self.unit,
            cluster=self.cluster,
            write=self.disk.write,
        )
        self.commander = Commander(
            self.book, self, self, node=self.name, key=self.key, sounds=Path("/nowhere"),
            now=self._now, trusted=lambda: self.wrong is not None, send=self._answer,
        )  # fmt: skip
        self.commander.take_up()

    def reset(self) -> None:
        """To the factory: keys and policy are new, nothing is remembered."""
        self.disk.data = None
        self.boot()

    def greet(self, counters: tuple[tuple[str, int, int], ...] = ()) -> None:
        self.book.greet(Beacon(self.name, "q", self.clock.now, 1, counters))

    def hear(self, command: bytes, manifest: bytes | None) -> None:
        self.commander.offer(command, manifest)

    def tick(self) -> None:
        """Let what is over end."""
        for item, (_begun, until) in list(self._sounding.items()):
            if self.clock.now >= until:
                self._end(item, End.MAX_PLAY)

    @property
    def sounding(self) -> list[str]:
        return list(self._sounding)

    def order(self, item: PlanItem, performance: Performance, *, until: datetime) -> None:
        del performance, until
        begun = self.clock.now
        try:
            self.commander.begun(item.id)
        except OSError:
            return
        self._sounding[item.id] = (begun, begun + timedelta(milliseconds=item.max_play_ms))
        self.plays.append(Play(item.id, begun))

    def end_orders(self, ids: Iterable[str]) -> None:
        for item in ids:
            if item in self._sounding:
                self._end(item, End.STOPPED)

    def silence(self) -> None:
        self.end_orders(self.sounding)

    def open_audio(self, audio: Audio) -> IO[bytes] | None:
        del audio
        return None

    def record(self, event: Event) -> None:
        del event

    def _end(self, item: str, how: End) -> None:
        begun, _until = self._sounding.pop(item)
        place = self.plays.index(Play(item, begun))
        self.plays[place] = Play(item, begun, self.clock.now, how)
        self.commander.over(item, how)

    def _now(self) -> datetime:
        return self.clock.now + (self.wrong or timedelta(0))

    def _answer(self, data: bytes) -> None:
        if self.on_receipt is None:
            self.receipts.append(open_receipt(data, key=self.key.public))
        else:
            self.on_receipt(self.name, data)


@dataclass
class Broker:
    """Carries bytes from the server to the nodes, as its owner pleases.

    ``loses`` and ``doubles`` are shares; ``delays_s`` the longest delay, at random, so that order
    is lost too. ``seen`` is everything it ever carried, to be replayed.
    """

    clock: Clock
    dice: random.Random
    loses: float = 0.0
    doubles: float = 0.0
    delays_s: float = 0.0
    seen: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    _waiting: list[tuple[datetime, Node, bytes, bytes | None]] = field(default_factory=list)

    def carry(self, nodes: Iterable[Node], command: bytes, manifest: bytes | None) -> None:
        self.seen.append((command, manifest))
        for node in nodes:
            for _copy in range(2 if self.dice.random() < self.doubles else 1):
                if self.dice.random() >= self.loses:
                    due = self.clock.now + timedelta(seconds=self.dice.uniform(0, self.delays_s))
                    self._waiting.append((due, node, command, manifest))

    def deliver(self) -> None:
        due = [one for one in self._waiting if one[0] <= self.clock.now]
        self._waiting = [one for one in self._waiting if one[0] > self.clock.now]
        for _at, node, command, manifest in sorted(due, key=lambda one: one[0]):
            node.hear(command, manifest)


class Fleet:
    """``communes``: how many nodes each has, by code."""

    def __init__(
        self, communes: dict[str, int], policy: Policy, now: datetime, *, seed: int = 1
    ) -> None:
        self.clock = Clock(now)
        self.broker = Broker(self.clock, random.Random(seed))
        self.nodes = [
            Node(f"n{code}-{number}", code, f"c{number}", self.clock, policy)
            for code, count in communes.items()
            for number in range(1, count + 1)
        ]

    def of(self, unit: str) -> list[Node]:
        return [node for node in self.nodes if node.unit == unit]

    def send(self, command: bytes, manifest: bytes | None = None) -> None:
        """As the server does: to every node, and the node knows whether it is meant."""
        self.broker.carry(self.nodes, command, manifest)
        self.broker.deliver()

    def run(self, seconds: float, step_s: float = 1.0) -> None:
        for _step in range(int(seconds / step_s)):
            self.clock.step(step_s)
            self.broker.deliver()
            for node in self.nodes:
                node.tick()

    def follow(self, policy: Policy | None) -> None:
        for node in self.nodes:
            node.policy = policy

    @property
    def plays(self) -> int:
        return sum(len(node.plays) for node in self.nodes)
