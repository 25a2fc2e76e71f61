"""Reading who works where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from vang.base.text import fold
from vang.orgs.models import Unit
from vang.orgs.queries import at_or_under, valid_on
from vang.people.access import counts_at
from vang.people.acting import in_force
from vang.people.browsers import browser_words
from vang.people.models import Delegation, Invitation, Membership, Person, SignInSession
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


def deputies(unit: Unit, role: str, on: date) -> QuerySet[Delegation]:
    """Delegations in force by which somebody may act as ``role`` for the unit."""
    lent = Delegation.objects.filter(
        in_force(on), counts_at(unit), role__in=bringing(role), delegate__is_active=True
    )
    return lent.select_related("delegate").order_by("delegate__full_name", "pk")


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


def delegations_here(unit: Unit, on: date) -> tuple[QuerySet[Delegation], QuerySet[Delegation]]:
    """Those that run or are to come, soonest first, and the fifty that ended last."""
    mine = Delegation.objects.filter(unit=unit).select_related(
        "principal", "delegate", "given_by", "ended_by"
    )
    over = Q(valid_to__lte=on)
    return (
        mine.filter(~over | Q(valid_to=None)).order_by("valid_from", "pk"),
        mine.filter(over).order_by("-valid_to", "-pk")[:50],
    )


def people_below(
    tops: QuerySet[Unit], on: date, *, text: str = "", role: str = ""
) -> QuerySet[Person]:
    """Everybody with a role at those units or below, by name; ``text`` as typed, marks or not."""
    units = Unit.objects.filter(at_or_under(tops))
    held = Membership.objects.filter(valid_on(on), person=OuterRef("pk"), unit__in=units)
    if role:
        held = held.filter(role=role)
    found = Person.objects.filter(Exists(held), is_active=True)
    for word in fold(text).split():
        found = found.filter(Q(search_key__contains=word) | Q(username__contains=word))
    return found.order_by("full_name", "pk")


def roles_below(
    people: Iterable[Person], tops: QuerySet[Unit], on: date
) -> dict[int, list[Membership]]:
    """By person's key: their roles at those units and below, with the units."""
    units = Unit.objects.filter(at_or_under(tops))
    held = Membership.objects.filter(valid_on(on), person__in=people, unit__in=units)
    found: dict[int, list[Membership]] = {}
    for membership in held.select_related("unit").order_by("unit__name", "role", "pk"):
        found.setdefault(membership.person_id, []).append(membership)
    return found


def everybody_ever(unit: Unit) -> QuerySet[Person]:
    """Whoever holds or once held a role at the unit, by name."""
    held = Membership.objects.filter(unit=unit, person=OuterRef("pk"))
    return Person.objects.filter(Exists(held)).order_by("full_name", "pk")
