"""Bulletins whose last day is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from vang.base.clock import local_date
from vang.bulletins import events
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.queries import live_edition
from vang.bulletins.services.guarding import locked, take_step
from vang.review.verbs import EXPIRE

_AT_ONCE = 200


def expire_due(*, now: datetime) -> int:
    """Mark what no longer holds; the channels are told. Returns how many bulletins expired."""
    today = local_date(now)
    over = Edition.objects.filter(
        bulletin=OuterRef("pk"), valid_until__lt=today, withdrawn_at=None, corrected_by=None
    )
    due = Bulletin.objects.filter(Exists(over), state=Bulletin.State.RELEASED).order_by("pk")
    return sum(_expire(bulletin, now) for bulletin in due[:_AT_ONCE])


def _expire(bulletin: Bulletin, now: datetime) -> bool:
    with transaction.atomic():
        fresh = locked(bulletin)
        edition = live_edition(fresh)
        over = edition is not None and edition.valid_until is not None
        if fresh.state != Bulletin.State.RELEASED or not over or edition is None:
            return False
        if edition.valid_until is None or edition.valid_until >= local_date(now):
            return False
        take_step(EXPIRE, fresh, by=None, now=now)
        events.tell(events.expired, edition)
        return True
