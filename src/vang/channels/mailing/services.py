"""Asking, confirming, leaving."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.channels.mailing.letters import CONFIRM
from vang.channels.mailing.models import Subscriber
from vang.channels.mailing.tokens import CONFIRM_WITHIN
from vang.journal.services import record
from vang.letters.services import write_letter
from vang.orgs.models import Unit

ASK_AGAIN_AFTER = timedelta(minutes=10)
MOST_SUBSCRIBERS = 20_000


def ask_for_letters(*, unit: Unit, address: str, now: datetime) -> None:
    """Write to the address and ask. Says nothing about whether it was known: the answer to a
    stranger is always the same. Raises Refusal for what is no address, or when no letters leave.
    """
    clean = _address(address)
    if Subscriber.objects.filter(unit=unit).count() >= MOST_SUBSCRIBERS:
        raise Refusal("list-full", _FULL)
    with transaction.atomic():
        found, made = Subscriber.objects.get_or_create(
            unit=unit, address=clean, defaults={"asked_at": now}
        )
        if found.confirmed_at is not None or not (made or _long_ago(found, now)):
            return
        found.asked_at = now
        found.save(update_fields=["asked_at"])
        write_letter(
            kind=CONFIRM,
            address=clean,
            unit=unit,
            reference=str(found.pk),
            now=now,
            once=f"mailing-confirm:{found.pk}:{now.timestamp():.0f}",
        )


def confirm(*, pk: int, now: datetime) -> Subscriber | None:
    """None when the request is gone. Confirming twice changes nothing."""
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().filter(pk=pk).first()
        if found is not None and found.confirmed_at is None:
            found.confirmed_at = now
            found.save(update_fields=["confirmed_at"])
            record("mailing.join", "subscriber", by=None, unit=found.unit, now=now)
    return found


def leave(*, pk: int, now: datetime) -> None:
    """Delete the address. Leaving twice changes nothing."""
    with transaction.atomic():
        found = Subscriber.objects.filter(pk=pk).select_related("unit").first()
        if found is not None:
            found.delete()
            record("mailing.leave", "subscriber", by=None, unit=found.unit, now=now)


def forget_unconfirmed(*, now: datetime) -> int:
    """Addresses that nobody confirmed in time. Returns how many."""
    old = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=now - CONFIRM_WITHIN)
    return old.delete()[0]


def _long_ago(found: Subscriber, now: datetime) -> bool:
    return found.asked_at <= now - ASK_AGAIN_AFTER


def _address(typed: str) -> str:
    clean = clean_text(typed).strip()
    try:
        validate_email(clean)
    except ValidationError as error:
        raise Refusal("no-address", _NO_ADDRESS) from error
    name, _at, domain = clean.rpartition("@")
    return f"{name}@{domain.lower()}"


_NO_ADDRESS = _("This is no e-mail address. It looks like name@example.vn")
_FULL = _("The list is full. Please read the page or use the feeds.")
