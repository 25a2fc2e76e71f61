"""Is what the microphone recorded the sound that was played? Pure, and without numpy.

Waveforms are not compared: the horn, echoes and two quartzes change them. Both sounds become
envelopes of two bands, a hundred values a second, and the envelopes are correlated at every delay
that sound and devices can cause. Speech and music rise and fall in their own way: another sound,
noise and wind do not follow it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add, mul, sub

from vang_node import RATE
from vang_node.sinks import Block
from vang_protocol.healths import Verdict

FRAME_MS = 10
LEAST_MS, MOST_MS = 5_000, 20_000
"""So much of a play is needed to judge it, and so much is enough."""
EARLIEST_MS, LATEST_MS = -300, 2_000
"""What the microphone may be before or behind the loudspeaker: devices and 2.9 ms a metre."""
HEARD, NOT_HEARD = 0.30, 0.20
"""Likeness from which it was heard, and below which it was not; measured, see docs/en/node.md."""
LIVELY = 0.05
"""A played sound whose envelope hardly moves, such as a test tone, cannot be told from noise."""
JOLT = 3
"""Times the median; beyond it a change is a jolt."""
_THIN = 6
_LOW = 4
_SMOOTH = 100
_POWER = 0.25

Envelope = list[float]


@dataclass(frozen=True)
class Likeness:
    """``score`` 0 to 1; ``delay_ms`` at which it is largest; None where nothing can be said."""

    verdict: Verdict
    score: float
    delay_ms: int | None


def compare(played: Block, recorded: Block) -> Likeness:
    """16-bit mono at 48 kHz, both begun at the same moment."""
    sent, taken = bands(played), bands(recorded)
    if len(sent[0]) * FRAME_MS < LEAST_MS or len(taken[0]) * FRAME_MS < LEAST_MS:
        return Likeness(Verdict.UNSURE, 0.0, None)
    if not any(_lively(one) for one in sent):
        return Likeness(Verdict.UNSURE, 0.0, None)
    by_delay = _mean([_correlated(_level(p), _level(r)) for p, r in zip(sent, taken, strict=True)])
    delay_ms = max(by_delay, key=lambda ms: by_delay[ms])
    score = max(0.0, min(1.0, by_delay[delay_ms]))
    if score >= HEARD:
        return Likeness(Verdict.HEARD, score, delay_ms)
    verdict = Verdict.NOT_HEARD if score < NOT_HEARD else Verdict.UNSURE
    return Likeness(verdict, score, None)


def bands(samples: Block) -> tuple[Envelope, Envelope]:
    """Energies of a low (below about 1 kHz) and a high band (above), one value a frame."""
    thin = _summed(samples, _THIN)
    high = list(map(sub, thin[1:], thin[:-1]))
    frame = RATE // _THIN * FRAME_MS // 1000
    low = _summed(thin, _LOW)
    return _energies(low, frame // _LOW), _energies(high, frame)


def _summed(samples: Sequence[int], count: int) -> list[int]:
    """Each ``count`` neighbours added: a box filter and a lower rate in one."""
    length = len(samples) // count * count
    total = list(samples[0:length:count])
    for offset in range(1, count):
        total = list(map(add, total, samples[offset:length:count]))
    return total


def _energies(samples: Sequence[int], frame: int) -> Envelope:
    squares = list(map(mul, samples, samples))
    return [
        (sum(squares[start : start + frame]) / frame) ** _POWER
        for start in range(0, len(squares) - frame + 1, frame)
    ]


def _lively(envelope: Envelope) -> bool:
    mean = sum(envelope) / len(envelope)
    if mean <= 0:
        return False
    spread = math.sqrt(sum((one - mean) ** 2 for one in envelope) / len(envelope))
    return spread / mean > LIVELY


def _level(envelope: Envelope) -> Envelope:
    """Without what changes more slowly than in a second (wind, an engine, the volume), and with
    single jolts held down, so that no one bang or gap decides."""
    sums = [0.0, *accumulate(envelope)]
    last, half = len(envelope), _SMOOTH // 2
    levelled = []
    for n, value in enumerate(envelope):
        first, end = max(0, n - half), min(last, n + half)
        levelled.append(value - (sums[end] - sums[first]) / (end - first))
    most = JOLT * sorted(map(abs, levelled))[last // 2]
    return [max(-most, min(most, value)) for value in levelled]


def _correlated(played: Envelope, recorded: Envelope) -> dict[int, float]:
    """By delay in ms: the correlation of what overlaps."""
    power = [0.0, *accumulate(map(mul, played, played))]
    taken = [0.0, *accumulate(map(mul, recorded, recorded))]
    found = {}
    for lag in range(EARLIEST_MS // FRAME_MS, LATEST_MS // FRAME_MS + 1):
        first, start = max(0, -lag), max(0, lag)
        count = min(len(played) - first, len(recorded) - start)
        if count * FRAME_MS < LEAST_MS // 2:
            continue
        both = sum(map(mul, played[first : first + count], recorded[start : start + count]))
        norm = (power[first + count] - power[first]) * (taken[start + count] - taken[start])
        found[lag * FRAME_MS] = both / math.sqrt(norm) if norm > 0 else 0.0
    return found


def _mean(bands: Sequence[dict[int, float]]) -> dict[int, float]:
    return {lag: sum(one[lag] for one in bands) / len(bands) for lag in bands[0]}
