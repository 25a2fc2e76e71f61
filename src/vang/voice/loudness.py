"""Loudness and true peak as ITU-R BS.1770-4 and EBU R 128 define them."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from vang.voice.filters import Filter, filtered, filtered_frames
from vang.voice.sound import RATE, Chunk

TARGET_LUFS = -16.0
TOLERANCE_LU = 1.0
PEAK_LIMIT_DBTP = -2.0
NO_SIGNAL_LUFS = -55.0
"""Quieter than this and normalising would only amplify the noise of an open microphone."""

_HIGH_PASS_HZ = 100
_SPREAD_HZ = (200, 400, 800, 1600, 3000)
_OVERSAMPLED = 4 * RATE
_FLOOR_DB = -120.0
_SLOT = RATE // 10  # ebur128 reports once each 100 ms and drops what is left over


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness (LUFS, −70 for silence) and true peak (dBTP)."""

    lufs: float
    true_peak_dbtp: float

    def has_signal(self) -> bool:
        return self.lufs >= NO_SIGNAL_LUFS

    def is_acceptable(self) -> bool:
        """Within −16 LUFS ±1 and at most −2 dBTP: what may be published."""
        near = abs(self.lufs - TARGET_LUFS) <= TOLERANCE_LU
        return near and self.true_peak_dbtp <= PEAK_LIMIT_DBTP


def measure(chunks: Iterable[Chunk]) -> Loudness:
    """Measure a mono sound at ``RATE``."""
    count = 0

    def counted() -> Iterator[Chunk]:
        nonlocal count
        for chunk in chunks:
            count += len(chunk)
            yield chunk
        # Filled up so that the last 100 ms are searched for peaks too.
        yield np.zeros(2 * _SLOT - count % _SLOT, dtype=np.float32)

    lufs, peak = [-70.0], 0.0
    for frame in filtered_frames(counted(), [("ebur128", "metadata=1:peak=true")]):
        if "lavfi.r128.I" in (report := frame.metadata):
            lufs.append(float(report["lavfi.r128.I"]))
            peak = float(report["lavfi.r128.true_peak"])
    # What was filled up is no part of the sound and must not lower its loudness.
    return Loudness(lufs[: 1 + count // _SLOT][-1], _decibel(peak))


def prepared(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The voice without what lies below it, and with its pulses spread in time.

    High-pass at 100 Hz, 12 dB per octave, against wind, handling noise and hum. Then all-pass
    filters, as voice radio uses them: inaudible, but a voice of sharp pulses needs several dB
    less limiting for the same loudness and overshoots less in the codec.
    """
    spread: list[Filter] = [
        ("allpass", f"frequency={hz}:width_type=q:width=1") for hz in _SPREAD_HZ
    ]
    return filtered(chunks, [("highpass", f"frequency={_HIGH_PASS_HZ}:poles=2"), *spread])


def levelled(chunks: Iterable[Chunk], gain_db: float, ceiling_dbtp: float) -> Iterator[Chunk]:
    """The sound raised by ``gain_db`` with its true peaks held under ``ceiling_dbtp``.

    The limiter works on four times the samples, as BS.1770-4 annex 2 measures true peak.
    """
    chain: list[Filter] = [
        ("volume", f"{gain_db:.3f}dB"),
        ("aresample", str(_OVERSAMPLED)),
        ("alimiter", f"limit={_ratio(ceiling_dbtp):.6f}:attack=5:release=50:level=0:latency=1"),
        ("aresample", str(RATE)),
    ]
    return filtered(chunks, chain)


def _decibel(ratio: float) -> float:
    return max(20 * math.log10(ratio), _FLOOR_DB) if ratio > 0 else _FLOOR_DB


def _ratio(decibel: float) -> float:
    return float(10 ** (decibel / 20))
