"""Recordings made by people: decoded in a process of their own, within limits, or refused."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from vang.voice.failures import RecordingRefused, RefusalCode
from vang.voice.sound import RATE, Chunk

_READ_BYTES = 4 * RATE


@dataclass(frozen=True)
class Limits:
    """What one recording may cost: bytes, length (s), processor time (s), memory (bytes)."""

    bytes: int = 200_000_000
    duration_s: int = 3600
    cpu_s: int = 180
    memory: int = 1_500_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class RecordingFacts:
    """What a recording is: container and codec as libav names them, length in ms, source rate."""

    container: str
    codec: str
    duration_ms: int
    channels: int
    rate: int


def inspect_recording(path: Path, limits: Limits = DEFAULT_LIMITS) -> RecordingFacts:
    """Decode the whole file and tell what it is; safe to call on a hostile one.

    Raises RecordingRefused.
    """
    _check_size(path, limits)
    with _decoder(path, limits, "inspect") as (process, verdict):
        process.wait()
        return _facts(process.returncode, verdict)


def decode_recording(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Chunk]:
    """The recording's samples, mixed to mono at ``RATE``.

    Raises RecordingRefused, for a cut file only after its last sample.
    """
    _check_size(path, limits)
    with _decoder(path, limits, "decode") as (process, verdict):
        while process.stdout and (piece := process.stdout.read(_READ_BYTES)):
            yield np.frombuffer(piece[: len(piece) // 4 * 4], dtype=np.float32)
        process.wait()
        _facts(process.returncode, verdict)


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise RecordingRefused(RefusalCode.EMPTY, "0 bytes")
    if size > limits.bytes:
        raise RecordingRefused(RefusalCode.TOO_LARGE, f"{size} of {limits.bytes} bytes")


@contextmanager
def _decoder(
    path: Path, limits: Limits, task: str
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The decoding process and the file for its verdict; both gone when the block ends."""
    # Without -I a module in the current folder could take the place of one of the decoder's.
    command = [sys.executable, "-I", "-m", "vang.voice.recording_process", task]
    command += [str(path), str(limits.duration_s), str(limits.cpu_s), str(limits.memory)]
    output = subprocess.PIPE if task == "decode" else subprocess.DEVNULL
    with tempfile.TemporaryFile() as verdict:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=verdict)
        try:
            yield process, verdict
        finally:
            process.kill()
            process.communicate()


def _facts(status: int, verdict: IO[bytes]) -> RecordingFacts:
    """What the process found; its death counts against the file, not against us."""
    verdict.seek(0)
    told = verdict.read(65_536).decode(errors="replace").strip().rpartition("\n")[2]
    if status != 0 or not told.startswith("{"):
        raise RecordingRefused(RefusalCode.DAMAGED, f"decoder ended with status {status}: {told}")
    found = json.loads(told)
    if "code" in found:
        raise RecordingRefused(RefusalCode(found["code"]), found["detail"])
    return RecordingFacts(**found)
