"""Talks to ``piper_process``: starts it when needed, waits no longer than allowed, ends it."""

import json
import select
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import numpy as np

from vang.voice.engines.piper_config import PiperConfig
from vang.voice.sound import Chunk

_MEMORY = 6_000_000_000  # address space; the model of a medium voice resides in 0.3 GB
_MOST_BYTES = 4 * 48_000 * 600


class RunnerFailed(Exception):
    """The process died, answered nonsense or took too long."""


class ModelRunner:
    """One process for one model. Not for use by several threads at once."""

    def __init__(
        self, model: Path, config: PiperConfig, *, threads: int = 1, timeout_s: float = 120
    ) -> None:
        scales = json.dumps([config.noise_scale, config.length_scale, config.noise_w])
        module = "vang.voice.engines.piper_process"
        self._command = [sys.executable, "-I", "-m", module, str(model), scales]
        self._command += [str(threads), str(_MEMORY)]
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def run(self, ids: list[int], speaker: int) -> Chunk:
        """Samples for one utterance. Raises RunnerFailed; the next call starts afresh."""
        try:
            process = self._process or self._started()
            self._send(process, json.dumps({"ids": ids, "speaker": speaker}))
            return np.frombuffer(self._answer(process), dtype=np.float32)
        except (OSError, RunnerFailed) as error:
            told = self._last_complaint()
            self.stop()
            raise RunnerFailed(f"{error}{told and ': ' + told}") from None

    def stop(self) -> None:
        """End the process; harmless when there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None

    def _started(self) -> subprocess.Popen[bytes]:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            bufsize=0,
        )
        self._answer(self._process)
        return self._process

    def _send(self, process: subprocess.Popen[bytes], line: str) -> None:
        if process.stdin is None:
            raise RunnerFailed("no way to ask")
        process.stdin.write(line.encode() + b"\n")

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        deadline = time.monotonic() + self._timeout_s
        (length,) = struct.unpack("<I", self._read(process, 4, deadline))
        if length > _MOST_BYTES or length % 4:
            raise RunnerFailed(f"an answer of {length} bytes")
        return self._read(process, length, deadline)

    def _read(self, process: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        if process.stdout is None:
            raise RunnerFailed("no way to listen")
        content = b""
        while len(content) < length:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([process.stdout], [], [], left)[0]:
                raise RunnerFailed(f"took over {self._timeout_s:.0f} s")
            piece = process.stdout.read(min(length - len(content), 1 << 16))
            if not piece:
                raise RunnerFailed(f"the voice's process ended with status {process.wait()}")
            content += piece
        return content

    def _last_complaint(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        return self._complaints.read(65_536).decode(errors="replace").strip().rpartition("\n")[2]
