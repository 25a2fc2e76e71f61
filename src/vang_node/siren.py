"""The alarm tone, made by the node itself, so that nothing has to arrive before it sounds."""

import math
from array import array
from collections.abc import Iterator

from vang_node import RATE
from vang_node.level import ramped
from vang_node.sinks import BLOCK, Block

LOW_HZ, HIGH_HZ = 420.0, 1000.0
TURN_S = 3.0
"""From the lowest to the highest and back: a slow wail, not to be taken for a car's."""
LEVEL = 0.5 * 32767
EDGE = RATE // 20


def siren(duration_ms: int) -> Iterator[Block]:
    """``duration_ms`` of it in blocks of 20 ms, with soft edges of 50 ms."""
    total = duration_ms * RATE // 1000
    phase = 0.0
    for start in range(0, total, BLOCK):
        block = array("h")
        for at in range(start, min(start + BLOCK, total)):
            phase += _hertz(at / RATE) / RATE
            block.append(int(LEVEL * math.sin(2 * math.pi * phase)))
        yield _edged(block, start, total)


def _hertz(second: float) -> float:
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * second / TURN_S)
    return LOW_HZ + (HIGH_HZ - LOW_HZ) * swing


def _edged(block: Block, start: int, total: int) -> Block:
    if start < EDGE:
        block = ramped(block, start / EDGE, 1 / EDGE)
    if start + len(block) > total - EDGE:
        block = ramped(block, (total - start) / EDGE, -1 / EDGE)
    return block
