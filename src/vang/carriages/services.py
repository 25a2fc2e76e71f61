"""What is to be carried, and the row that tells how it was."""

import threading
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections

from vang.base import clock
from vang.carriages.carrying import Told, Wanted, carry
from vang.carriages.models import Carriage
from vang.dispatch.keys import relay_key
from vang.dispatch.models import PlannedItem
from vang.dispatch.week import RELAY_BUFFER_MS, relay_session
from vang.relays.models import Source
from vang.relays.tuning import BLOCK, RATE, Address, Kind, Tuner
from vang.stations.models import Node


def carry_item(item: PlannedItem, over: threading.Event) -> Carriage:
    """Carry a planned relay until its time is over, or ``over``. Raises Refusal for its key."""
    sources = list(Source.objects.filter(station=item.relay, ended_at=None).order_by("place"))
    row, _made = Carriage.objects.get_or_create(planned=item, defaults={"began_at": clock.now()})
    wanted, told = _wanted(item, sources), Told(frames=_frames(row.carried_ms))
    inside = settings.RELAYS_INSIDE
    tuned = [Tuner(Address(Kind(one.kind), one.address), inside) for one in sources]
    close_old_connections()
    try:
        carry(wanted, tuned, settings.ENVIRONMENT.link_internal_url, told, over)
    finally:
        for tuner in tuned:
            tuner.close()
        _settle(row, told, tuned)
    return row


def _wanted(item: PlannedItem, sources: Sequence[Source]) -> Wanted:
    nodes = Node.objects.filter(
        cluster__code__in=item.clusters, retired_at=None, suspended_at=None
    ).order_by("pk")
    return Wanted(
        session=relay_session(item.unit, item.item),
        key=relay_key(item.unit, now=clock.now()).to_pem(),
        nodes=tuple(nodes.values_list("pk", flat=True)),
        start=item.start,
        ends=item.start + timedelta(milliseconds=item.duration_ms),
        buffer_ms=RELAY_BUFFER_MS,
        sources=tuple(one.address for one in sources),
    )


def _settle(row: Carriage, told: Told, tuned: Sequence[Tuner]) -> None:
    close_old_connections()
    row.ended_at, row.changes = clock.now(), [*row.changes, *told.changes]
    row.carried_ms = told.frames * BLOCK * 1000 // RATE
    row.problem = told.problem or ("" if told.frames else _why_nothing(tuned))
    row.save(update_fields=["ended_at", "changes", "carried_ms", "problem"])


def _why_nothing(tuned: Sequence[Tuner]) -> str:
    problems = [one.problem for one in tuned if one.problem]
    return problems[0] if problems else "silent" if tuned else "no-source"


def _frames(carried_ms: int) -> int:
    return carried_ms * RATE // 1000 // BLOCK
