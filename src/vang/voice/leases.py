"""A worker's hold on a rendition: renewed while it works, void when another took over."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from django.db import connection, transaction

from vang.voice.models import Rendition

State = Rendition.State
LEASE = timedelta(seconds=90)
RENEW_EVERY_S = 20
LONGEST = timedelta(hours=2)
"""A worker that hangs is not believed for ever."""

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Another worker has the rendition now; what this one made is thrown away."""


def take_lease(rendition_pk: int, now: datetime) -> int | None:
    """The number of the attempt that begins now, or None when there is nothing to do."""
    with transaction.atomic():
        rendition = Rendition.objects.select_for_update(of=("self",)).get(pk=rendition_pk)
        if not _free(rendition, now):
            return None
        rendition.state = State.WORKING
        rendition.worked_until = now + LEASE
        rendition.attempts += 1
        rendition.save(update_fields=["state", "worked_until", "attempts"])
        return rendition.attempts


def _free(rendition: Rendition, now: datetime) -> bool:
    if rendition.state == State.WORKING:
        return rendition.worked_until is None or rendition.worked_until <= now
    return rendition.state == State.QUEUED


class Lease:
    """Writes to a rendition only while the attempt that began is still the newest."""

    def __init__(self, rendition_pk: int, attempt: int, clock: Clock) -> None:
        self._mine = Rendition.objects.filter(
            pk=rendition_pk, attempts=attempt, state=State.WORKING
        )
        self._clock = clock
        self._began = clock()
        self._over = threading.Event()
        self._beat = threading.Thread(target=self._keep_renewing, daemon=True)

    def write(self, **fields: Any) -> None:
        """Raises LeaseLost when another attempt has begun."""
        if not self._mine.update(**fields):
            raise LeaseLost

    def renew(self, **progress: int) -> None:
        """Hold on for a while longer and tell how far the work has come. Raises LeaseLost."""
        self.write(worked_until=self._clock() + LEASE, **progress)

    def __enter__(self) -> Self:
        self._beat.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._beat.join()

    def _keep_renewing(self) -> None:
        """Decoding and mastering report no progress, however long the sound."""
        try:
            while not self._over.wait(RENEW_EVERY_S) and self._clock() < self._began + LONGEST:
                self.renew()
        except LeaseLost:
            return
        finally:
            connection.close()
