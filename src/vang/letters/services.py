"""Putting letters into the outbox, and forgetting old ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.letters.jobs import ask_to_deliver
from vang.letters.models import Letter
from vang.orgs.models import Unit

_KEEP = timedelta(days=90)
_KEEP_FAILED = timedelta(days=365)


def letters_leave() -> bool:
    """Whether a mail server is configured at all."""
    return settings.MAIL_SERVER is not None


def write_letter(
    *,
    kind: str,
    address: str,
    now: datetime,
    person: AbstractBaseUser | None = None,
    unit: Unit | None = None,
    language: str = "vi",
    reference: str = "",
    due_at: datetime | None = None,
    once: str = "",
) -> Letter:
    """Put a letter into the outbox; it leaves soon after ``due_at``, at once when None.

    A letter with the same ``once`` is returned as it is and not sent again. Raises Refusal when
    no mail server is configured.
    """
    if not letters_leave():
        raise Refusal("no-mail-server", _NO_SERVER)
    values = {
        "kind": kind,
        "address": address,
        "person_id": person.pk if person else None,
        "unit": unit,
        "language": language,
        "reference": reference,
        "created_at": now,
        "due_at": due_at or now,
        "changed_at": now,
    }
    if not once:
        letter = Letter.objects.create(**values)
    else:
        letter, _made = Letter.objects.get_or_create(once=once, defaults=values)
    transaction.on_commit(ask_to_deliver)
    return letter


def send_due(*, now: datetime) -> int:
    """Have the letters sent whose time has come: for the worker's tick. Returns how many wait."""
    if not letters_leave():
        return 0
    waiting = Letter.objects.filter(state=Letter.State.WAITING, due_at__lte=now).count()
    if waiting:
        ask_to_deliver()
    return waiting


def forget_letters(*, now: datetime) -> int:
    """Remove what was settled long ago. Returns how many."""
    settled = Letter.objects.filter(state__in=[Letter.State.SENT, Letter.State.DROPPED])
    failed = Letter.objects.filter(state=Letter.State.FAILED)
    old = settled.filter(changed_at__lt=now - _KEEP) | failed.filter(
        changed_at__lt=now - _KEEP_FAILED
    )
    return old.delete()[0]


_NO_SERVER = _("This installation sends no e-mail: no mail server is configured.")
