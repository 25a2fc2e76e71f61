"""Child processes that end with their parent, however the parent ends."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_KEEP_LOG = 10_000_000
_QUICK_DEATH_S = 10.0
_LONGEST_PAUSE_S = 30.0
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    """Runs in the child: the kernel sends SIGTERM when the parent is gone, even by SIGKILL."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to keep alive: ``name`` names its log file."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the parent."""
        with self._open_log() as output:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - only sets a kernel flag
            )
        self.started = time.monotonic()

    def _open_log(self) -> IO[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _KEEP_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def revive(self, at: float) -> str | None:
        """Restart it when it has died, more slowly each time it dies soon. Says what it did."""
        if self.process is None or self.process.poll() is None:
            return None
        if self.restart_at == 0.0:
            self.pause = self._next_pause(at)
            self.restart_at = at + self.pause
            code = self.process.returncode
            return f"{self.name} ended (code {code}), again in {self.pause:.0f} s; see {self.log}"
        if at >= self.restart_at:
            self.restart_at = 0.0
            self.start()
            return f"{self.name} restarted"
        return None

    def _next_pause(self, at: float) -> float:
        if at - self.started >= _QUICK_DEATH_S:
            return 1.0
        return min(max(1.0, self.pause * 2), _LONGEST_PAUSE_S)


def stop_all(children: Sequence[Child], *, patience_s: float = 8.0) -> None:
    """SIGTERM to all in reverse order of starting, SIGKILL to those that do not end in time."""
    for child in reversed(children):
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + patience_s
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{child.name} did not end; killed", file=sys.stderr)
            child.process.kill()
            child.process.wait()
