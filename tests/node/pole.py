"""A loudspeaker pole: a node in a process of its own, with what it wrote and what was heard."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from tests.node.town import Town, utc_now
from vang_node.home import Home
from vang_node.journal import lines_after
from vang_node.sinks import Block
from vang_protocol.journals import Record, verify_chain
from vang_protocol.plans import PlanItem

COMMAND = [sys.executable, "-m", "vang_node.cli"]
PATIENCE_S = 60.0
HEAD_S = 0.5
RATE = 48_000


class Pole:
    """A loudspeaker pole: a folder and, when switched on, a process."""

    def __init__(self, town: Town, root: Path) -> None:
        self.town, self.home = town, Home(root / "node")
        self.log = root / "log"
        self.process: subprocess.Popen[bytes] | None = None
        town.codes["K7QF"] = "c1"
        answer = self.call("enrol", "--server", town.url, "--code", "K7QF")
        assert answer.returncode == 0, answer.stderr

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, *arguments, "--home", str(self.home.root)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def switch_on(self, *, largest_file: int | None = None) -> None:
        sink = f"wav:{self.home.root / 'capture'}"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "run", "--home", str(self.home.root), "--sink", sink],
                stderr=log,
                env={**os.environ, "PYTHONFAULTHANDLER": "1"},
            )
        if largest_file is not None:
            limit = (largest_file, largest_file)
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, limit)

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self.process = None
        return code

    def last_words(self) -> str:
        """The end of its log and, where it still runs, what each of its threads was doing."""
        if self.process is not None:
            self.kill(signal.SIGABRT)
        return self.log.read_text()[-12_000:]

    def records(self) -> list[Record]:
        return verify_chain(lines_after(self.home.journal, 0), node="n1")

    def all_of(self, kind: type) -> list[object]:
        return [record.event for record in self.records() if isinstance(record.event, kind)]

    def recording(self, item: PlanItem | str) -> tuple[Block, int]:
        """The sound kept of a play (or of its id) and the instant (µs) of its first sample."""
        name = item if isinstance(item, str) else item.id
        (wav,) = (self.home.root / "capture").glob(f"*-{name}.wav")
        note = json.loads(wav.with_suffix(".jsonl").read_text().splitlines()[-1])
        samples = array("h", wav.read_bytes()[44:])
        return samples, note["wall_us"] - note["sample"] * 1_000_000 // RATE


def until(done: Callable[[], object], pole: Pole) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, pole.last_words()
        time.sleep(0.1)


def best_match(sound: Block, clip: Block) -> tuple[int, float]:
    """Where ``clip`` lies in ``sound``, and how alike the two are there (0 to 1)."""
    a, b = np.array(sound, float), np.array(clip, float)
    size = 1 << (len(a) + len(b)).bit_length()
    found = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)[: len(a)]
    lag = int(np.argmax(found))
    piece = a[lag : lag + len(b)]
    return lag, float(found[lag] / (np.linalg.norm(piece) * np.linalg.norm(b) + 1))


def in_seconds(seconds: float) -> datetime:
    return utc_now() + timedelta(seconds=seconds)
