"""Ask the system to let the audio thread run first. Refusal is said, not fatal."""

import logging
import os
import threading

PRIORITY = 20
NICE = -11

log = logging.getLogger(__name__)


def raise_priority() -> str:
    """SCHED_FIFO for this thread, else a lower nice value; what was granted."""
    thread = threading.get_native_id()
    try:
        os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except OSError:
        return _lower_nice(thread)
    log.info("The audio thread runs with real-time priority %d.", PRIORITY)
    return "fifo"


def _lower_nice(thread: int) -> str:
    try:
        os.setpriority(os.PRIO_PROCESS, thread, NICE)
    except OSError:
        log.warning("No real-time priority for sound: under load it may start late or crackle.")
        return "none"
    log.info("The audio thread runs at nice %d; real-time priority was refused.", NICE)
    return "nice"
