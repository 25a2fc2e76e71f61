"""A process for each relay, for as long as it lasts: what a stranger's stream does to its decoder
must not reach anything else, and nothing runs while nothing is relayed."""

import ctypes
import fcntl
import logging
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from vang.base import clock
from vang.carriages.services import carry_item
from vang.dispatch.models import PlannedItem

LOG = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
TUNED_AHEAD = timedelta(seconds=20)
"""The sources are listened to so long before: which of them is well is known at the start."""
LONGEST = timedelta(hours=3)
_PR_SET_PDEATHSIG = 1
_running: dict[int, "subprocess.Popen[bytes]"] = {}


def due(now: datetime) -> QuerySet[PlannedItem]:
    """Relays that are to be heard now or very soon."""
    near = PlannedItem.objects.filter(
        relay__isnull=False,
        withdrawn_at=None,
        start__lte=now + TUNED_AHEAD,
        start__gt=now - LONGEST,
    )
    return near.select_related("unit", "relay").order_by("start", "pk")


def begin_due(*, now: datetime) -> int:
    """Called by the worker every few seconds. One that died is begun again. How many began."""
    begun = 0
    for item in due(now):
        process = _running.get(item.pk)
        if now < _ends(item) and (process is None or process.poll() is not None):
            words = (sys.executable, "-m", "vang.cli", "relay", str(item.pk))
            _running[item.pk] = subprocess.Popen(words, stdin=subprocess.DEVNULL)
            begun += 1
    for key in [key for key, one in _running.items() if one.poll() is not None]:
        del _running[key]
    return begun


def _ends(item: PlannedItem) -> datetime:
    return item.start + timedelta(milliseconds=item.duration_ms)


def relay(pk: int) -> int:
    """The work of one process: carry the item until its time is over, or it is no longer wanted.

    0; also when another process carries it already.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    item = due(clock.now()).filter(pk=pk).first()
    if item is None:
        return 0
    with _lock(pk).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        work = threading.Thread(target=carry_item, args=(item, over), name="relay")
        work.start()
        while work.is_alive():
            work.join(LOOK_EVERY_S)
            if not _wanted(item):
                over.set()
    _lock(pk).unlink(missing_ok=True)
    return 0


def _wanted(item: PlannedItem) -> bool:
    """It is neither withdrawn nor moved since."""
    rows = PlannedItem.objects.filter(pk=item.pk, withdrawn_at=None)
    return rows.filter(start=item.start, duration_ms=item.duration_ms).exists()


def _lock(pk: int) -> Path:
    folder: Path = settings.DATA / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"relay-{pk}.lock"
