"""A process for each relay, for as long as it lasts: what a stranger's stream does to its decoder
must not reach anything else, and nothing runs while nothing is relayed."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from vang.base import clock
from vang.base.processes import Processes, alone, work_while
from vang.carriages.services import carry_item
from vang.dispatch.models import PlannedItem
from vang.relays.carrying import TUNED_AHEAD

LONGEST = timedelta(hours=3)
processes = Processes("relay")


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
    """Called by the worker every few seconds. How many began."""
    return processes.keep([item.pk for item in due(now) if now < _ends(item)], now=now)


def _ends(item: PlannedItem) -> datetime:
    return item.start + timedelta(milliseconds=item.duration_ms)


def relay(pk: int) -> int:
    """The work of one process: carry the item until its time is over, or it is no longer wanted.

    0; also when another process carries it already.
    """
    item = due(clock.now()).filter(pk=pk).first()
    if item is not None:
        with alone(f"relay-{pk}") as mine:
            if mine:
                work_while(lambda: _wanted(item), lambda over: carry_item(item, over))
    return 0


def _wanted(item: PlannedItem) -> bool:
    """It is neither withdrawn nor moved since."""
    rows = PlannedItem.objects.filter(pk=item.pk, withdrawn_at=None)
    return rows.filter(start=item.start, duration_ms=item.duration_ms).exists()
