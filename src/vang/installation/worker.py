"""The process that does what pages do not wait for: speech, public pages, renewals."""

import logging
import signal
import threading

from django.conf import settings
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from vang.base import clock
from vang.desk.ticks import tick, urgent

log = logging.getLogger(__name__)

_TICK_S = 5
_URGENT_S = 1.0
_POLL_S = 0.25


def serve() -> None:
    """Work until SIGTERM or SIGINT; the task at hand is finished first."""
    stopping = threading.Event()
    workers = [_worker(queue) for queue in settings.TASKS["default"]["QUEUES"]]
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    _tick_until(stopping, threads)
    for worker in workers:
        worker.running = False
    for thread in threads:
        thread.join(timeout=5)


def _worker(queue: str) -> Worker:
    return Worker(
        queue_names=[queue],
        interval=_POLL_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"vang-{queue}",
        excluded_queue_names=[],
    )


def _tick_until(stopping: threading.Event, threads: list[threading.Thread]) -> None:
    """Renewals at a steady pace. A dead thread ends the process, so that it is restarted whole."""
    seconds = 0
    while not stopping.wait(_URGENT_S):
        close_old_connections()
        seconds += 1
        done = urgent(now=clock.now())
        if seconds % _TICK_S == 0:
            done += tick(now=clock.now())
        for words in done:
            log.info("%s", words)
        if not all(thread.is_alive() for thread in threads):
            raise SystemExit("a queue's thread died")
