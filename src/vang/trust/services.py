"""A person's key from its registration to its end, and policies from draft to publication."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, may
from vang.people.models import Membership, Person
from vang.trust.deriving import derived_policy
from vang.trust.models import PersonKey, PolicyVersion
from vang.trust.queries import is_demonstration, next_number
from vang_protocol.personal_keys import PersonalKey
from vang_protocol.policies import encode_policy
from vang_protocol.strict_json import digest

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KEY = "key"
DELAY = timedelta(hours=24)
"""So long a new key counts for no emergency: time to notice that it is not its person's."""
MOST_KEYS = 5
_REGISTERED = _("A personal key “{label}” was registered for you.")
_CONFIRMED = _("Your personal key “{label}” is confirmed.")
_REVOKED = _("Your personal key “{label}” was revoked.")


@transaction.atomic
def register_key(
    *,
    person: Person,
    key: PersonalKey,
    credential_id: str,
    relying_party: str,
    use: str,
    label: str,
    by: Person,
    unit: Unit | None,
    now: datetime,
) -> PersonKey:
    """A key that a person asks for. It counts for nothing before :func:`approve_key`.

    Raises Refusal.
    """
    software = key.kind.value == PersonKey.Kind.ED25519
    if software and not is_demonstration():
        raise Refusal("software-key", _("A key in a file counts in a demonstration only."))
    if use not in PersonKey.Use.values:
        raise Refusal("unknown-choice", _("Choose what the key is for."))
    standing = PersonKey.objects.filter(person=person, revoked_at=None).count()
    if standing >= MOST_KEYS:
        raise Refusal("too-many-keys", _("You have many keys already. Revoke one first."))
    moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
    try:
        with transaction.atomic():
            row = PersonKey.objects.create(
                person=person,
                kind=key.kind.value,
                public=key.public,
                credential_id=credential_id,
                relying_party=relying_party,
                use=use,
                label=clean_text(label).strip()[:60] or str(_("Personal key")),
                registered_at=moment,
                counts_from=moment if software else moment + DELAY,
                requested_by=by,
            )
    except IntegrityError:
        raise Refusal("key-known", _("This key is registered already.")) from None
    record("key.ask", f"person:{person.pk}", by=by, unit=unit, now=now, **_facts(row))
    if unit is not None and not software:
        _ask_administrators(row, unit, now)
    return row


@transaction.atomic
def approve_key(*, key: PersonKey, unit: Unit, by: Person, now: datetime) -> PersonKey:
    """A second administrator vouches that the key is that person's. Raises Refusal."""
    row = PersonKey.objects.select_for_update().select_related("person").get(pk=key.pk)
    _refuse_stranger(row.person, unit, by, now)
    if by.pk in {row.person_id, row.requested_by_id}:
        raise Refusal("own-key", _("Somebody else must confirm this key: it needs two people."))
    if row.revoked_at is not None:
        raise Refusal("key-revoked", _("This key is revoked."))
    if row.approved_at is not None:
        raise Refusal("key-approved", _("This key is confirmed already."))
    row.approved_by, row.approved_at = by, now
    row.save(update_fields=["approved_by", "approved_at"])
    record("key.approve", f"person:{row.person_id}", by=by, unit=unit, now=now, **_facts(row))
    _tell(row, unit, by, now, _CONFIRMED)
    return row


@transaction.atomic
def revoke_key(*, key: PersonKey, by: Person | None, unit: Unit | None, now: datetime) -> PersonKey:
    """The key ends: by its person, or by an administrator of the unit (``by`` None: on the server
    itself). Nodes learn it with the next policy. Raises Refusal."""
    row = PersonKey.objects.select_for_update().select_related("person").get(pk=key.pk)
    if by is not None and by.pk != row.person_id:
        if unit is None:
            raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))
        _refuse_stranger(row.person, unit, by, now)
    if row.revoked_at is not None:
        raise Refusal("key-revoked", _("This key is revoked."))
    row.revoked_at, row.revoked_by = now, by
    row.save(update_fields=["revoked_at", "revoked_by"])
    record("key.revoke", f"person:{row.person_id}", by=by, unit=unit, now=now, **_facts(row))
    if by is None or by.pk != row.person_id:
        _tell(row, unit, by, now, _REVOKED)
    return row


def _refuse_stranger(person: Person, unit: Unit, by: Person, now: datetime) -> None:
    today = local_date(now)
    if not may(by, Role.ADMINISTRATOR, unit, today):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))
    if not Membership.objects.filter(valid_on(today), person=person, unit=unit).exists():
        raise Refusal("not-here", _("This person does not work here."))


def _tell(
    row: PersonKey, unit: Unit | None, by: Person | None, now: datetime, title: "_StrPromise"
) -> None:
    notify(
        kind=KEY,
        to=[row.person],
        unit=unit,
        subject=f"person:{row.person_id}",
        title=format_lazy(title, label=row.label),
        url=reverse("trust:own"),
        now=now,
        by=by,
    )


def _ask_administrators(row: PersonKey, unit: Unit, now: datetime) -> None:
    """Whoever could confirm it is told; so is the person, in case it was not them."""
    notify(
        kind=KEY,
        to=Holders(Role.ADMINISTRATOR, unit, without=frozenset({row.person_id})),
        unit=unit,
        subject=f"person:{row.person_id}",
        title=format_lazy(_("{name} asks for a personal key"), name=row.person.full_name),
        text=_("Make sure that it is really they who registered it, then confirm it."),
        url=reverse("trust:keys"),
        now=now,
    )
    _tell(row, unit, None, now, _REGISTERED)


def _facts(row: PersonKey) -> dict[str, str]:
    return {"keyid": row.keyid, "kind": row.kind, "use": row.use, "label": row.label}


@transaction.atomic
def make_policy(*, now: datetime) -> PolicyVersion:
    """The policy of this moment, to be signed. A draft that nobody published is replaced."""
    PolicyVersion.objects.filter(published_at=None).delete()
    demonstration = is_demonstration()
    policy = derived_policy(number=next_number(), now=now, demonstration=demonstration)
    payload = encode_policy(policy)
    row = PolicyVersion.objects.create(
        number=policy.version,
        payload=payload,
        sha256=digest(payload),
        made_at=now,
        demonstration=demonstration,
    )
    record("policy.make", f"policy:{row.number}", by=None, unit=None, now=now, sha256=row.sha256)
    return row


@transaction.atomic
def note_published(*, payload: bytes, number: int, demonstration: bool, now: datetime) -> None:
    """Nodes can fetch this policy from now on. What the holders signed is what counts, whatever
    draft of this number lies here."""
    sha256 = digest(payload)
    known = PolicyVersion.objects.filter(number=number).first()
    if known is not None and known.sha256 == sha256 and known.published_at is not None:
        return
    PolicyVersion.objects.update_or_create(
        number=number,
        defaults={
            "payload": payload,
            "sha256": sha256,
            "demonstration": demonstration,
            "published_at": now,
        },
        create_defaults={
            "payload": payload,
            "sha256": sha256,
            "demonstration": demonstration,
            "published_at": now,
            "made_at": now,
        },
    )
    record("policy.publish", f"policy:{number}", by=None, unit=None, now=now, sha256=sha256)
