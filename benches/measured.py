"""What a process used: processor, disk, wakings and bytes, in spans that can be added and scaled.

Parts of the bench of a node (node.py).
"""

import platform
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from idle import memory_mb
from live import cpu_s
from metered import Meter
from vang_node.home import Home
from vang_node.journal import lines_after
from vang_protocol.journals import parse_line


class Cost(dict[str, float]):
    """cpu_s, written (bytes), fsyncs, wakeups, seconds; and ``up PURPOSE``, ``down PURPOSE``
    (bytes) and ``times PURPOSE``. What is not there is 0."""

    def __missing__(self, name: str) -> float:
        return 0.0


def times(cost: Cost, factor: float) -> Cost:
    return Cost({name: value * factor for name, value in cost.items()})


def plus(*costs: Cost) -> Cost:
    total = Cost()
    for cost in costs:
        for name, value in cost.items():
            total[name] += value
    return total


def less(cost: Cost, other: Cost) -> Cost:
    return plus(cost, times(other, -1))


def rate(cost: Cost) -> Cost:
    """For each second."""
    return times(cost, 1 / cost["seconds"])


def beyond(cost: Cost, *usual: tuple[Cost, float]) -> Cost:
    """What it cost beside the rates that hold anyway, each for so many seconds. Less than nothing
    is chance, so nothing."""
    left = less(cost, plus(*(times(one, seconds) for one, seconds in usual)))
    return Cost({name: max(0.0, value) for name, value in left.items()})


@dataclass
class Device:
    """The node's process and all that is counted of it."""

    home: Home
    meter: Meter
    shown: Path
    process: "subprocess.Popen[bytes]"
    spans: dict[str, Cost] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)

    def read(self) -> Cost:
        pid = self.process.pid
        if self.process.poll() is not None:
            raise SystemExit(f"the node ended: {(self.home.root / 'log').read_text()[-2000:]}")
        found = Cost(
            {
                "seconds": time.monotonic(),
                "cpu_s": cpu_s(pid),
                "written": written_bytes(pid),
                "fsyncs": struct.unpack("@Q", self.shown.read_bytes()[:8])[0],
                "wakeups": wakeups(pid),
            }
        )
        for purpose, count in self.meter.read().items():
            found[f"up {purpose}"], found[f"down {purpose}"] = count.up, count.down
            found[f"times {purpose}"] = count.times
        return found

    def cut(self, name: str, since: Cost) -> Cost:
        """Keep what was used since then as ``name``; the reading of now."""
        now = self.read()
        self.spans[name] = less(now, since)
        told = memory_mb(self.process.pid)
        for kind in ("rss_mb", "pss_mb"):
            self.peak_mb[kind] = max(self.peak_mb.get(kind, 0.0), float(told[kind]))
        return now

    def events(self, kind: type[Any]) -> list[Any]:
        records = (parse_line(line) for line in lines_after(self.home.journal, 0))
        return [one.event for one in records if isinstance(one.event, kind)]


def written_bytes(pid: int) -> int:
    """What it gave to the disk, what was taken back before it came there left out."""
    told = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    return int(told["write_bytes"]) - int(told["cancelled_write_bytes"])


def wakeups(pid: int) -> int:
    """How often its threads slept and were woken."""
    count = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # that thread has just ended
            text = (task / "status").read_text()
            count += int(text.split("voluntary_ctxt_switches:")[1].split()[0])
    return count


def run_s(pid: int) -> float:
    """Seconds of processor that the threads of now have used, to the nanosecond: what is small
    is lost in the ticks of ``cpu_s``."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9


def peak_rss_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return round(int(text.split("VmHWM:")[1].split()[0]) / 1024, 1)


@dataclass
class Beside:
    """Another process and what it used in the same span."""

    process: "subprocess.Popen[bytes]"
    used: Cost = field(default_factory=Cost)
    memory: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def start(cls, program: str, *words: str) -> "Beside":
        here = Path(__file__).parent
        return cls(subprocess.Popen([sys.executable, "-c", program, *words], cwd=here))

    @contextmanager
    def measured(self) -> Iterator[None]:
        pid = self.process.pid
        before = run_s(pid), wakeups(pid)
        yield
        self.used = Cost({"cpu_s": run_s(pid) - before[0], "wakeups": wakeups(pid) - before[1]})
        self.memory = memory_mb(pid)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def beside(program: str, *words: str) -> Iterator[Beside]:
    """While another Python runs ``program``."""
    one = Beside.start(program, *words)
    try:
        yield one
    finally:
        one.end()


def ratio(node: Cost, other: Beside) -> float | None:
    """Processor of the node to that of the other, in the same span; None when that used none."""
    used = other.used["cpu_s"]
    return round(node["cpu_s"] / used, 2) if used else None


def traffic(cost: Cost) -> tuple[float, float]:
    """Bytes to the server and from it."""
    up = sum(value for name, value in cost.items() if name.startswith("up "))
    return up, sum(value for name, value in cost.items() if name.startswith("down "))


def percent(cost: Cost) -> float:
    return round(100 * cost["cpu_s"] / cost["seconds"], 2)


def until(done: Callable[[], bool], what: str, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not come in time")
        time.sleep(0.2)


def sleep_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def filesystem(folder: Path) -> str:
    told = subprocess.run(
        ["stat", "-f", "-c", "%T", str(folder)], check=True, capture_output=True, text=True
    )
    return told.stdout.strip()
