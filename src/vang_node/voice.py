"""One clip on its way to the loudspeaker: gain, fades, limits and what was measured."""

from array import array
from dataclasses import dataclass
from typing import Protocol

from vang_node import RATE
from vang_node.level import energy, ramped, rms_cdb, scaled
from vang_node.output_watch import EVERY
from vang_node.sinks import Block
from vang_protocol.records import End

OVER = RATE
"""So much longer than its limit a clip may take because the decoder or the card was behind."""
FADE = RATE // 5
"""A clip is faded out over 200 ms, never cut."""
FADE_IN = RATE // 50
"""20 ms, only for a clip that continues in its middle."""
GLIDE = RATE // 2
"""From one loudness to another in 500 ms."""
SILENT_CDB = -6_000
SILENT_FOR = 3 * RATE


class Source(Protocol):
    """Where the samples come from."""

    failure: str | None

    def take(self, count: int) -> Block: ...

    @property
    def exhausted(self) -> bool: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Measured:
    """``frames``: samples of the clip handed on; ``starved``: how often none was ready."""

    frames: int
    starved: int
    rms_cdb: int


class Voice:
    """Gives the clip's samples block by block, until its end, its limit or its fade is reached."""

    def __init__(self, source: Source, *, gain: float, most_frames: int, fade_in: bool) -> None:
        self._source, self._gain, self._wanted = source, gain, gain
        self._glide = 0.0
        self._left, self._room = most_frames, most_frames + OVER
        self._fade_in_left = FADE_IN if fade_in else 0
        self._fade_left: int | None = None
        self._ending = End.DONE
        self._energy = 0
        self._quiet = 0
        self._starved = 0
        self.frames = 0
        self.consumed = 0
        self.clip = 0
        self.end: End | None = None

    def fade(self, end: End, *, within: int = FADE) -> None:
        """Begin to fade now, to be silent ``within`` samples from here."""
        if self._fade_left is None:
            self._fade_left, self._ending = max(1, within), end

    def turn(self, gain: float) -> None:
        """Glide to ``gain``: a step would be heard as a click or a start."""
        self._wanted = gain
        self._glide = (gain - self._gain) / GLIDE

    def render(self, count: int, *, slip: int = 0) -> Block:
        """The next ``count`` samples; fewer when the clip ends.

        ``slip`` 1 leaves a sample of the clip out, -1 doubles one: the device runs slow or fast.
        """
        if self.end is not None:
            return array("h")
        block = self._take(count, slip)
        self.clip = energy(block[::EVERY])
        if not block:
            return block
        block = self._shaped(block)
        self._measure(block)
        return block

    def skip(self, count: int) -> None:
        """Leave ``count`` samples of the clip out: the device stood still for as long."""
        skipped = len(self._source.take(min(count, self._left)))
        self._left -= skipped
        self.consumed += skipped

    def silent_frames(self) -> int:
        """For how long the output has been below the threshold, if that is worth a word."""
        return self._quiet if self._quiet > SILENT_FOR else 0

    def measured(self) -> Measured:
        return Measured(self.frames, self._starved, rms_cdb(self._energy, self.frames))

    def close(self) -> None:
        self._source.close()

    def _take(self, count: int, slip: int) -> Block:
        room = self._left if self._fade_left is None else min(self._left, self._fade_left)
        wanted = min(count, room)
        if wanted <= 0 or self._room <= 0:
            self._finish()
            return array("h")
        self._room -= count
        block = self._source.take(min(max(1, wanted + slip), self._left))
        self._left -= len(block)
        self.consumed += len(block)
        if not block:
            return self._nothing(wanted)
        return _fitted(block, wanted, slip)

    def _nothing(self, wanted: int) -> Block:
        if not self._source.exhausted:
            self._starved += 1
            return array("h", bytes(2 * wanted))
        self.end = End.ERROR if self._source.failure else self._ended_by_itself()
        return array("h")

    def _ended_by_itself(self) -> End:
        return End.DONE if self._fade_left is None else self._ending

    def _finish(self) -> None:
        self.end = End.MAX_PLAY if self._fade_left is None else self._ending

    def _shaped(self, block: Block) -> Block:
        shaped = self._at_its_loudness(block)
        if self._fade_in_left:
            done = FADE_IN - self._fade_in_left
            shaped = ramped(shaped, done / FADE_IN, 1 / FADE_IN)
            self._fade_in_left = max(0, self._fade_in_left - len(block))
        if self._fade_left is not None:
            shaped = ramped(shaped, min(1.0, self._fade_left / FADE), -1 / FADE)
            self._fade_left -= len(block)
        return shaped

    def _at_its_loudness(self, block: Block) -> Block:
        if self._gain == self._wanted:
            return scaled(block, self._gain)
        left = self._wanted - self._gain
        if abs(self._glide) * len(block) < abs(left):
            gliding = ramped(block, self._gain, self._glide)
            self._gain += self._glide * len(block)
            return gliding
        count = min(len(block), round(left / self._glide))
        gliding = ramped(block[:count], self._gain, self._glide)
        self._gain = self._wanted
        return gliding + scaled(block[count:], self._gain)

    def _measure(self, block: Block) -> None:
        power = energy(block)
        self.frames += len(block)
        self._energy += power
        quiet = rms_cdb(power, len(block)) < SILENT_CDB
        self._quiet = self._quiet + len(block) if quiet else 0


def _fitted(block: Block, wanted: int, slip: int) -> Block:
    if slip > 0 and len(block) > wanted:
        return block[:wanted]
    if slip < 0 and len(block) == wanted - 1:
        block.append(block[-1])
    return block
