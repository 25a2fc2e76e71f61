"""Máy nghe lại: an offline recogniser listens to a sound. A help, never a verdict.

The recogniser (``viet-asr``, Apache-2.0) carries its model and asks nobody outside. It runs in
a process of its own with limits on time and memory. Long sounds are cut at pauses: it tires over
long ones, and each part then has its place in the sound.
"""

import importlib.util
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np

from vang.voice.failures import EngineMissing
from vang.voice.filters import filtered
from vang.voice.levels import FRAME_MS, frame_levels, speech_spans
from vang.voice.sound import RATE, Chunk

LISTENER_RATE = 16_000
_MEMORY = 3_000_000_000  # address space; it resides in 0.3 GB
_CPU_S = 1_800
_LOADING_S = 60.0
_LONGEST_PART_S = 14
_AROUND_MS = 150
_BREATH_MS = 180


class ListenerFailed(Exception):
    """The recogniser's process died or took too long."""


@dataclass(frozen=True)
class Heard:
    """Words heard in one part of a sound (ms), lower case, numbers as words."""

    from_ms: int
    to_ms: int
    words: str


def listener_is_installed() -> bool:
    return importlib.util.find_spec("vietasr") is not None


class Listener:
    """The recogniser for the length of a ``with`` block; loading it takes a second or two."""

    def __init__(self) -> None:
        """Raises EngineMissing when the recogniser is not installed."""
        if not listener_is_installed():
            raise EngineMissing("the recogniser viet-asr is not installed")

    def __enter__(self) -> Self:
        command = [sys.executable, "-I", "-m", "vang.voice.hearing_process"]
        self._process = subprocess.Popen(
            [*command, str(_CPU_S), str(_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        try:
            self._answer(_LOADING_S)
        except ListenerFailed:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def hear(self, samples: Chunk) -> list[Heard]:
        """What is said in a sound at 48 kHz, part by part. Raises ListenerFailed."""
        return [
            Heard(first, last, words)
            for first, last in parts_to_hear(samples)
            if (words := self.words(samples[first * RATE // 1000 : last * RATE // 1000]))
        ]

    def words(self, samples: Chunk) -> str:
        """The words in one short sound at 48 kHz. Raises ListenerFailed."""
        content = _for_listener([samples]).tobytes()
        try:
            self._send(struct.pack("<I", len(content)) + content)
        except OSError as error:
            raise ListenerFailed(str(error)) from None
        return self._answer(30.0 + len(samples) / RATE).decode(errors="replace").strip()

    def _send(self, content: bytes) -> None:
        if self._process.stdin is None:
            raise ListenerFailed("no way to ask")
        view = memoryview(content)
        while view:
            view = view[self._process.stdin.write(view) :]

    def _answer(self, patience_s: float) -> bytes:
        deadline = time.monotonic() + patience_s
        (length,) = struct.unpack("<I", self._read(4, deadline))
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        content = b""
        while len(content) < length:
            left = max(0.0, deadline - time.monotonic())
            if (
                self._process.stdout is None
                or not select.select([self._process.stdout], [], [], left)[0]
            ):
                raise ListenerFailed("took too long")
            piece = self._process.stdout.read(length - len(content))
            if not piece:
                raise ListenerFailed(f"ended with status {self._process.wait()}")
            content += piece
        return content


def parts_to_hear(samples: Chunk) -> list[tuple[int, int]]:
    """(from, to) in ms: stretches of speech of at most 14 s, cut where the speaker pauses."""
    frames = frame_levels(samples)
    if not len(frames):
        return []
    duration_ms = 1000 * len(samples) // RATE
    packed: list[tuple[int, int]] = []
    for first, last in _short_spans(speech_spans(frames, breath_ms=_BREATH_MS)):
        longest = _LONGEST_PART_S * 1000 // FRAME_MS
        if packed and last - packed[-1][0] <= longest:
            packed[-1] = (packed[-1][0], last)
        else:
            packed.append((first, last))
    return [
        (max(0, f * FRAME_MS - _AROUND_MS), min(duration_ms, t * FRAME_MS + _AROUND_MS))
        for f, t in packed
    ]


def _short_spans(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Nobody speaks so long without a pause; music does."""
    longest = _LONGEST_PART_S * 1000 // FRAME_MS
    for first, last in spans:
        for start in range(first, last, longest):
            yield start, min(start + longest, last)


def _for_listener(chunks: Iterable[Chunk]) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    parts = list(filtered(chunks, [("aresample", str(LISTENER_RATE))]))
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return (samples.clip(-1, 1) * 32767).astype(np.int16)
