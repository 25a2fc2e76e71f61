"""A capture sink: paces itself by the clock like a sound card and keeps what was played.

For every play it writes ``<time>-<item>.wav``, from one second before to one second after, and
beside it ``….jsonl`` with the instants of samples: ``{"sample": n, "mono_us": …, "wall_us": …}``
says when sample ``n`` of the file was heard, at the beginning and after every interruption.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from vang_node import RATE
from vang_node.readings import mono_us, wall_us
from vang_node.scale import span_us
from vang_node.sinks import BLOCK, BUFFERED, Block, SinkFailed

MARGIN = RATE
"""Samples kept before and after a play."""
HEADER_EVERY = RATE


class WavSink:
    """A virtual sound card of 200 ms that records into ``folder``."""

    def __init__(
        self,
        folder: Path,
        *,
        keep_bytes: int,
        now_us: Callable[[], int] = mono_us,
        civil_us: Callable[[], int] = wall_us,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = f"wav:{folder}"
        self.xruns = 0
        self._folder, self._keep_bytes = folder, keep_bytes
        self._now_us, self._civil_us, self._sleep = now_us, civil_us, sleep
        self._zero_us = 0
        self._running = False
        self._position = 0
        self._before: deque[Block] = deque(maxlen=MARGIN // BLOCK)
        self._label: str | None = None
        self._after = 0
        self._take: Take | None = None

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SinkFailed(f"{self._folder}: {error}") from error
        self._running, self._position = False, 0
        self._before.clear()

    def delay(self) -> int:
        return max(0, self._position - self._played())

    def write(self, block: Block) -> None:
        self._restart_if_dry()
        while self._position + len(block) - self._played() > BUFFERED:
            excess = self._position + len(block) - self._played() - BUFFERED
            self._sleep(max(0.001, excess / RATE))
        try:
            self._keep(block)
        except OSError as error:
            raise SinkFailed(f"the recording cannot be written: {error}") from error
        self._position += len(block)

    def label(self, name: str | None) -> None:
        if name is None:
            self._after = MARGIN
        self._label = name

    def close(self) -> None:
        if self._take is not None:
            self._take.close()
            self._take = None

    def _played(self) -> int:
        if not self._running:
            return 0
        return (self._now_us() - self._zero_us) * RATE // 1_000_000

    def _restart_if_dry(self) -> None:
        """A card that ran dry stood still; what comes now is heard from now on."""
        if not self._running:
            self._zero_us, self._running = self._now_us(), True
        elif self._played() > self._position:
            self.xruns += 1
            self._zero_us = self._now_us() - span_us(self._position)
            if self._take is not None:
                self._take.note(*self._instants(self._position))

    def _keep(self, block: Block) -> None:
        if self._label is not None and self._take is None:
            self._begin_take(self._label)
        if self._take is None:
            self._before.append(block)
            return
        self._take.write(block)
        if self._label is None:
            self._end_take_after(len(block))

    def _begin_take(self, label: str) -> None:
        prune(self._folder, self._keep_bytes)
        before = sum(map(len, self._before))
        instants = self._instants(self._position - before)
        self._take = Take(self._folder, label, instants)
        for block in self._before:
            self._take.write(block)
        self._before.clear()

    def _end_take_after(self, count: int) -> None:
        self._after -= count
        if self._after <= 0:
            self.close()

    def _instants(self, sample: int) -> tuple[int, int]:
        """When ``sample`` is heard, on the monotonic and on the system clock."""
        heard_us = self._zero_us + span_us(sample)
        return heard_us, heard_us + self._civil_us() - self._now_us()


class Take:
    """One recording: a WAV file whose header is right even if the power goes."""

    def __init__(self, folder: Path, label: str, instants: tuple[int, int]) -> None:
        moment = datetime.fromtimestamp(instants[1] / 1_000_000, UTC)
        path = _free_name(folder, f"{moment:%Y%m%dT%H%M%SZ}-{label}")
        self._wav: IO[bytes] = path.open("wb")
        self._notes = path.with_suffix(".jsonl").open("w", encoding="utf-8")
        self._samples = 0
        self._wav.write(wav_header(0))
        self.note(*instants)

    def note(self, heard_us: int, civil_us: int) -> None:
        entry = {"sample": self._samples, "mono_us": heard_us, "wall_us": civil_us}
        self._notes.write(json.dumps(entry) + "\n")
        self._notes.flush()

    def write(self, block: Block) -> None:
        self._wav.write(block.tobytes())
        self._samples += len(block)
        if self._samples % HEADER_EVERY < len(block):
            self._mend_header()

    def close(self) -> None:
        self._mend_header()
        self._wav.close()
        self._notes.close()

    def _mend_header(self) -> None:
        self._wav.seek(0)
        self._wav.write(wav_header(self._samples))
        self._wav.seek(0, 2)
        self._wav.flush()


def wav_header(samples: int) -> bytes:
    """RIFF header of 16-bit mono at 48 kHz."""
    size = 2 * samples
    return b"".join(
        (
            b"RIFF",
            (36 + size).to_bytes(4, "little"),
            b"WAVEfmt \x10\0\0\0\x01\0\x01\0",
            RATE.to_bytes(4, "little"),
            (2 * RATE).to_bytes(4, "little"),
            b"\x02\0\x10\0data",
            size.to_bytes(4, "little"),
        )
    )


def prune(folder: Path, keep_bytes: int) -> None:
    """Remove the oldest recordings until the rest is within ``keep_bytes``."""
    takes = sorted(folder.glob("*.wav"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in takes)
    for path in takes:
        if total <= keep_bytes:
            return
        total -= path.stat().st_size
        path.unlink()
        path.with_suffix(".jsonl").unlink(missing_ok=True)


def _free_name(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.wav", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.wav", number + 1
    return path
