"""Accounts and roles."""

import secrets
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Membership, Person

# Without letters and digits that are mistaken for each other when read aloud or written down.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


def random_password() -> str:
    """About 69 random bits in four short groups, easy to read from paper."""
    groups = ["".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(3)]
    return "-".join([*groups, secrets.choice(_LEGIBLE) + secrets.choice(_LEGIBLE)])


@transaction.atomic
def create_person(
    *,
    username: str,
    full_name: str,
    password: str,
    by: Person | None,
    unit: Unit | None,
    now: datetime,
    title: str = "",
) -> Person:
    """A new account without any role. Raises Refusal, django ValidationError (weak password)."""
    if Person.objects.filter(username=username).exists():
        raise Refusal("username-taken", _("This sign-in name is already used."))
    person = Person(username=username, full_name=clean_text(full_name), title=title, created_at=now)
    validate_password(password, person)
    person.set_password(password)
    person.save()
    record("person.create", f"person:{person.pk}", by=by, unit=unit, now=now, username=username)
    return person


@transaction.atomic
def grant_role(
    *, person: Person, unit: Unit, role: str, since: date, by: Person | None, now: datetime
) -> Membership:
    """Give a role from ``since`` on; giving it twice changes nothing."""
    held = Membership.objects.filter(
        person=person, unit=unit, role=role, valid_to__isnull=True
    ).first()
    if held is not None:
        return held
    membership = Membership.objects.create(person=person, unit=unit, role=role, valid_from=since)
    record("role.grant", f"person:{person.pk}", by=by, unit=unit, now=now, role=role)
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: Person, now: datetime, on: date) -> None:
    """End a role on ``on`` (the first day on which it no longer holds)."""
    if membership.valid_from >= on:
        membership.delete()
    else:
        membership.valid_to = on
        membership.save(update_fields=["valid_to"])
    record(
        "role.end",
        f"person:{membership.person_id}",
        by=by,
        unit=membership.unit,
        now=now,
        role=membership.role,
    )


@transaction.atomic
def reset_password(*, person: Person, unit: Unit, by: Person, now: datetime) -> str:
    """A new random password, returned once; the old sessions end."""
    password = random_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    record("person.reset-password", f"person:{person.pk}", by=by, unit=unit, now=now)
    return password
