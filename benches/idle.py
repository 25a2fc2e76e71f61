"""What an idle installation costs: memory of the server's processes, and the second start.

Promise: pages, worker, push process and supervisor together at most 400 MB when idle.
Prints one JSON line.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vang.installation.preflight import free_port

TARGET_MB = 400
SETTLE_S = 20


def started(data: Path) -> tuple[subprocess.Popen[str], float]:
    """A running installation without nodes, and the seconds it took to be ready."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "vang.cli", "run", "--data", str(data)),
            *("--nodes", "0", "--port", str(free_port("127.0.0.1"))),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready:"):
            return process, time.monotonic() - begun
    raise SystemExit("the installation did not start")


def descendants(pid: int) -> list[int]:
    """The process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in descendants(int(child)))]


def memory_mb(pid: int) -> dict[str, float | str]:
    """Resident and proportional size of one process."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rollup[1:]}
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    name = next((w for w in ("granian", "worker", "link", "run") if w in words), "other")
    return {"process": name, "rss_mb": round(sizes["Rss"], 1), "pss_mb": round(sizes["Pss"], 1)}


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def main() -> None:
    """Start twice: the first makes the data folder, the second is what an officer waits for."""
    os.environ.pop("VANG_DATA", None)
    with tempfile.TemporaryDirectory() as folder:
        first, first_s = started(Path(folder))
        stop(first)
        second, second_s = started(Path(folder))
        time.sleep(SETTLE_S)
        each = [memory_mb(pid) for pid in descendants(second.pid)]
        stop(second)
    total = sum(float(one["rss_mb"]) for one in each)
    print(
        json.dumps(
            {
                "bench": "idle",
                "server_rss_mb": round(total, 1),
                "server_pss_mb": round(sum(float(one["pss_mb"]) for one in each), 1),
                "target_mb": TARGET_MB,
                "within_target": total <= TARGET_MB,
                "first_start_s": round(first_s, 2),
                "second_start_s": round(second_s, 2),
                "processes": each,
            }
        )
    )


if __name__ == "__main__":
    main()
