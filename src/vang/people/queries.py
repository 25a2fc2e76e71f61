"""Reading who works where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import counts_at
from vang.people.browsers import browser_words
from vang.people.models import Invitation, Membership, Person, SignInSession
from vang.people.roles import bringing


def colleagues(unit: Unit, on: date) -> QuerySet[Membership]:
    """Roles in force at the unit, by person."""
    held = Membership.objects.filter(valid_on(on), unit=unit, person__is_active=True)
    return held.select_related("person").order_by("person__full_name", "person", "role")


def roles_here(person: Person, unit: Unit, on: date) -> QuerySet[Membership]:
    """One colleague's roles in force at this very unit."""
    return Membership.objects.filter(valid_on(on), unit=unit, person=person).order_by("role")


def team(held: Iterable[Membership]) -> list[tuple[Person, list[Membership]]]:
    """Each person once, with their roles. ``held`` comes ordered by person."""
    return [(person, list(roles)) for person, roles in groupby(held, key=lambda m: m.person)]


def holders(unit: Unit, role: str, on: date) -> QuerySet[Membership]:
    """Who may act as ``role`` for the unit by a role held there or above; each role a row."""
    held = Membership.objects.filter(
        valid_on(on), counts_at(unit), role__in=bringing(role), person__is_active=True
    )
    return held.select_related("person").order_by("person__full_name", "person")


@dataclass(frozen=True)
class Stay:
    """A session with its browser in words."""

    session: SignInSession
    browser: str


def sessions_of(person: Person, now: datetime) -> list[Stay]:
    """Where the person is signed in, latest first."""
    alive = Session.objects.filter(session_key=OuterRef("key"), expire_date__gt=now)
    mine = SignInSession.objects.filter(Exists(alive), person=person).select_related("device")
    return [Stay(session, browser_words(session.device.browser)) for session in mine]


def open_invitations(unit: Unit) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; those that have expired too, so that they are renewed."""
    still = Invitation.objects.filter(unit=unit, accepted_at=None, withdrawn_at=None)
    return still.select_related("invited_by").order_by("-created_at", "-pk")


def with_second_factor(people: Iterable[Person]) -> set[int]:
    """Keys of those whose account asks for more than a password."""
    proofs = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = Authenticator.objects.filter(user__in=people, type__in=proofs)
    return set(found.values_list("user", flat=True))
