"""Trying a source, done by the worker: a stranger's server may be slow, and its sound anything."""

import threading
import time

from django.conf import settings
from django_tasks import task

from vang.base import clock
from vang.relays.models import Source
from vang.relays.tuning import BLOCK, RATE, Address, Kind, heard_of

LISTEN_S = 4.0
WITHIN_S = 15.0


@task(queue_name="channels")
def try_source(pk: int) -> None:
    """Listen once and write down what was heard."""
    source = Source.objects.filter(pk=pk, ended_at=None).first()
    if source is None:
        return
    over = threading.Event()
    timer = threading.Timer(WITHIN_S, over.set)
    timer.start()
    try:
        level, problem = heard_of(
            Address(Kind(source.kind), source.address),
            settings.RELAYS_INSIDE,
            blocks=round(LISTEN_S * RATE / BLOCK),
            until=time.monotonic() + WITHIN_S,
            over=over,
        )
    finally:
        timer.cancel()
    Source.objects.filter(pk=pk).update(tried_at=clock.now(), level_db=level, problem=problem)
