"""Whether a captured sound is the approved one: the signals are compared, not their names."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

ALIKE = 0.98
_SILENT = 1e-4


@dataclass(frozen=True)
class Match:
    """How well a recording holds the approved sound.

    ``offset`` is the sample of the recording at which the approved sound begins; ``worst`` and
    ``median`` are normalised correlations (0 to 1) over half-second windows; a window in which
    the approved sound is silent must be silent in the recording too.
    """

    offset: int
    worst: float
    median: float

    @property
    def same(self) -> bool:
        return self.worst >= ALIKE


def compare(approved: Samples, recorded: Samples, rate: int) -> Match:
    """Find the approved sound in the recording and hold them against each other.

    Loudness may differ by a constant (a volume ceiling); anything cut, repeated, shifted or
    added shows in a window. Mono float samples at the same ``rate`` in Hz.
    """
    offset = best_offset(approved, recorded)
    placed = _cut(recorded, offset, len(approved))
    gain = _gain(approved, placed)
    window = rate // 2
    edges = [*range(0, max(1, len(approved) - window // 2), window), len(approved)]
    scores = [
        _alike(approved[start:end], placed[start:end], gain) for start, end in pairwise(edges)
    ]
    return Match(offset, float(min(scores)), float(np.median(scores)))


def best_offset(approved: Samples, recorded: Samples) -> int:
    """Where the approved sound fits best, by cross-correlation through FFT."""
    size = 1 << (len(approved) + len(recorded)).bit_length()
    product = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(approved, size))
    correlation = np.fft.irfft(product, size)
    peak = int(np.argmax(correlation))
    return peak if peak < size // 2 else peak - size


def _cut(samples: Samples, offset: int, length: int) -> Samples:
    """``length`` samples from ``offset``, with silence where the recording has none."""
    whole = np.zeros(length, dtype=np.float32)
    start, end = max(0, offset), min(len(samples), offset + length)
    if end > start:
        whole[start - offset : end - offset] = samples[start:end]
    return whole


def _gain(approved: Samples, placed: Samples) -> float:
    energy = float(np.dot(approved, approved))
    return float(np.dot(approved, placed)) / energy if energy > 0 else 0.0


def _alike(approved: Samples, placed: Samples, gain: float) -> float:
    """1 for the same window; 0 for another sound, or for sound where silence was approved."""
    a, b = float(np.sqrt(np.mean(approved**2))), float(np.sqrt(np.mean(placed**2)))
    if a < _SILENT:
        return 1.0 if b < _SILENT * 3 else 0.0
    if b <= _SILENT * abs(gain):
        return 0.0
    return max(0.0, float(np.mean(approved * placed)) / (a * b))
