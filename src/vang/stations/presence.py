"""Whether a node is there: a rule over instants, not a flag somebody must remember to clear."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

PATIENCE = 2.5  # of the interval between contacts
ABSENT_AFTER = timedelta(seconds=45)  # the server itself: no batch and no poll for so long
STORM = timedelta(minutes=5)
SETTLED_SHARE = 0.8


class Presence(models.TextChoices):
    """Tình trạng kết nối của thiết bị."""

    ONLINE = "ONLINE", _("online")
    OFFLINE = "OFFLINE", _("offline")
    UNKNOWN = "UNKNOWN", _("not known yet")
    NEVER = "NEVER", _("never connected")


@dataclass(frozen=True)
class Contact:
    """When a node was last heard, how often it should speak (s), and when its link closed."""

    seen: datetime | None
    every_s: int
    left: datetime | None = None


@dataclass(frozen=True)
class Listening:
    """The unbroken time in which the server could have heard nodes."""

    began: datetime
    last: datetime


def presence(
    contact: Contact, listening: Listening | None, *, now: datetime, settled: bool = True
) -> Presence:
    """Online if heard within 2.5 intervals; unknown while the fault may be the server's own.

    ``settled`` is False while most nodes have not come back after an outage (storm guard).
    """
    if contact.seen is None:
        return Presence.NEVER
    if _fresh(contact, now):
        return Presence.ONLINE
    return (
        Presence.UNKNOWN if _blind(contact, listening, now, settled=settled) else Presence.OFFLINE
    )


def _fresh(contact: Contact, now: datetime) -> bool:
    if contact.seen is None or (contact.left is not None and contact.left >= contact.seen):
        return False
    return now - contact.seen <= _patience(contact)


def _patience(contact: Contact) -> timedelta:
    return timedelta(seconds=PATIENCE * contact.every_s)


def _blind(contact: Contact, listening: Listening | None, now: datetime, *, settled: bool) -> bool:
    if listening is None or now - listening.last > ABSENT_AFTER:
        return True
    if contact.seen is not None and contact.seen >= listening.began:
        return False  # heard since the server is back, and then no more: that is its own silence
    back = now - listening.began
    return back <= _patience(contact) or (not settled and back <= STORM)


def has_settled(contacts: list[Contact], listening: Listening | None) -> bool:
    """Whether four fifths of the nodes ever seen have spoken since the server is back."""
    known = [contact for contact in contacts if contact.seen is not None]
    if listening is None or not known:
        return True
    back = sum(1 for contact in known if contact.seen and contact.seen >= listening.began)
    return back >= SETTLED_SHARE * len(known)


def attended(listening: Listening | None, *, now: datetime) -> Listening:
    """The listening time after one more sign of the server's own life."""
    if listening is None or now - listening.last > ABSENT_AFTER:
        return Listening(now, now)
    return Listening(listening.began, max(listening.last, now))
