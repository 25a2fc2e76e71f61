"""Children are restarted when they die and end when their parent ends."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from vang.installation.processes import Child, stop_all


def child(tmp_path: Path, code: str) -> Child:
    return Child("sleeper", [sys.executable, "-c", code], dict(os.environ), tmp_path / "log")


def test_dead_child_is_restarted_after_a_pause_that_grows(tmp_path: Path) -> None:
    dying = child(tmp_path, "raise SystemExit(3)")
    dying.start()
    assert dying.process is not None
    dying.process.wait()
    told = dying.revive(dying.started + 1)
    assert told is not None
    assert "code 3" in told
    assert dying.revive(dying.started + 1.5) is None
    first = dying.process
    assert dying.revive(dying.started + 2) == "sleeper restarted"
    assert dying.process is not first
    dying.process.wait()
    dying.revive(dying.started + 1)
    assert dying.pause == 2.0


def test_living_child_is_left_alone_and_ends_on_request(tmp_path: Path) -> None:
    living = child(tmp_path, "import time; time.sleep(600)")
    living.start()
    assert living.process is not None
    assert living.revive(living.started + 60) is None
    stop_all([living])
    assert living.process.returncode == -signal.SIGTERM


def test_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(15, signal.SIG_IGN);"
        "print(1, flush=True); time.sleep(600)"
    )
    deaf = child(tmp_path, code)
    deaf.start()
    assert deaf.process is not None
    while b"1" not in (tmp_path / "log").read_bytes():
        assert deaf.process.poll() is None
    stop_all([deaf], patience_s=0.2)
    assert deaf.process.returncode == -signal.SIGKILL


def test_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import os, sys, time
                from pathlib import Path
                from vang.installation.processes import Child
                code = "import time; time.sleep(600)"
                child = Child("c", [sys.executable, "-c", code], dict(os.environ),
                              Path({str(tmp_path / "log")!r}))
                child.start()
                print(child.process.pid, flush=True)
                time.sleep(600)
            """),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    orphan = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    # A process file descriptor becomes readable when the process ends.

    readable, _, _ = select.select([orphan], [], [], 20)
    os.close(orphan)
    assert readable
