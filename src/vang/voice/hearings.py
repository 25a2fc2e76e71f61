"""Asking the machine to listen to a finished sound, and what it heard."""

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction

from vang.base.files import FileStore
from vang.voice import hearing_jobs, opus
from vang.voice.failures import EngineMissing
from vang.voice.hearing import Heard, Listener, ListenerFailed, listener_is_installed
from vang.voice.leases import Clock
from vang.voice.models import Hearing, Rendition

log = logging.getLogger(__name__)

State = Hearing.State
LONGEST_MS = 30 * 60 * 1000
PATIENCE = timedelta(minutes=20)
MOST_ATTEMPTS = 2

_TOO_LONG, _FAILED, _MISSING = "too-long", "listener-failed", "listener-missing"


def request_hearing(*, rendition: Rendition, now: datetime) -> Hearing | None:
    """Have the sound listened to once; None where no recogniser is installed."""
    if not listener_is_installed():
        return None
    with transaction.atomic():
        hearing, created = Hearing.objects.get_or_create(
            rendition=rendition, defaults={"requested_at": now}
        )
        if created:
            hearing_jobs.hear_rendition.enqueue(hearing.pk)
    return hearing


def repeat_hearing(*, hearing: Hearing, now: datetime) -> None:
    """Listen again after a failure."""
    with transaction.atomic():
        fresh = Hearing.objects.select_for_update().get(pk=hearing.pk)
        if fresh.state != State.FAILED:
            return
        fresh.state, fresh.failure, fresh.attempts = State.QUEUED, "", 0
        fresh.requested_at = now
        fresh.save()
        hearing_jobs.hear_rendition.enqueue(fresh.pk)


def repeat_dead_hearings_due(*, now: datetime) -> int:
    """Put back in the queue what a worker left behind. Returns how many."""
    dead = Hearing.objects.filter(
        state__in=[State.QUEUED, State.WORKING], requested_at__lte=now - PATIENCE
    )
    for hearing in dead:
        hearing.requested_at = now
        hearing.state = State.QUEUED if hearing.attempts < MOST_ATTEMPTS else State.FAILED
        hearing.failure = "" if hearing.state == State.QUEUED else _FAILED
        hearing.save()
        if hearing.state == State.QUEUED:
            hearing_jobs.hear_rendition.enqueue(hearing.pk)
    return len(dead)


def hear(hearing_pk: int, *, clock: Clock) -> None:
    """The worker's half: listen, unless somebody has."""
    waiting = Hearing.objects.filter(pk=hearing_pk, state=State.QUEUED)
    if not waiting.update(state=State.WORKING, requested_at=clock()):
        return
    hearing = Hearing.objects.select_related("rendition").get(pk=hearing_pk)
    hearing.attempts += 1
    try:
        _listen(hearing)
    except (ListenerFailed, FileNotFoundError) as error:
        log.warning("hearing %s: %s", hearing_pk, error)
        hearing.state, hearing.failure = State.FAILED, _FAILED
    except EngineMissing:
        hearing.state, hearing.failure = State.FAILED, _MISSING
    hearing.finished_at = clock()
    hearing.save()


def heard_in(hearing: Hearing) -> list[Heard]:
    """What was heard, part by part."""
    return [Heard(**part) for part in hearing.heard]


def _listen(hearing: Hearing) -> None:
    if hearing.rendition.duration_ms > LONGEST_MS:
        hearing.state, hearing.failure = State.FAILED, _TOO_LONG
        return
    began = time.perf_counter()
    store = FileStore(Path(settings.DATA) / "files")
    samples = np.concatenate(list(opus.decode(store.read(hearing.rendition.sha256))))
    with Listener() as listener:
        heard = listener.hear(samples)
    hearing.heard = [
        {"from_ms": part.from_ms, "to_ms": part.to_ms, "words": part.words} for part in heard
    ]
    hearing.seconds_of_work = round(time.perf_counter() - began, 2)
    hearing.state = State.READY
