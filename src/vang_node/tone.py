"""``vang-node test-tone``: is there sound at all, and how loud."""

import math
from array import array

from vang_node import RATE
from vang_node.level import gain_of, ramped
from vang_node.sinks import BLOCK, Block, Sink

FADE = RATE // 5


def play_tone(sink: Sink, *, seconds: float, volume_db: int, hertz: int = 440) -> None:
    """A sine with soft edges at ``volume_db`` below full scale. Raises SinkFailed."""
    sink.open()
    sink.label("test-tone")
    samples = tone(seconds=seconds, volume_db=volume_db, hertz=hertz)
    for start in range(0, len(samples), BLOCK):
        sink.write(samples[start : start + BLOCK])
    sink.label(None)
    for _ in range(2 * RATE // BLOCK):  # let the device play what it holds
        sink.write(array("h", bytes(2 * BLOCK)))
    sink.close()


def tone(*, seconds: float, volume_db: int, hertz: int) -> Block:
    """The whole tone, faded in and out over 200 ms."""
    level = 32767 * gain_of(volume_db)
    turn = 2 * math.pi * hertz / RATE
    samples = array("h", [int(level * math.sin(turn * n)) for n in range(int(seconds * RATE))])
    samples[:FADE] = ramped(samples[:FADE], 0.0, 1 / FADE)
    samples[-FADE:] = ramped(samples[-FADE:], 1.0, -1 / FADE)
    return samples
