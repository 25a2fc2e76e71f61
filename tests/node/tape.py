"""Things to listen to and to listen with: known samples, and a sound card turned by hand."""

import random
from array import array
from collections.abc import Callable

from vang_node import RATE
from vang_node.sinks import BUFFERED, Block, SinkFailed


def noise(seconds: float, *, seed: int = 1, head_s: float = 0.5, level: float = 2500) -> Block:
    """Silence, then speech-like noise: sharp under correlation."""
    chance, value = random.Random(seed), 0.0
    samples = array("h", bytes(2 * int(head_s * RATE)))
    for _ in range(int((seconds - head_s) * RATE)):
        value = 0.7 * value + chance.gauss(0, level)
        samples.append(int(max(-32000, min(32000, value))))
    return samples


def constant(seconds: float, value: int) -> Block:
    return array("h", [value]) * int(seconds * RATE)


class Tape:
    """A source of samples that are all there. ``behind`` makes it hand out nothing for a while."""

    def __init__(self, samples: Block, *, failure: str | None = None, behind: int = 0) -> None:
        self._samples, self._failure, self._behind = samples, failure, behind
        self._position = 0
        self.failure: str | None = None
        self.closed = False

    def take(self, count: int) -> Block:
        if self._behind:
            self._behind -= 1
            return array("h")
        taken = self._samples[self._position : self._position + count]
        self._position += len(taken)
        if not taken:
            self.failure = self._failure
        return taken

    @property
    def exhausted(self) -> bool:
        return self._position >= len(self._samples) and not self._behind

    def close(self) -> None:
        self.closed = True


class HandCard:
    """A sound card with a quartz of its own. Writing to it is what makes time pass."""

    def __init__(self, *, ppm: float = 0.0, jitter_us: int = 0, seed: int = 1) -> None:
        self.name, self.xruns = "hand", 0
        self._rate = RATE * (1 + ppm / 1e6)
        self._jitter_us, self._chance = jitter_us, random.Random(seed)
        self.now_us = 5_000_000
        self._zero_us = float(self.now_us)
        self.heard = array("h")
        self._opened_at = 0
        self.on_write: Callable[[int], None] = lambda written: None
        self.fail_at: int | None = None
        self.labels: list[str | None] = []
        self.opened = 0

    def mono_us(self) -> int:
        return self.now_us

    def open(self) -> None:
        self.opened += 1
        self._opened_at = len(self.heard)
        self._zero_us = float(self.now_us)

    def delay(self) -> int:
        wobble = self._chance.randint(-self._jitter_us, self._jitter_us) * RATE // 1_000_000
        return max(0, self._written() - self._played() + wobble)

    def write(self, block: Block) -> None:
        if self.fail_at is not None and len(self.heard) >= self.fail_at:
            self.fail_at = None
            raise SinkFailed("unplugged")
        excess = self._written() + len(block) - self._played() - BUFFERED
        if excess > 0:
            self.now_us += round(excess * 1e6 / self._rate)
        self.heard.extend(block)
        self.on_write(len(self.heard))

    def stall(self, us: int) -> None:
        """Nobody fed the card for ``us``: it ran dry and stood still."""
        self.now_us += us
        dry_us = self.now_us - self.instant_of(len(self.heard))
        if dry_us > 0:
            self._zero_us += dry_us
            self.xruns += 1

    def label(self, name: str | None) -> None:
        self.labels.append(name)

    def close(self) -> None:
        pass

    def instant_of(self, sample: int) -> float:
        """When the card plays ``sample`` of all it was given, by the true clock."""
        return self._zero_us + (sample - self._opened_at) * 1e6 / self._rate

    def _written(self) -> int:
        return len(self.heard) - self._opened_at

    def _played(self) -> int:
        return int((self.now_us - self._zero_us) * self._rate / 1e6)
