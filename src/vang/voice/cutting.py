"""Where one sentence ends and the next begins in a text read in one go. Pure.

Announcers breathe between sentences, and inside them too. Of all pauses those are taken that
make the parts about as long as their sentences, longer pauses before shorter ones (the idea of
Gale and Church's alignment of sentences by length).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vang.voice.levels import FRAME_MS, frame_levels, speech_spans
from vang.voice.sound import Chunk

Figures = NDArray[np.float64]
_LEAST_PAUSE_MS = 140
_PAUSE_WORTH = 1.2
_LONG_PAUSE_MS = 600


@dataclass(frozen=True)
class Pause:
    """A silence inside a reading (ms)."""

    from_ms: int
    to_ms: int

    @property
    def middle_ms(self) -> int:
        return (self.from_ms + self.to_ms) // 2

    @property
    def length_ms(self) -> int:
        return self.to_ms - self.from_ms


def pauses(samples: Chunk) -> list[Pause]:
    """The silences between the first and the last speech."""
    frames = frame_levels(samples)
    spans = speech_spans(frames, breath_ms=_LEAST_PAUSE_MS) if len(frames) else []
    return [Pause(before[1] * FRAME_MS, after[0] * FRAME_MS) for before, after in pairwise(spans)]


def sentence_cuts(
    found: Sequence[Pause], first_ms: int, last_ms: int, lengths: Sequence[int]
) -> list[int] | None:
    """The cuts (ms) between ``len(lengths)`` sentences spoken from ``first_ms`` to ``last_ms``.

    ``lengths`` are the sentences' expected shares, in syllables. None when there are fewer
    pauses than cuts are needed: then nobody can tell.
    """
    wanted = len(lengths) - 1
    if wanted <= 0:
        return []
    if len(found) < wanted:
        return None
    places = np.array([pause.middle_ms for pause in found], dtype=float)
    worth = np.array([min(pause.length_ms, _LONG_PAUSE_MS) for pause in found]) / _LONG_PAUSE_MS
    shares = np.asarray(lengths, dtype=float) / sum(lengths) * (last_ms - first_ms)
    chosen = _cheapest(places, worth, shares, first_ms, last_ms)
    return [int(places[at]) for at in chosen]


def _cheapest(
    places: Figures, worth: Figures, shares: Figures, first_ms: int, last_ms: int
) -> list[int]:
    """Indices of the pauses that cut best: dynamic programming over (cut, pause)."""
    count, cuts = len(places), len(shares) - 1
    cost = _misfit(places - first_ms, shares[0]) - _PAUSE_WORTH * worth
    came = np.zeros((cuts, count), dtype=int)
    for cut in range(1, cuts):
        gaps = places[None, :] - places[:, None]
        step = cost[:, None] + np.where(gaps > 0, _misfit(gaps, shares[cut]), np.inf)
        came[cut] = step.argmin(axis=0)
        cost = step.min(axis=0) - _PAUSE_WORTH * worth
    at = int((cost + _misfit(last_ms - places, shares[-1])).argmin())
    chosen = [at]
    for cut in range(cuts - 1, 0, -1):
        at = int(came[cut, at])
        chosen.append(at)
    return chosen[::-1]


def _misfit(length: Figures, share: float) -> Figures:
    """How badly a part of that length fits: squared log ratio, weighed alike for long and short."""
    ratio = np.log(np.maximum(length, 1.0) / max(share, 1.0))
    fit: Figures = 6.0 * ratio**2
    return fit
