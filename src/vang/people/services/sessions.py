"""Where people are signed in: begun, seen, ended."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from vang.people import events
from vang.people.browsers import browser_words
from vang.people.models import Device, Person, SignInSession
from vang.people.tokens import token_hash

SEEN_EVERY = timedelta(minutes=10)
_BROWSER_CHARS = 200
_KEEP_DEVICES = timedelta(days=400)


@transaction.atomic
def begin_session(
    *, person: Person, key: str, device: str, browser: str, address: str | None, now: datetime
) -> SignInSession:
    """Note a sign-in. ``device`` is the secret of the device's own cookie.

    A device that this person never used before is told of, except their very first.
    """
    first = not Device.objects.filter(person=person).exists()
    known, new = Device.objects.update_or_create(
        person=person,
        sha256=token_hash(device),
        defaults={"browser": browser[:_BROWSER_CHARS], "address": address, "last_seen_at": now},
        create_defaults={
            "browser": browser[:_BROWSER_CHARS],
            "address": address,
            "first_seen_at": now,
            "last_seen_at": now,
        },
    )
    if new and not first:
        for told in events.new_device:
            told(person, browser_words(browser), address or "", now)
    session, _made = SignInSession.objects.update_or_create(
        key=key,
        defaults={
            "person": person,
            "device": known,
            "address": address,
            "began_at": now,
            "seen_at": now,
        },
    )
    return session


def see_session(*, key: str, now: datetime) -> None:
    """The session is in use; called at most every ten minutes."""
    SignInSession.objects.filter(key=key).update(seen_at=now)


def move_session(*, key: str, to: str) -> None:
    """The same browser goes on under another key, as after a change of password."""
    SignInSession.objects.filter(key=key).update(key=to)


@transaction.atomic
def end_session(*, session: SignInSession) -> None:
    """Sign the person out in that browser, at once."""
    Session.objects.filter(session_key=session.key).delete()
    session.delete()


@transaction.atomic
def end_sessions(*, person: Person, but: str = "") -> int:
    """Sign the person out everywhere, except in the session of the key ``but``.

    Returns how many sessions ended.
    """
    ended = SignInSession.objects.filter(person=person).exclude(key=but)
    keys = list(ended.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


def forget_sessions(*, now: datetime) -> int:
    """Remove sessions that have run out, and devices not seen for more than a year."""
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.values("session_key")
    gone = SignInSession.objects.exclude(key__in=alive).delete()[0]
    Device.objects.filter(last_seen_at__lt=now - _KEEP_DEVICES).delete()
    return gone
