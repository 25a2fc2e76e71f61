"""A microphone near the loudspeaker: whether what was played is really heard."""

import logging
import threading
from array import array
from collections.abc import Callable
from typing import Protocol

from vang_node import RATE
from vang_node.hearing import LEAST_MS, MOST_MS, Likeness, compare
from vang_node.sinks import Block, SinkFailed
from vang_protocol.healths import Heard, Verdict

AFTER_MS = 500
"""Listened on after the end of a play: sound and devices come late."""
_MOST = RATE * MOST_MS // 1000
_LEAST = RATE * LEAST_MS // 1000
_AFTER = RATE * AFTER_MS // 1000

log = logging.getLogger(__name__)


class Microphone(Protocol):
    """Gives 48 kHz mono as it is recorded."""

    name: str

    def open(self) -> None:
        """Raises SinkFailed."""

    def read(self) -> Block:
        """The next samples, once they are recorded. Raises SinkFailed."""

    def close(self) -> None: ...

    def near(self, block: Block) -> None:
        """What sounds there now: only a pretended microphone wants to know."""


class _Take:
    """One play, as it was given to the device."""

    def __init__(self, item: str) -> None:
        self.item = item
        self.played: Block = array("h")
        self.ended = False

    @property
    def full(self) -> bool:
        return len(self.played) >= _MOST


class Ear:
    """Listens to the beginning of each play and says whether it was heard.

    Without a microphone it does nothing. One play that was not heard is "unsure": a lorry passed,
    perhaps; from the second on it is "not heard".
    """

    def __init__(
        self,
        microphone: Microphone | None = None,
        *,
        judge: Callable[[Block, Block], Likeness] = compare,
    ) -> None:
        self._microphone, self._judge = microphone, judge
        self._take: _Take | None = None
        self._wake, self._stopped = threading.Event(), threading.Event()
        self._missed = 0
        self.last: Heard | None = None

    def sent(self, item: str, block: Block) -> None:
        """From the sound thread: these samples go to the device now."""
        if self._microphone is None:
            return
        take = self._take
        if take is None or take.ended:
            take = self._take = _Take(item)
            self._wake.set()
        if take.item == item and not take.full:
            take.played.extend(block)
        self._microphone.near(block)

    def ended(self, item: str) -> None:
        """From the sound thread: the play is over."""
        if self._take is not None and self._take.item == item:
            self._take.ended = True

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def run(self) -> None:
        """The thread. A microphone that fails is tried again with the next play."""
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            take = self._take
            if take is None or self._microphone is None:
                continue
            try:
                self.listen(take.item)
            except SinkFailed as error:
                log.warning("The microphone does not work: %s", error)
            self._wait_out(take)

    def listen(self, item: str) -> None:
        """Record beside the play of ``item`` and judge it; raises SinkFailed."""
        microphone, take = self._microphone, self._take
        if microphone is None or take is None or take.item != item:
            return
        recorded = array("h")
        microphone.open()
        try:
            after = 0
            while len(recorded) < _MOST + _AFTER and after < _AFTER and not self._stopped.is_set():
                block = microphone.read()
                recorded.extend(block)
                after += len(block) if take.ended else 0
        finally:
            microphone.close()
        self._note(take, recorded)

    def _wait_out(self, take: _Take) -> None:
        """One judgement a play."""
        while not take.ended and not self._stopped.is_set():
            self._stopped.wait(0.2)

    def _note(self, take: _Take, recorded: Block) -> None:
        if len(take.played) < _LEAST or self._stopped.is_set():
            return
        found = self._judge(take.played[:_MOST], recorded)
        verdict = self._settled(found.verdict)
        log.info("%s: %s, likeness %.2f.", take.item, verdict.value, found.score)
        delay_ms = found.delay_ms if verdict is Verdict.HEARD else None
        self.last = Heard(take.item, verdict, round(1000 * found.score), delay_ms)

    def _settled(self, verdict: Verdict) -> Verdict:
        self._missed = self._missed + 1 if verdict is Verdict.NOT_HEARD else 0
        return Verdict.UNSURE if self._missed == 1 else verdict
