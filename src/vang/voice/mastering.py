"""From raw speech to a file that may be published: level, encode, decode, measure, decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from vang.voice import opus
from vang.voice.failures import LoudnessOutOfTolerance, NoSignal
from vang.voice.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS, Loudness, levelled, measure
from vang.voice.sound import RATE, Chunk, Sound

_FURTHER_ROUNDS = 7
_CLOSE_LU = 0.3
_PEAK_MARGIN_DB = 0.1
_FIRST_CEILING_DBTP = -3.6  # Opus at 24 kbit/s overshoots the limiter by one to two dB
_LARGEST_STEP_DB = 12.0
_SMALLEST_STEP_DB = 0.05
_FIRST_SLOPE = 0.75
_LEAST_SLOPE = 0.25


@dataclass(frozen=True)
class Mastered:
    """An Ogg Opus file with the loudness measured on its own decoded samples."""

    opus: bytes
    loudness: Loudness
    duration_ms: int


@dataclass(frozen=True)
class _Setting:
    gain_db: float
    ceiling_dbtp: float


def master(sound: Sound) -> Mastered:
    """Bring ``sound`` to −16 LUFS ±1 and at most −2 dBTP, measured after encoding.

    The codec itself changes loudness (up to one LU on formant speech) and peaks, so the
    setting is corrected from what the decoder gives back.

    Raises NoSignal for silence and LoudnessOutOfTolerance when no round came near enough.
    """
    source = measure(sound())
    if not source.has_signal():
        raise NoSignal(f"{source.lufs:.1f} LUFS")
    setting = _Setting(TARGET_LUFS - source.lufs, _FIRST_CEILING_DBTP)
    best = made = _encoded(sound, setting)
    slope = _FIRST_SLOPE
    for _ in range(_FURTHER_ROUNDS):
        if _is_close(best.loudness):
            break
        before, setting = (setting, made.loudness), _corrected(setting, made.loudness, slope)
        made = _encoded(sound, setting)
        best = min(best, made, key=_distance)
        slope = _slope(before, (setting, made.loudness))
    if not best.loudness.is_acceptable():
        raise LoudnessOutOfTolerance(best.loudness.lufs, best.loudness.true_peak_dbtp)
    return best


def _encoded(sound: Sound, setting: _Setting) -> Mastered:
    content = opus.encode(levelled(sound(), setting.gain_db, setting.ceiling_dbtp))
    samples = 0

    def counted() -> Iterator[Chunk]:
        nonlocal samples
        for chunk in opus.decode(content):
            samples += len(chunk)
            yield chunk

    loudness = measure(counted())
    return Mastered(content, loudness, round(1000 * samples / RATE))


def _is_close(loudness: Loudness) -> bool:
    return loudness.is_acceptable() and abs(loudness.lufs - TARGET_LUFS) <= _CLOSE_LU


def _distance(made: Mastered) -> tuple[bool, float]:
    return not made.loudness.is_acceptable(), abs(made.loudness.lufs - TARGET_LUFS)


def _corrected(setting: _Setting, got: Loudness, slope: float) -> _Setting:
    step = (TARGET_LUFS - got.lufs) / slope
    excess = got.true_peak_dbtp - PEAK_LIMIT_DBTP
    lower = excess + _PEAK_MARGIN_DB if excess > 0 else 0.0
    return _Setting(
        setting.gain_db + max(-_LARGEST_STEP_DB, min(_LARGEST_STEP_DB, step)),
        setting.ceiling_dbtp - lower,
    )


def _slope(before: tuple[_Setting, Loudness], after: tuple[_Setting, Loudness]) -> float:
    """LU gained for a decibel more of gain: below 1 where the limiter already works hard."""
    gain = after[0].gain_db - before[0].gain_db
    if abs(gain) < _SMALLEST_STEP_DB:
        return _FIRST_SLOPE
    found = (after[1].lufs - before[1].lufs) / gain
    return max(_LEAST_SLOPE, min(1.0, found))
