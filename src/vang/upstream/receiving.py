"""Taking a message in: read, verified, kept, its earlier messages ended, its places found."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.cap.findings import NotAccepted
from vang.cap.model import Alert, MsgType, Reference
from vang.cap.places import unit_codes
from vang.cap.reading import Reading, read
from vang.cap.rules import geocodes_of
from vang.cap.signing import NotGenuine, certificate_from, verify
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.models import Person
from vang.upstream import notices
from vang.upstream.models import MOST_NAME, Earlier, Feed, Place, Received

Signature = Received.Signature
UNTOLD = timedelta(days=3)
"""So long a message holds that does not say until when."""
KNOWN = "already-received"
_ENDS = (MsgType.UPDATE, MsgType.CANCEL)
_MOST_EARLIER = 200
_MOST_PLACES = 2_000
_MOST_CAUTIONS = 20


def receive(
    *,
    content: bytes,
    unit: Unit,
    now: datetime,
    feed: Feed | None = None,
    by: Person | None = None,
    certificate: str = "",
) -> Received:
    """Keep a message for the people of ``unit`` and below. It triggers nothing.

    With a ``certificate`` (PEM) of whoever brings it by hand, what that did not sign is refused.
    Raises NotAccepted, NotGenuine, or Refusal: the very message is here already, or another of
    its name.
    """
    reading = read(content, now=now)
    alert = reading.alert
    if certificate:
        verify(content, certificate_from(certificate), now=now)
    if max(len(alert.identifier), len(alert.sender)) > MOST_NAME:
        raise Refusal("name-too-long", _NAME_TOO_LONG)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            refuse_known(unit, alert, sha256)
            row = _row(reading, unit, now)
            row.feed, row.brought_by = feed, by
            row.sha256, row.content = sha256, content
            row.signature = _signature(reading, content, feed, now)
            if certificate:
                row.signature = Signature.VERIFIED
            row.save()
            _keep_earlier(row, alert)
            _keep_places(row, alert, now)
            record(
                "receive-warning",
                f"received:{row.pk}",
                by=by,
                unit=unit,
                now=now,
                identifier=row.identifier,
                sender=row.sender,
                sha256=sha256,
                signature=row.signature,
                feed=feed.pk if feed else None,
            )
            notices.tell(row, now=now)
    except IntegrityError as error:  # two brought it at the same moment
        raise Refusal(KNOWN, _KNOWN) from error
    return row


def refuse_known(unit: Unit, alert: Alert, sha256: str) -> None:
    """Raises Refusal."""
    same = Received.objects.filter(unit=unit, sender=alert.sender, identifier=alert.identifier)
    known = same.values_list("sha256", flat=True).first()
    if known == sha256:
        raise Refusal(KNOWN, _KNOWN)
    if known is not None:
        raise Refusal("identifier-reused", _REUSED)


def _row(reading: Reading, unit: Unit, now: datetime) -> Received:
    alert = reading.alert
    info = alert.info_in("vi")
    row = Received(
        unit=unit,
        identifier=alert.identifier,
        sender=alert.sender,
        sent=alert.sent,
        status=alert.status.value,
        msg_type=alert.msg_type.value,
        expires=alert.expires,
        holds_until=alert.expires or alert.sent + UNTOLD,
        cautions=[[c.code.value, c.line, c.about] for c in reading.cautions[:_MOST_CAUTIONS]],
        received_at=now,
    )
    if info is not None:
        row.event = _line(info.event, 200)
        row.headline = _line(info.headline or info.event, 300)
        row.sender_name = _line(info.sender_name, 200)
        row.area = _line("; ".join(one.description for one in info.areas), 300)
        row.severity, row.urgency = info.severity.value, info.urgency.value
        row.certainty = info.certainty.value
    return row


def _line(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _signature(
    reading: Reading, content: bytes, feed: Feed | None, now: datetime
) -> Received.Signature:
    """By the certificate agreed for its feed, never by one in the message."""
    pinned = feed.certificate if feed is not None else ""
    if not reading.has_signature:
        return Signature.UNSIGNED
    if not pinned:
        return Signature.UNKNOWN
    try:
        verify(content, certificate_from(pinned), now=now)
    except (NotGenuine, NotAccepted, Refusal):
        return Signature.FAILED
    return Signature.VERIFIED


def _keep_earlier(row: Received, alert: Alert) -> None:
    """Whichever of the two came first, the later one ends the earlier."""
    named = list(dict.fromkeys(alert.references))[:_MOST_EARLIER]
    Earlier.objects.bulk_create(
        Earlier(received=row, sender=one.sender[:MOST_NAME], identifier=one.identifier[:MOST_NAME])
        for one in named
    )
    if alert.msg_type in _ENDS:
        _end(row, named)
    later = Received.objects.filter(
        unit=row.unit,
        msg_type__in=_ENDS,
        sender=row.sender,
        earlier__sender=row.sender,
        earlier__identifier=row.identifier,
    ).order_by("-sent", "-pk")
    ender = next((one for one in later.defer("content") if may_end(one, row)), None)
    if ender is not None:
        row.ended_by = ender
        row.save(update_fields=["ended_by"])


def _end(row: Received, named: Iterable[Reference]) -> None:
    names = [one.identifier for one in named if one.sender == row.sender]
    ended = Received.objects.filter(
        unit=row.unit, sender=row.sender, identifier__in=names, ended_by=None
    )
    for one in ended.exclude(pk=row.pk).defer("content"):
        if may_end(row, one):
            one.ended_by = row
            one.save(update_fields=["ended_by"])


def may_end(later: Received, earlier: Received) -> bool:
    """Only the sender himself, by the same feed or by hand, never a test a real warning, and
    what was verified only by what is verified."""
    if later.sender != earlier.sender or later.status != earlier.status:
        return False
    if later.signature == Signature.FAILED:
        return False
    if earlier.signature == Signature.VERIFIED:
        return later.signature == Signature.VERIFIED
    return later.feed_id in {earlier.feed_id, None} or later.signature == Signature.VERIFIED


def _keep_places(row: Received, alert: Alert, now: datetime) -> None:
    codes = unit_codes(geocodes_of(alert))[:_MOST_PLACES]
    if codes:
        units = Unit.objects.filter(valid_on(local_date(now)), code__in=codes)
        Place.objects.bulk_create(Place(received=row, unit=unit) for unit in units)


_KNOWN: str | Promise = _("This very message was received before.")
_REUSED = _("Another message of the same sender and identifier was received before.")
_NAME_TOO_LONG = _("Its identifier or sender is longer than 400 characters.")
