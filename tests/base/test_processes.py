"""Processes that the worker begins: again when they die, ever more rarely, and honest about why."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.link.conftest import wait_until
from vang.base.processes import Processes, work_while

NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)


def test_one_that_dies_again_and_again_is_begun_ever_more_rarely() -> None:
    """There is no such word, so each ends at once."""
    processes = Processes("no-such-word")

    def kept(after_s: float) -> int:
        begun = processes.keep([1], now=NOW + timedelta(seconds=after_s))
        processes.running[1].process.wait(60)
        return begun

    assert [kept(at) for at in (0, 0, 0, 4, 5, 5, 14, 15, 15, 34, 35)] == [
        *(1, 1),  # at once
        *(0, 0, 1),  # after 5 s
        *(0, 0, 1),  # after 10 s more
        *(0, 0, 1),  # after 20 s more
    ]
    assert processes.keep([], now=NOW) == 0
    assert processes.running == {}


def test_what_the_work_raised_is_raised() -> None:
    def work(_over: threading.Event) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        work_while(lambda: True, work)


def test_what_is_no_longer_wanted_is_told_to_end() -> None:
    seen: list[bool] = []
    work_while(lambda: False, lambda over: seen.append(over.wait(60)))
    assert seen == [True]


@pytest.mark.django_db
def test_a_database_that_does_not_answer_ends_nothing() -> None:
    from django.db import OperationalError

    asked = threading.Event()

    def wanted() -> bool:
        asked.set()
        raise OperationalError("gone")

    seen: list[bool] = []
    work_while(wanted, lambda over: seen.append(asked.wait(60) and not over.wait(0.5)))
    assert seen == [True]


_CHILD = """
from vang.base.processes import work_while
work_while(lambda: True, lambda over: over.wait(300))
"""
_WORKER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]])
print(child.pid, flush=True)
child.wait()
"""


def test_what_a_worker_began_ends_when_the_worker_is_killed() -> None:
    """Else two of them would do the same work, the old one out of reach."""
    line = [sys.executable, "-c", _WORKER, _CHILD]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        child = int(worker.stdout.readline())
        wait_until(lambda: _follows(child), within_s=60)
        worker.kill()
    wait_until(lambda: _gone(child), within_s=30)


def _follows(pid: int) -> bool:
    """It catches SIGTERM, so it has begun."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(one for one in status.splitlines() if one.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) & 1 << signal.SIGTERM - 1)


def _gone(pid: int) -> bool:
    """Or dead and not yet buried by the new parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
