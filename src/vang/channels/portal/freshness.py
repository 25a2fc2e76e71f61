"""When a public page that is written must be written again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from vang.bulletins.models import Delivery
from vang.channels.portal.queries import PORTAL

AS_RUN_EVERY = timedelta(seconds=10)
"""Nodes report every few seconds while something plays; residents need not see each word."""


def plays_changed(editions: Collection[UUID], now: datetime) -> None:
    """The loudspeakers' story of these editions goes on: their pages tell it."""
    written = Delivery.objects.filter(
        edition__in=editions, channel=PORTAL, delivered_at__isnull=False
    )
    # A page being written at this moment may have read the older story: it is due again.
    written.exclude(due_at__gt=now, due_at__lte=now + AS_RUN_EVERY).exclude(
        act=Delivery.Act.WITHDRAW
    ).update(due_at=now + AS_RUN_EVERY)
