"""Speech-like sound for tests: syllables of a tone over the hiss of a room."""

import numpy as np

from vang.voice.sound import RATE, Chunk


def syllables(
    count: int,
    *,
    level_db: float = -15.0,
    room_db: float = -60.0,
    around_ms: int = 300,
    seed: int = 0,
) -> Chunk:
    """``count`` syllables of 180 ms with 60 ms between them, and room before and after."""
    draw = np.random.default_rng(seed)
    parts = [_quiet(around_ms)]
    for n in range(count):
        parts += [_syllable(180 + 40 * n % 90, level_db), _quiet(60)]
    parts.append(_quiet(around_ms - 60))
    speech = np.concatenate(parts)
    room = 10 ** (room_db / 20) * draw.standard_normal(len(speech))
    return (speech + room).astype(np.float32)


def sentences_read(counts: list[int], *, pause_ms: int = 500, **look: float) -> Chunk:
    """Sentences of so many syllables, one after the other."""
    halves = pause_ms // 2
    return np.concatenate(
        [syllables(n, around_ms=halves, seed=at, **look) for at, n in enumerate(counts)]  # type: ignore[arg-type]
    )


def _quiet(ms: int) -> Chunk:
    return np.zeros(ms * RATE // 1000, np.float32)


def _syllable(hertz: int, level_db: float) -> Chunk:
    t = np.arange(180 * RATE // 1000) / RATE
    swell = np.sqrt(np.abs(np.sin(np.pi * t / t[-1])))
    tone = sum(np.sin(2 * np.pi * hertz * k * t) / k for k in (1, 2, 3, 5, 8)) / 1.6
    return (10 ** (level_db / 20) * swell * tone).astype(np.float32)
