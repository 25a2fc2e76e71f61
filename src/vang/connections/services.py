"""Giving and taking back tokens, and taking in what another system brings."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.bulletins.services import create_bulletin
from vang.connections.models import AccessToken, Brought
from vang.connections.scopes import Scope
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person

PREFIX = "vang_"
"""So that a scanner for leaked secrets recognises one."""

LONGEST = timedelta(days=731)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Issued:
    """A new token; ``secret`` is known this once and never again."""

    token: AccessToken
    secret: str


def hash_of(secret: str) -> str:
    """Lower-case hex SHA-256. The secret is random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, unit: Unit, name: str, scopes: Collection[str], days: int, by: Person, now: datetime
) -> Issued:
    """A token for one other system. Raises Refusal."""
    _guard(by, unit, now)
    clean = " ".join(clean_text(name).split())
    if not clean or len(clean) > 80:
        raise Refusal("token-name", _("Give the other system a name of at most 80 characters."))
    if not scopes or not set(scopes) <= set(Scope):
        raise Refusal("token-scopes", _("Choose what the other system may do."))
    if not timedelta(0) < timedelta(days=days) <= LONGEST:
        raise Refusal("token-days", _("A token lasts from one day to two years."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        unit=unit,
        name=clean,
        token_hash=hash_of(secret),
        ending=secret[-4:],
        scopes=sorted(scopes),
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    subject = f"token:{token.pk}"
    record("token.issue", subject, by=by, unit=unit, now=now, name=clean, scopes=token.scopes)
    return Issued(token, secret)


@transaction.atomic
def revoke_token(*, token: AccessToken, by: Person, now: datetime) -> None:
    """From now on the other system is refused. Doing it twice changes nothing."""
    _guard(by, token.unit, now)
    fresh = AccessToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if fresh.revoked_at is not None:
        return
    fresh.revoked_at, fresh.revoked_by = now, by
    fresh.save(update_fields=["revoked_at", "revoked_by"])
    record("token.revoke", f"token:{token.pk}", by=by, unit=token.unit, now=now, name=token.name)


def note_use(token: AccessToken, *, now: datetime) -> None:
    """Remember, to the hour, that the token was used."""
    if token.used_at is None or now - token.used_at > _HOUR:
        AccessToken.objects.filter(pk=token.pk).update(used_at=now)


def bring_bulletin(
    *, token: AccessToken, unit: Unit, key: str, content: Content, now: datetime
) -> tuple[Bulletin, bool]:
    """A draft of the person who made the token; True when it is new.

    The same key again gives the same bulletin. Raises Refusal: ``key-taken`` when the key stands
    for another text, and whatever refuses a writer.
    """
    sent = _fingerprint(unit, content)
    with transaction.atomic():
        AccessToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        known = Brought.objects.filter(token=token, key=key).select_related("bulletin").first()
        if known is not None:
            if known.content_hash != sent:
                raise Refusal("key-taken", _KEY_TAKEN)
            return known.bulletin, False
        bulletin = create_bulletin(unit=unit, content=content, by=token.created_by, now=now)
        Brought.objects.create(
            token=token, key=key, bulletin=bulletin, content_hash=sent, brought_at=now
        )
        subject = f"bulletin:{bulletin.pk}"
        record("bulletin.bring", subject, by=None, unit=unit, now=now, system=token.name, key=key)
        return bulletin, True


def _fingerprint(unit: Unit, content: Content) -> str:
    said = [
        unit.code,
        content.title,
        content.text,
        content.category,
        content.priority,
        *sorted(content.audience),
    ]
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()


def _guard(by: Person, unit: Unit, now: datetime) -> None:
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only an administrator of the unit may do this."))


_KEY_TAKEN = _("Another text was brought under this key before. Use a new key for a new text.")
