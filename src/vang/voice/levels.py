"""What is speech in a recording and what is the room: levels, edges and faults. Pure.

Levels are dBFS of 10 ms frames after the high-pass that every recording passes before it airs,
so that wind and hum count for nothing here either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vang.voice.filters import filtered
from vang.voice.sound import RATE, Chunk

FRAME_MS = 10
FLOOR_DB = -100.0
HEAD_MARGIN_MS = 120
TAIL_MARGIN_MS = 200

_FRAME = RATE * FRAME_MS // 1000
_HIGH_PASS = ("highpass", "frequency=100:poles=2")
_CLIPPED = 0.985
_CLIPPED_RUN = 3  # samples side by side; a single full sample is no harm
_MOST_CLIPPED = 3
_QUIET_DB = -42.0
_SILENT_DB = -60.0
_LEAST_DISTANCE_DB = 15.0
_EDGE_MS = 20
_ABOVE_NOISE_DB = 7.0
_BELOW_LOUD_DB = 38.0
_BREATH_MS = 250
_KNOCK_MS = 70
_LEAST_DB = -75.0


class Fault(StrEnum):
    """What an announcer can mend by recording again. Stable: sent to the browser by code."""

    SILENT = "silent"
    CLIPPED = "clipped"
    QUIET = "quiet"
    NOISY = "noisy"
    CUT_HEAD = "cut-head"
    CUT_TAIL = "cut-tail"


@dataclass(frozen=True)
class Levels:
    """Where speech begins and ends (ms), how loud it and the room are (dBFS), clipped places."""

    duration_ms: int
    speech_from_ms: int
    speech_to_ms: int
    speech_db: float
    noise_db: float
    peak_db: float
    clipped: int

    @property
    def is_silent(self) -> bool:
        return self.speech_to_ms <= self.speech_from_ms or self.speech_db < _SILENT_DB

    def edges(self) -> tuple[int, int]:
        """From and to, with a little of the room before and after the speech."""
        first = max(0, self.speech_from_ms - HEAD_MARGIN_MS)
        return first, min(self.duration_ms, self.speech_to_ms + TAIL_MARGIN_MS)

    def faults(self) -> list[Fault]:
        """What to mend, worst first; empty for a good recording."""
        if self.is_silent:
            return [Fault.SILENT]
        found = [
            (Fault.CLIPPED, self.clipped > _MOST_CLIPPED),
            (Fault.QUIET, self.speech_db < _QUIET_DB),
            (Fault.NOISY, self.speech_db - self.noise_db < _LEAST_DISTANCE_DB),
            (Fault.CUT_HEAD, self.speech_from_ms < _EDGE_MS),
            (Fault.CUT_TAIL, self.duration_ms - self.speech_to_ms < _EDGE_MS),
        ]
        return [fault for fault, there in found if there]


def measured_levels(samples: Chunk) -> Levels:
    """Listen through a mono sound at ``RATE``."""
    frames = frame_levels(samples)
    duration_ms = 1000 * len(samples) // RATE
    peak = float(np.abs(samples).max(initial=0.0))
    if not len(frames):
        return Levels(duration_ms, 0, 0, FLOOR_DB, FLOOR_DB, decibel(peak), 0)
    spans = speech_spans(frames)
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    return Levels(
        duration_ms=duration_ms,
        speech_from_ms=first * FRAME_MS,
        speech_to_ms=min(last * FRAME_MS, duration_ms),
        speech_db=speech_level(frames),
        noise_db=noise_level(frames),
        peak_db=decibel(peak),
        clipped=_clipped_places(samples),
    )


def frame_levels(samples: Chunk) -> NDArray[np.float64]:
    """dBFS (RMS) of each whole 10 ms frame."""
    if len(samples) < _FRAME:
        return np.empty(0)
    heard = np.concatenate(list(filtered([samples], [_HIGH_PASS])))
    whole = len(heard) // _FRAME * _FRAME
    power = (heard[:whole].astype(np.float64).reshape(-1, _FRAME) ** 2).mean(axis=1)
    decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
    return decibels


def speech_level(frames: NDArray[np.float64]) -> float:
    """The level of the speech alone: the mean power of frames within 15 dB of the loudest."""
    loud = float(np.percentile(frames, 98))
    active = frames[frames >= loud - 15]
    return float(10 * np.log10((10 ** (active / 10)).mean()))


def noise_level(frames: NDArray[np.float64]) -> float:
    """The room: what the quietest tenth does not exceed."""
    return float(np.percentile(frames, 10))


def speech_spans(frames: NDArray[np.float64], breath_ms: int = _BREATH_MS) -> list[tuple[int, int]]:
    """Stretches of speech as (first, end) frames; shorter gaps than a breath lie inside one.

    A knock alone at either end (a key, the microphone being put down) is no speech.
    """
    threshold = max(
        noise_level(frames) + _ABOVE_NOISE_DB, float(np.percentile(frames, 98)) - _BELOW_LOUD_DB
    )
    threshold = max(min(threshold, float(np.percentile(frames, 98)) - 3), _LEAST_DB)
    spans = _merged(_runs(frames >= threshold), breath_ms // FRAME_MS)
    knock = _KNOCK_MS // FRAME_MS
    while len(spans) > 1 and spans[0][1] - spans[0][0] < knock:
        spans.pop(0)
    while len(spans) > 1 and spans[-1][1] - spans[-1][0] < knock:
        spans.pop()
    return spans


def decibel(ratio: float) -> float:
    return float(20 * np.log10(ratio)) if ratio > 10 ** (FLOOR_DB / 20) else FLOOR_DB


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """(first, end) of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        yield int(first), int(end)


def _merged(runs: Iterator[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for first, end in runs:
        if spans and first - spans[-1][1] <= gap:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((first, end))
    return spans


def _clipped_places(samples: Chunk) -> int:
    full = _runs(np.abs(samples) >= _CLIPPED)
    return sum(end - first >= _CLIPPED_RUN for first, end in full)
