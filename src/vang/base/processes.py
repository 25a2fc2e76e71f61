"""A process of its own for each piece of work that lasts a while: begun when it is due, begun again
when it died, never two at once."""

import ctypes
import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, close_old_connections

LOG = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
LIVED = timedelta(minutes=1)
"""What lasted so long had begun well: after it nothing waits."""
AGAIN, LATEST = timedelta(seconds=5), timedelta(minutes=5)
_PR_SET_PDEATHSIG = 1
_ENDINGS = (signal.SIGTERM, signal.SIGINT)
_PARENT = "VANG_PARENT"


@dataclass
class Run:
    """``deaths``: how often in a row it ended soon after it began."""

    process: "subprocess.Popen[bytes]"
    began: datetime
    deaths: int = 0
    again: datetime | None = None


class Processes:
    """``vang WORD KEY`` for each key that is wanted; for one thread of the worker."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.running: dict[int, Run] = {}

    def keep(self, wanted: Collection[int], *, now: datetime) -> int:
        """Begin those that do not run; how many began. Those no longer wanted end by themselves.

        One that died is begun again at once, one that dies again and again ever more rarely.
        """
        begun = 0
        for key in wanted:
            run = self.running.get(key)
            if run is None or self._may_begin_again(run, now):
                self.running[key] = Run(self._begun(key), now, run.deaths if run else 0)
                begun += 1
        for key in [key for key, run in self.running.items() if key not in wanted]:
            if self.running[key].process.poll() is not None:
                del self.running[key]
        return begun

    def _begun(self, key: int) -> "subprocess.Popen[bytes]":
        words = (sys.executable, "-m", "vang.cli", self._word, str(key))
        environment = {**os.environ, _PARENT: str(os.getpid())}
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, env=environment)

    def _may_begin_again(self, run: Run, now: datetime) -> bool:
        if run.process.poll() is None:
            return False
        if run.again is None:
            run.deaths = 1 if now - run.began >= LIVED else run.deaths + 1
            wait = AGAIN * 2 ** min(run.deaths - 2, 10) if run.deaths > 1 else timedelta(0)
            run.again = now + min(wait, LATEST)
        return now >= run.again


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else on this computer does ``name`` now; a process that died holds nothing."""
    path = lock_of(name)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)


def lock_of(name: str) -> Path:
    folder: Path = settings.DATA / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.lock"


def work_while(wanted: Callable[[], bool], work: Callable[[threading.Event], object]) -> None:
    """Do the work on a thread, and raise what it raised.

    Its event is set when it is no longer wanted, when the process is told to end, and when the
    worker that began it dies. A database that does not answer for a moment ends nothing.
    """
    over, failed = threading.Event(), list[BaseException]()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    before = [(one, signal.signal(one, lambda *_: over.set())) for one in _ENDINGS]
    if os.environ.get(_PARENT, str(os.getppid())) != str(os.getppid()):
        over.set()  # it died before it could be followed

    def guarded() -> None:
        try:
            work(over)
        except Exception as error:  # noqa: BLE001 - raised below
            failed.append(error)

    thread = threading.Thread(target=guarded, name="work")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(LOOK_EVERY_S)
            if thread.is_alive() and not _still(wanted):
                over.set()
    finally:
        over.set()
        thread.join()
        for number, handler in before:
            signal.signal(number, handler)
    if failed:
        raise failed[0]


def _still(wanted: Callable[[], bool]) -> bool:
    try:
        return wanted()
    except Error as error:
        LOG.warning("The database does not answer: %s", error)
        close_old_connections()
        return True
