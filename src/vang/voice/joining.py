"""Pieces of speech put together so that the ear finds no seam. Pure.

Each piece is brought to one level of speech; between pieces sounds the room they were recorded
in, not digital silence; every edge is a crossfade of equal power, so nothing clicks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vang.voice.levels import FLOOR_DB, FRAME_MS, frame_levels, noise_level, speech_level
from vang.voice.levels import speech_spans as spans_of
from vang.voice.sound import RATE, Chunk

FADE_MS = 15
_LARGEST_GAIN_DB = 12.0
_LEAST_TONE_MS = 80
_GRAIN_MS = 60
_QUIETEST_ROOM_DB = -90.0
_LOUDEST_ROOM_DB = -50.0


@dataclass(frozen=True)
class Piece:
    """Speech with a little of its room at both ends, and the pause (ms) that follows it."""

    samples: Chunk
    pause_ms: int


def joined(pieces: Sequence[Piece]) -> Chunk:
    """The pieces one after the other at ``RATE``.

    The pause is counted from the end of a piece to the beginning of the next; edges overlap by
    the crossfade, so a pause of 0 is a direct join.
    """
    if not pieces:
        return np.zeros(0, dtype=np.float32)
    levels = [_measured(piece.samples) for piece in pieces]
    wanted = float(np.median([level.speech_db for level in levels]))
    gains = [_gain(wanted - level.speech_db) for level in levels]
    levelled = [p.samples * np.float32(g) for p, g in zip(pieces, gains, strict=True)]
    sound = _laid(levelled, [piece.pause_ms for piece in pieces])
    return _with_room(sound, _room_tone(levelled))


def trimmed_to_speech(samples: Chunk, head_ms: int, tail_ms: int) -> Chunk:
    """The speech with at most so much of the room before and after it."""
    frames = frame_levels(samples)
    spans = spans_of(frames) if len(frames) else []
    if not spans:
        return samples
    first = max(0, spans[0][0] * FRAME_MS - head_ms) * RATE // 1000
    return samples[first : (spans[-1][1] * FRAME_MS + tail_ms) * RATE // 1000]


@dataclass(frozen=True)
class _Level:
    speech_db: float


@dataclass(frozen=True)
class _Laid:
    """The pieces in their places, and how far each sample is filled by one (0 to 1)."""

    samples: Chunk
    filled: Chunk


def _measured(samples: Chunk) -> _Level:
    frames = frame_levels(samples)
    return _Level(speech_level(frames) if len(frames) else FLOOR_DB)


def _gain(decibels: float) -> float:
    return float(10 ** (max(-_LARGEST_GAIN_DB, min(_LARGEST_GAIN_DB, decibels)) / 20))


def _laid(pieces: Sequence[Chunk], pauses_ms: Sequence[int]) -> _Laid:
    starts, place = [], 0
    for piece, pause in zip(pieces, pauses_ms, strict=True):
        starts.append(place)
        fade = min(_samples(FADE_MS), len(piece))
        place += len(piece) + _samples(pause) - (fade if not pause else 0)
    length = max(start + len(piece) for start, piece in zip(starts, pieces, strict=True))
    length += _samples(pauses_ms[-1])
    sound, power = np.zeros(length, np.float32), np.zeros(length, np.float32)
    for start, piece in zip(starts, pieces, strict=True):
        shape = _faded(len(piece))
        sound[start : start + len(piece)] += piece * shape
        power[start : start + len(piece)] += shape**2
    return _Laid(sound, np.minimum(power, 1.0))


def _faded(length: int) -> Chunk:
    """1 with a rise and a fall whose squares sum to 1 with those of a neighbour."""
    shape = np.ones(length, np.float32)
    fade = min(_samples(FADE_MS), length // 2)
    if fade:
        rise = np.sin(np.linspace(0, np.pi / 2, fade, endpoint=False, dtype=np.float32))
        shape[:fade] = rise
        shape[length - fade :] = np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
    return shape


def _with_room(laid: _Laid, tone: Chunk) -> Chunk:
    if not len(tone):
        return laid.samples
    bed = _endless(tone, len(laid.samples))
    room: Chunk = laid.samples + bed * np.sqrt(1 - laid.filled)
    return room


def _room_tone(pieces: Sequence[Chunk]) -> Chunk:
    """The quietest stretch between speech that is long enough; else faint noise of its level."""
    best: tuple[float, Chunk] | None = None
    quiet: list[float] = []
    for piece in pieces:
        frames = frame_levels(piece)
        if not len(frames):
            continue
        quiet.append(noise_level(frames))
        for first, end in _gaps(frames):
            level = float(frames[first:end].mean())
            if best is None or level < best[0]:
                best = (level, piece[_frame(first) : _frame(end)])
    if best is not None and _QUIETEST_ROOM_DB < best[0] < _LOUDEST_ROOM_DB:
        return best[1]
    level = min(max(float(np.median(quiet or [FLOOR_DB])), FLOOR_DB), _LOUDEST_ROOM_DB)
    return _faint_noise(level)


def _gaps(frames: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Frames without speech, in stretches long enough for a room's tone."""
    spans = spans_of(frames, breath_ms=0)
    edges = [0, *(edge for span in spans for edge in span), len(frames)]
    stretches = zip(edges[::2], edges[1::2], strict=True)
    kept = ((first + 1, end - 1) for first, end in stretches)
    return [(f, e) for f, e in kept if (e - f) * FRAME_MS >= _LEAST_TONE_MS]


def _faint_noise(level_db: float) -> Chunk:
    if level_db <= _QUIETEST_ROOM_DB:
        return np.zeros(0, np.float32)
    noise = np.random.default_rng(0).standard_normal(RATE // 2).astype(np.float32)
    soft = np.convolve(noise, np.ones(8, np.float32) / np.float32(8**0.5), mode="same")
    return (soft * np.float32(10 ** (level_db / 20))).astype(np.float32)


def _endless(tone: Chunk, length: int) -> Chunk:
    """The tone for as long as needed: overlapping grains from changing places, no loop heard."""
    grain = min(_samples(_GRAIN_MS), len(tone)) // 2 * 2
    step = grain // 2
    shape = np.sin(np.pi * (np.arange(grain, dtype=np.float32) + 0.5) / grain)
    bed = np.zeros(length + grain, np.float32)
    choose = np.random.default_rng(1)
    for start in range(0, length, step):
        place = int(choose.integers(0, len(tone) - grain + 1))
        bed[start : start + grain] += tone[place : place + grain] * shape
    return bed[step : step + length] if length + step <= len(bed) else bed[:length]


def _samples(milliseconds: int) -> int:
    return milliseconds * RATE // 1000


def _frame(number: int) -> int:
    return number * FRAME_MS * RATE // 1000
