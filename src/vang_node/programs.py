"""The few programs of the system that a technician's command runs. Never what a server sent: the
names stand here, the arguments are typed by whoever stands at the device."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

KNOWN = frozenset({"nmcli", "journalctl"})


@dataclass(frozen=True)
class Ran:
    """How a program ended, and what it said, at most 4 KB of it."""

    code: int
    out: str
    error: str


def run(name: str, *arguments: str, told: str = "", within_s: float = 45.0) -> Ran | None:
    """Run it with ``told`` at its input; None when it is not installed."""
    if name not in KNOWN:
        raise ValueError(name)
    place = shutil.which(name)
    if place is None:
        return None
    line: Sequence[str] = [place, *arguments]
    try:
        done = subprocess.run(
            line, input=told, capture_output=True, text=True, errors="replace",
            timeout=within_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ran(124, "", f"{name}: no answer in {within_s:.0f} s")
    return Ran(done.returncode, done.stdout[-4096:], done.stderr[-4096:])
