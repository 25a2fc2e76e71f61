"""From raw speech to a file that may be published: level, encode, decode, measure, decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from vang.voice import opus
from vang.voice.failures import LoudnessOutOfTolerance, NoSignal
from vang.voice.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS, Loudness, levelled, measure
from vang.voice.sound import RATE, Chunk, Sound

_ROUNDS = 8
_CLOSE_LU = 0.5
_CLOSE_ENOUGH_LU = 0.8  # for long sounds, where a round takes minutes
_RARE_PEAK_DB = 0.6  # the highest peak of the whole is seldom in the excerpts
_PEAK_MARGIN_DB = 0.3
_FIRST_CEILING_DBTP = -3.8  # Opus at 24 kbit/s overshoots the limiter by one to two dB
_LARGEST_STEP_DB = 12.0
_SMALLEST_STEP_DB = 0.05
_FIRST_SLOPE = 0.75
_LEAST_SLOPE = 0.25
_EXCERPT_EVERY = 6  # of so many seconds one is heard
_EXCERPT_FROM_S = 120


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


@dataclass(frozen=True)
class _Round:
    setting: _Setting
    made: Mastered

    @property
    def loudness(self) -> Loudness:
        return self.made.loudness

    @property
    def distance(self) -> tuple[bool, float]:
        """Orders rounds: what may be published first, then the nearest to the target."""
        return not self.loudness.is_acceptable(), abs(self.loudness.lufs - TARGET_LUFS)


def master(sound: Sound) -> Mastered:
    """Bring ``sound`` to −16 LUFS ±1 and at most −2 dBTP, measured after encoding.

    The codec itself changes loudness (up to one LU on formant speech) and peaks, so the
    setting is corrected from what the decoder gives back; for long sounds first on excerpts.

    Raises NoSignal for silence and LoudnessOutOfTolerance when no round came near enough.
    """
    source, seconds = _measured(sound)
    if not source.has_signal():
        raise NoSignal(f"{source.lufs:.1f} LUFS")
    setting = _first_setting(source)
    if seconds > _EXCERPT_FROM_S:
        learnt = _settled(lambda: _excerpts(sound), setting, _CLOSE_LU).setting
        setting = _Setting(learnt.gain_db, learnt.ceiling_dbtp - _RARE_PEAK_DB)
        best = _settled(sound, setting, _CLOSE_ENOUGH_LU).made
    else:
        best = _settled(sound, setting, _CLOSE_LU).made
    if not best.loudness.is_acceptable():
        raise LoudnessOutOfTolerance(best.loudness.lufs, best.loudness.true_peak_dbtp)
    return best


def _settled(sound: Sound, setting: _Setting, close_lu: float) -> _Round:
    """The first round that is close, or the best of all allowed."""
    last = best = _Round(setting, _encoded(sound, setting))
    slope = _FIRST_SLOPE
    for _ in range(_ROUNDS - 1):
        if best.distance <= (False, close_lu):
            break
        setting = _corrected(last, slope)
        before, last = last, _Round(setting, _encoded(sound, setting))
        best = min(best, last, key=lambda one: one.distance)
        slope = _slope(before, last)
    return best


def _measured(sound: Sound) -> tuple[Loudness, float]:
    """Loudness and length in seconds, in one walk."""
    samples = 0

    def counted() -> Iterator[Chunk]:
        nonlocal samples
        for chunk in sound():
            samples += len(chunk)
            yield chunk

    loudness = measure(counted())
    return loudness, samples / RATE


def _excerpts(sound: Sound) -> Iterator[Chunk]:
    """One second of every few: enough to learn how the limiter and the codec take this voice."""
    return (chunk for second, chunk in enumerate(sound()) if second % _EXCERPT_EVERY == 0)


def _encoded(sound: Sound, setting: _Setting) -> Mastered:
    content = opus.encode(levelled(sound(), setting.gain_db, setting.ceiling_dbtp))
    loudness, seconds = _measured(lambda: opus.decode(content))
    return Mastered(content, loudness, round(1000 * seconds))


def _first_setting(source: Loudness) -> _Setting:
    """The plain gain, and more where the limiter will take much of it away again."""
    gain = TARGET_LUFS - source.lufs
    cut = source.true_peak_dbtp + gain - _FIRST_CEILING_DBTP
    return _Setting(gain + 0.4 * max(0.0, cut - 1.5), _FIRST_CEILING_DBTP)


def _corrected(last: _Round, slope: float) -> _Setting:
    step = (TARGET_LUFS - last.loudness.lufs) / slope
    excess = last.loudness.true_peak_dbtp - PEAK_LIMIT_DBTP
    lower = excess + _PEAK_MARGIN_DB if excess > 0 else 0.0
    return _Setting(
        last.setting.gain_db + max(-_LARGEST_STEP_DB, min(_LARGEST_STEP_DB, step)),
        last.setting.ceiling_dbtp - lower,
    )


def _slope(before: _Round, after: _Round) -> float:
    """LU gained for a decibel more of gain: below 1 where the limiter already works hard."""
    gain = after.setting.gain_db - before.setting.gain_db
    if abs(gain) < _SMALLEST_STEP_DB:
        return _FIRST_SLOPE
    return max(_LEAST_SLOPE, min(1.0, (after.loudness.lufs - before.loudness.lufs) / gain))
