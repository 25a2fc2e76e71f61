"""Every write of a person: feeds, and decisions on what was received."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.outside import target_of
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.cap.signing import certificate_from
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream import drafting
from vang.upstream.access import DECIDERS, KEEPERS, guard
from vang.upstream.models import Decision, Feed, Received
from vang.upstream.queries import reaching

MOST_FEEDS = 10


def add_feed(
    *, unit: Unit, name: str, url: str, by: Person, now: datetime, certificate: str = ""
) -> Feed:
    """A further address that is asked for warnings. Raises Refusal."""
    guard(by, KEEPERS, unit, now)
    target = target_of(url.strip(), settings.FEEDS_INSIDE)
    pinned = certificate.strip()
    if pinned:
        certificate_from(pinned)
    known = Feed.objects.filter(unit=unit, ended_at=None)
    if known.filter(url=target.url).exists():
        raise Refusal("feed-known", _KNOWN)
    if known.count() >= MOST_FEEDS:
        raise Refusal("too-many-feeds", _TOO_MANY)
    with transaction.atomic():
        feed = Feed.objects.create(
            unit=unit,
            name=clean_text(name).strip()[:120] or target.host[:120],
            url=target.url,
            certificate=pinned,
            added_by=by,
            added_at=now,
            due_at=now,
        )
        record(
            "add-warning-feed", f"warning-feed:{feed.pk}", by=by, unit=unit, now=now, name=feed.name
        )
    return feed


def end_feed(*, feed: Feed, by: Person, now: datetime) -> None:
    """It is not asked any more; what it brought stays. Raises Refusal."""
    guard(by, KEEPERS, feed.unit, now)
    with transaction.atomic():
        if Feed.objects.filter(pk=feed.pk, ended_at=None).update(ended_at=now):
            record(
                "end-warning-feed",
                f"warning-feed:{feed.pk}",
                by=by,
                unit=feed.unit,
                now=now,
                name=feed.name,
            )


def dismiss(*, received: Received, unit: Unit, reason: str, by: Person, now: datetime) -> None:
    """Nothing follows from it here, and why. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("no-reason", _NO_REASON)
    with transaction.atomic():
        _decide(received, unit, by, now, reason=clean[:500])


def begin_warning(*, received: Received, unit: Unit, by: Person, now: datetime) -> str:
    """A draft of our own from it, by whoever makes warnings. Its address. Raises Refusal."""
    if not drafting.makers:
        raise Refusal("nobody-makes-warnings", _NOBODY)
    if received.signature == Received.Signature.FAILED:
        raise Refusal("not-genuine", _NOT_GENUINE)
    with transaction.atomic():
        _decide(received, unit, by, now)
        return drafting.makers[0](received, unit, by, now)


def _decide(received: Received, unit: Unit, by: Person, now: datetime, *, reason: str = "") -> None:
    """Once a unit: whoever comes second is told. With a reason it is set aside."""
    state = Decision.State.DISMISSED if reason else Decision.State.TAKEN
    guard(by, DECIDERS, unit, now)
    if not reaching(unit).filter(pk=received.pk).exists():
        raise Refusal("not-here", _NOT_HERE)
    _decision, made = Decision.objects.get_or_create(
        received=received,
        unit=unit,
        defaults={"state": state, "reason": reason, "by": by, "at": now},
    )
    if not made:
        raise Refusal("decided", _DECIDED)
    action = "dismiss-warning" if state == Decision.State.DISMISSED else "take-warning"
    record(action, f"received:{received.pk}", by=by, unit=unit, now=now, reason=reason)


_KNOWN: str | Promise = _("This address is in the list already.")
_TOO_MANY = _("A unit can ask at most 10 addresses. Take one away first.")
_NO_REASON = _("Say why nothing follows from it.")
_NOBODY = _("Warnings cannot be made on this computer.")
_NOT_GENUINE = _("Its signature does not hold: ask the sender by another way first.")
_NOT_HERE = _("The warning was not received for this unit.")
_DECIDED = _("Somebody of the unit has decided on it already.")
