"""Files of an office read in a process of their own, within limits, or refused."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.verdicts import Reading, from_verdict

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost: time by the clock and of the processor (s), memory (bytes), letters.

    A report of 500 pages takes about 10 s and 300 MB.
    """

    wall_s: float = 180
    cpu_s: int = 120
    memory: int = 1_500_000_000
    letters: int = 5_000_000


DEFAULT_LIMITS = Limits()


def read_file(
    path: Path, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None
) -> Reading:
    """Safe to call on a hostile file. Raises Unreadable."""
    # Without -I a module in the current folder could take the place of one of the reader's.
    command = [sys.executable, "-I", "-m", "vang.library.formats.process", str(path)]
    command += [str(limits.cpu_s), str(limits.memory), str(limits.letters)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        clock = threading.Timer(limits.wall_s, process.kill)
        clock.start()
        try:
            verdict = _verdict(process.stdout, progress) if process.stdout else None
            process.wait()
            late = not clock.is_alive()
        finally:
            clock.cancel()
            process.kill()
            process.communicate()
        if verdict is None:
            raise _death(process.returncode, late=late, errors=errors)
    return from_verdict(verdict)


def read_bytes(
    content: bytes, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None
) -> Reading:
    """The same for a file that is only in memory. Raises Unreadable."""
    with tempfile.NamedTemporaryFile(prefix="vang-reading-") as file:
        file.write(content)
        file.flush()
        return read_file(Path(file.name), limits, progress)


def _verdict(output: IO[bytes], progress: Progress | None) -> dict[str, Any] | None:
    for line in output:
        try:
            told = json.loads(line)
        except ValueError:
            return None
        if "total" not in told:
            return dict(told)
        if progress is not None:
            progress(told["done"], told["total"])
    return None


def _death(status: int, *, late: bool, errors: IO[bytes]) -> Unreadable:
    """The process's death counts against the file, not against us."""
    errors.seek(0)
    told = errors.read(65_536).decode(errors="replace").strip().rpartition("\n")[2]
    if late or status == -24:  # SIGXCPU
        return Unreadable(Code.TOO_SLOW, f"status {status}")
    return Unreadable(Code.DAMAGED, f"the reader ended with status {status}: {told}")
