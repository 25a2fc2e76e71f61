"""Accounts and roles."""

import secrets
from datetime import date, datetime

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.journal.services import record
from vang.letters.models import Letter
from vang.orgs.models import Unit
from vang.people import events
from vang.people.letters import ADDRESS
from vang.people.models import Membership, OneTimeLink, Person
from vang.people.services.sessions import end_sessions

Purpose = OneTimeLink.Purpose

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
    person = Person(
        username=username,
        full_name=_one_line(full_name),
        title=_one_line(title),
        created_at=now,
    )
    person.search_key = fold(f"{person.full_name} {person.title}")[:200]
    validate_password(password, person)
    person.set_password(password)
    person.save()
    record("person.create", f"person:{person.pk}", by=by, unit=unit, now=now, username=username)
    return person


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


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
    for told in events.role_given:
        told(membership, by, now)
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: Person, now: datetime, on: date) -> None:
    """End a role on ``on`` (the first day on which it no longer holds). Raises Refusal."""
    if membership.valid_to is not None and membership.valid_to <= on:
        raise Refusal("role-ended", _("This role has already ended."))
    if membership.person_id == by.pk and membership.role == Membership.Role.ADMINISTRATOR:
        raise Refusal("own-administration", _("You cannot end your own administration."))
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
    """A new random password, returned once; old sessions end and a locked account opens.

    Raises Refusal for somebody who also holds a role outside ``unit``: whoever sets a password
    could act in that role.
    """
    refuse_if_works_elsewhere(person, unit, now)
    password = random_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    forget_links(person)
    end_sessions(person=person)
    reset(username=person.username)
    record("person.reset-password", f"person:{person.pk}", by=by, unit=unit, now=now)
    for told in events.account_changed:
        told(person, "password-by-administrator", now)
    return password


def refuse_if_works_elsewhere(person: Person, unit: Unit, now: datetime) -> None:
    """Whoever opens an account could act in all its roles. Raises Refusal."""
    elsewhere = Membership.objects.filter(still_to_hold(local_date(now)), person=person)
    if elsewhere.exclude(unit=unit).exists():
        raise Refusal("role-elsewhere", _ROLE_ELSEWHERE)


def still_to_hold(on: date) -> Q:
    """Roles in force on that day or to begin after it."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on)


@transaction.atomic
def change_password(*, person: Person, password: str, now: datetime, session: str = "") -> None:
    """The person's own choice; they stay signed in only in the session of that key.

    Raises django ValidationError for a weak one.
    """
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    forget_links(person)
    end_sessions(person=person, but=session)
    record("person.change-password", f"person:{person.pk}", by=person, unit=None, now=now)
    for told in events.account_changed:
        told(person, "password", now)


def forget_links(person: Person, *purposes: str) -> None:
    """Links that were not used open nothing any more, nor do those of letters yet to leave."""
    links = OneTimeLink.objects.filter(person=person, purpose__in=purposes or Purpose.values)
    links.filter(used_at=None).delete()
    if not purposes or Purpose.ADDRESS in purposes:
        waiting = Letter.objects.filter(person=person, kind=ADDRESS, state=Letter.State.WAITING)
        waiting.update(state=Letter.State.DROPPED)


_ROLE_ELSEWHERE = _(
    "This person also has a role in another unit. Ask the administrator of the level above."
)
