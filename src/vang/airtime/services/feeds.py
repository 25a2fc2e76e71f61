"""Addresses at which calendar programs read the schedule: opened, revoked."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import SHARERS, guard
from vang.airtime.models import CalendarFeed
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

MOST_FEEDS = 50


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, unit: Unit, name: str, by: Person, now: datetime) -> tuple[CalendarFeed, str]:
    """A new address; its token is told once, here. Raises Refusal."""
    guard(by, SHARERS, unit, now)
    clean = " ".join(clean_text(name).split())[:120]
    if not clean:
        raise Refusal("bad-name", _NAME)
    if CalendarFeed.objects.filter(unit=unit, revoked_at=None).count() >= MOST_FEEDS:
        raise Refusal("too-many", _MANY)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        unit=unit, name=clean, token_hash=hash_of(token), created_by=by, created_at=now
    )
    record("open-calendar-feed", f"calendar-feed:{feed.pk}", by=by, unit=unit, now=now, name=clean)
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: Person, now: datetime) -> CalendarFeed:
    """Nobody reads at this address any more. Doing it again changes nothing. Raises Refusal."""
    guard(by, SHARERS, feed.unit, now)
    fresh = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if fresh.revoked_at is None:
        fresh.revoked_at, fresh.revoked_by = now, by
        fresh.save(update_fields=["revoked_at", "revoked_by"])
        record("revoke-calendar-feed", f"calendar-feed:{fresh.pk}", by=by, unit=feed.unit, now=now)
    return fresh


_NAME = _("Say who will use the address.")
_MANY = _("There are fifty addresses already. Revoke those that nobody uses.")
