"""One relay from its sources to the link, in time. No database."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vang.base import clock
from vang.carriages.outgoing import LinkFailed, Outgoing
from vang.relays.carrying import Carrier, Giving, in_time, told_of
from vang.relays.tuning import Block

LOG = logging.getLogger(__name__)
IN_HAND = timedelta(milliseconds=300)
"""On top of the loudspeakers' buffer: what lies between here and the link's first frame."""
OPENED_AHEAD = timedelta(seconds=15)
"""Nodes join eight seconds before the start."""
AGAIN_S = 1.0


@dataclass(frozen=True)
class Wanted:
    """What is to be heard from ``start`` to ``ends``, ``buffer`` after it leaves here.

    ``sources`` are their names, best first; ``key`` (PEM) signs the frames of ``session``.
    """

    session: str
    key: bytes
    nodes: tuple[str, ...]
    start: datetime
    ends: datetime
    buffer_ms: int
    sources: tuple[str, ...]

    @property
    def ahead(self) -> timedelta:
        """So much earlier than it is heard everything leaves here."""
        return timedelta(milliseconds=self.buffer_ms) + IN_HAND


@dataclass
class Told:
    """What became of it: changes as rows keep them, and frames handed over."""

    changes: list[list[str | None]] = field(default_factory=list)
    frames: int = 0
    problem: str = ""


def carry(
    wanted: Wanted, tuned: Sequence[Giving], link: str, told: Told, over: threading.Event
) -> None:
    """Until its time is over, or ``over``. Whatever fails is tried again: time is left."""
    carrier = Carrier(tuned, now=clock.now().timestamp())
    way = _Way(wanted, link, told)
    try:
        for due, block in in_time(carrier, wanted.ends - wanted.ahead, over):
            _step(wanted, way, told, due, block)
    finally:
        told.changes = told_of(carrier.changes, wanted.sources)
        way.close()


def _step(wanted: Wanted, way: "_Way", told: Told, due: datetime, block: Block | None) -> None:
    if due >= wanted.start - wanted.ahead - OPENED_AHEAD:
        way.prepare(due)
    if block is not None and due >= wanted.start - wanted.ahead:
        told.frames += way.send(block, due)


class _Way:
    """To the link, opened before there is anything to hear, and again when it was lost."""

    def __init__(self, wanted: Wanted, link: str, told: Told) -> None:
        self._wanted, self._link, self._told = wanted, link, told
        self._open: Outgoing | None = None
        self._again: datetime | None = None

    def prepare(self, now: datetime) -> None:
        """Have the session known, so that nodes can join before there is anything to hear."""
        if self._open is not None or (self._again is not None and now < self._again):
            return
        wanted, way = self._wanted, Outgoing(self._link, self._wanted.session)
        try:
            until = wanted.ends + wanted.ahead
            self._open = way.open(wanted.key, wanted.nodes, until, wanted.buffer_ms)
            self._told.problem = ""
        except LinkFailed as error:
            self._failed(error, now)

    def send(self, block: Block, now: datetime) -> bool:
        """Whether it was handed over."""
        if self._open is None:
            return False
        try:
            self._open.send(block)
        except LinkFailed as error:
            self._failed(error, now)
            return False
        return True

    def _failed(self, error: LinkFailed, now: datetime) -> None:
        LOG.warning("%s: %s", self._wanted.session, error)
        self._open, self._told.problem = None, "link"
        self._again = now + timedelta(seconds=AGAIN_S)

    def close(self) -> None:
        if self._open is not None:
            try:
                self._open.close()
            except LinkFailed as error:
                LOG.info("%s: %s", self._wanted.session, error)
