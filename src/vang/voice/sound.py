"""Samples in memory and on disk: the shapes every part of the voice room passes around."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
"""Samples per second of everything after an engine or a decoder (Opus works at 48 kHz)."""

Chunk = NDArray[np.float32]
"""A piece of mono sound, full scale ±1.0."""

Sound = Callable[[], Iterator[Chunk]]
"""A sound at ``RATE`` that can be walked through again from its beginning."""

_SPOOL_BYTES = 4 * RATE


@dataclass(frozen=True)
class Pcm:
    """Mono float32 samples (full scale ±1.0) at ``rate`` samples per second."""

    samples: Chunk
    rate: int

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.samples) / self.rate)


def silence(duration_ms: int, rate: int = RATE) -> Chunk:
    """``duration_ms`` of digital silence."""
    return np.zeros(duration_ms * rate // 1000, dtype=np.float32)


def in_pieces(samples: Chunk, size: int = RATE) -> Iterator[Chunk]:
    """The same samples, at most ``size`` at a time."""
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


@contextmanager
def spooled(chunks: Iterable[Chunk], folder: Path | None = None) -> Iterator[Sound]:
    """Keep a long sound on disk instead of in memory, so that it can be walked several times.

    The file has no name: nothing is left behind when the process is killed.
    """
    with tempfile.TemporaryFile(dir=folder) as spool:
        for chunk in chunks:
            spool.write(np.ascontiguousarray(chunk, dtype=np.float32).tobytes())
        spool.flush()

        def walk() -> Iterator[Chunk]:
            place = 0
            while piece := os.pread(spool.fileno(), _SPOOL_BYTES, place):
                yield np.frombuffer(piece, dtype=np.float32)
                place += len(piece)

        yield walk
