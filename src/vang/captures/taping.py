"""From the sources to a file, in time. No database.

What was taped stays when the process dies: each process of a capture writes a part of its own, and
the parts are put together when its time is over.
"""

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from vang.base import clock
from vang.relays.carrying import Carrier, Giving, in_time, told_of
from vang.relays.tuning import RATE, Block
from vang.voice import opus
from vang.voice.sound import RATE as HZ
from vang.voice.sound import Chunk

BIT_RATE = 64_000
"""Bits per second: music as well; an hour is 29 MB."""


@dataclass
class Told:
    """``changes`` as rows keep them."""

    changes: list[list[str | None]] = field(default_factory=list)
    blocks: int = 0


class Tape:
    """One part: Ogg Opus that can be read as far as it was written."""

    def __init__(self, file: Path) -> None:
        self._file = av.open(str(file), "w", format="ogg", options={"flush_packets": "1"})
        self._stream: Any = self._file.add_stream("libopus", rate=RATE, layout="mono")
        self._stream.bit_rate = BIT_RATE
        self._at = 0

    def write(self, block: Block) -> None:
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(block.reshape(1, -1)), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += len(block)
        self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))
        self._file.close()


def tape(
    sources: Mapping[str, Giving],
    times: tuple[datetime, datetime],
    file: Path,
    told: Told,
    over: threading.Event,
) -> None:
    """From the first of ``times`` to the second, or until ``over``.

    ``sources`` by name, best first. Where none is well nothing is written: the recording becomes
    shorter by that.
    """
    begins, ends = times
    carrier, part = Carrier(list(sources.values()), now=clock.now().timestamp()), Tape(file)
    try:
        for due, block in in_time(carrier, ends, over):
            if block is not None and due >= begins:
                part.write(block)
                told.blocks += 1
    finally:
        told.changes = told_of(carrier.changes, list(sources))
        part.close()


def put_together(parts: Sequence[Path]) -> tuple[bytes, int]:
    """The recording and its length (ms); (b"", 0) when nothing was taped."""
    length = 0

    def counted() -> Iterator[Chunk]:
        nonlocal length
        for chunk in itertools.chain.from_iterable(_read(one) for one in parts):
            length += len(chunk)
            yield chunk

    sound = opus.encode(counted(), BIT_RATE)
    return (sound, length * 1000 // HZ) if length else (b"", 0)


def _read(part: Path) -> Iterator[Chunk]:
    """As far as it goes: the last page of a process that died may be cut."""
    try:
        yield from opus.decode(part.read_bytes())
    except (av.error.FFmpegError, OSError, IndexError):
        return
