"""Loudness arithmetic on 16-bit samples, without numpy: a node has little memory.

Every function takes and gives ``array('h')``. One second of sound costs about 5 ms.
"""

import math
from array import array
from operator import mul

from vang_node.sinks import Block

FULL_SCALE = 32768
QUIETEST_CDB = -12_000
CEILING = round(FULL_SCALE * 10 ** (-1 / 20))
"""The limiter's threshold, -1 dBFS."""


def gain_of(db: float) -> float:
    """The factor of a level in dB."""
    return float(10 ** (db / 20))


def energy(block: Block) -> int:
    """Sum of squares."""
    return sum(map(mul, block, block))


def rms_cdb(total_energy: int, samples: int) -> int:
    """Level in hundredths of dBFS; digital silence is -120 dBFS."""
    if not samples or not total_energy:
        return QUIETEST_CDB
    power = total_energy / samples / FULL_SCALE**2
    return max(QUIETEST_CDB, round(1000 * math.log10(power)))


def scaled(block: Block, gain: float) -> Block:
    """Every sample times ``gain`` (0 to 1)."""
    if gain == 1.0:
        return block
    factor = round(gain * 65536)
    return array("h", [sample * factor >> 16 for sample in block])


def ramped(block: Block, start: float, step: float) -> Block:
    """Gain moving by ``step`` a sample from ``start``, held within 0 and 1."""
    return array(
        "h",
        [
            int(sample * min(1.0, max(0.0, start + index * step)))
            for index, sample in enumerate(block)
        ],
    )


class Limiter:
    """Last stage: nothing leaves above -1 dBFS. Costs nothing until something would."""

    def __init__(self) -> None:
        self._gain = 1.0

    def limit(self, mixed: list[int] | Block) -> Block:
        """Attack within the block, release by 0.2 dB a block; what still peaks is cut."""
        peak = max(1, *(abs(edge) for edge in (max(mixed), min(mixed))))
        wanted = min(1.0, CEILING / peak)
        if wanted == 1.0 and self._gain == 1.0:
            return mixed if isinstance(mixed, array) else array("h", mixed)
        self._gain = min(wanted, self._gain * 1.0233)
        return array("h", [self._cut(sample) for sample in mixed])

    def rest(self) -> None:
        """Nothing sounds: what comes next is let through whole."""
        self._gain = 1.0

    def _cut(self, sample: int) -> int:
        return max(-CEILING, min(CEILING, int(sample * self._gain)))
