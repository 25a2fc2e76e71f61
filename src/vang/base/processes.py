"""A process of its own for each piece of work that lasts a while: begun when it is due, begun again
when it died, never two at once."""

import ctypes
import fcntl
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOOK_EVERY_S = 2.0
_PR_SET_PDEATHSIG = 1
_ENDINGS = (signal.SIGTERM, signal.SIGINT)


class Processes:
    """``vang WORD KEY`` for each key that is wanted; for one thread of the worker."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    def keep(self, wanted: Collection[int]) -> int:
        """Begin those that do not run; how many began. Those no longer wanted end by themselves."""
        begun = 0
        for key in wanted:
            process = self.running.get(key)
            if process is None or process.poll() is not None:
                words = (sys.executable, "-m", "vang.cli", self._word, str(key))
                self.running[key] = subprocess.Popen(words, stdin=subprocess.DEVNULL)
                begun += 1
        for key in [key for key, one in self.running.items() if one.poll() is not None]:
            del self.running[key]
        return begun


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
    """Do the work on a thread; its event is set when it is no longer wanted, when the process is
    told to end, and when the worker that began it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    over = threading.Event()
    before = [(one, signal.signal(one, lambda *_: over.set())) for one in _ENDINGS]
    thread = threading.Thread(target=work, args=(over,), name="work")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(LOOK_EVERY_S)
            if thread.is_alive() and not wanted():
                over.set()
    finally:  # also when it cannot be asked any more
        over.set()
        thread.join()
        for number, handler in before:
            signal.signal(number, handler)
