"""Asking somebody in, and coming in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.letters.services import letters_leave, write_letter
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.letters import INVITATION
from vang.people.models import Invitation, Person
from vang.people.roles import ROLES_TO_GIVE
from vang.people.services.accounts import create_person, grant_role
from vang.people.services.addresses import clean_address, confirm_soon
from vang.people.tokens import new_token, token_hash

LASTS = timedelta(days=7)


@transaction.atomic
def invite(
    *,
    unit: Unit,
    full_name: str,
    title: str,
    email: str,
    roles: Sequence[str],
    by: Person,
    now: datetime,
) -> tuple[Invitation, str]:
    """Invite somebody; with an address a letter goes out too. Returns the link's token, which is
    shown once and kept nowhere. Raises Refusal."""
    _guard(unit, by, now)
    name = " ".join(clean_text(full_name).split())
    wanted = [role for role in Role.values if role in roles]
    if not name:
        raise Refusal("name-missing", _("Give the name."))
    if not wanted or not set(roles) <= set(ROLES_TO_GIVE[unit.level]):
        raise Refusal("roles-missing", _("Choose at least one role of this unit."))
    token = new_token()
    invitation = Invitation.objects.create(
        unit=unit,
        full_name=name,
        title=" ".join(clean_text(title).split()),
        email=clean_address(email) if email else "",
        roles=wanted,
        link_sha256=token_hash(token),
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
    )
    subject = f"invitation:{invitation.pk}"
    record("invitation.make", subject, by=by, unit=unit, now=now, name=name, roles=wanted)
    _write(invitation, now)
    return invitation, token


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: Person, now: datetime) -> str:
    """Another seven days under another link; the old links open nothing. Raises Refusal."""
    fresh = _locked(invitation)
    _guard(fresh.unit, by, now)
    _refuse_settled(fresh)
    token = new_token()
    fresh.link_sha256, fresh.mail_sha256 = token_hash(token), ""
    fresh.expires_at, fresh.invited_by = now + LASTS, by
    fresh.save()
    record("invitation.renew", f"invitation:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    _write(fresh, now)
    return token


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """The link opens nothing any more. Raises Refusal."""
    fresh = _locked(invitation)
    _guard(fresh.unit, by, now)
    _refuse_settled(fresh)
    fresh.withdrawn_at = now
    fresh.save(update_fields=["withdrawn_at"])
    record("invitation.withdraw", f"invitation:{fresh.pk}", by=by, unit=fresh.unit, now=now)


def why_void(invitation: Invitation, now: datetime) -> Refusal | None:
    """Why the invitation opens nothing now; None when it does."""
    if invitation.accepted_at is not None:
        return Refusal("invitation-used", _("This invitation has been used. Sign in."))
    if invitation.withdrawn_at is not None:
        return Refusal("invitation-withdrawn", _("This invitation was withdrawn."))
    if invitation.expires_at <= now:
        return Refusal("invitation-expired", _EXPIRED)
    if not may(invitation.invited_by, Role.ADMINISTRATOR, invitation.unit, local_date(now)):
        return Refusal("inviter-left", _INVITER_LEFT)
    return None


@transaction.atomic
def accept_as_new(
    *, invitation: Invitation, token: str, username: str, password: str, now: datetime
) -> Person:
    """A new account under a name and password of one's own, with the roles of the invitation.

    Raises Refusal, django ValidationError (weak password).
    """
    fresh = _open(invitation, token, now)
    person = create_person(
        username=username,
        full_name=fresh.full_name,
        title=fresh.title,
        password=password,
        by=None,
        unit=fresh.unit,
        now=now,
    )
    _accept(fresh, token, person, now)
    return person


@transaction.atomic
def accept_as(*, invitation: Invitation, token: str, person: Person, now: datetime) -> None:
    """Somebody who has an account takes the roles of the invitation. Raises Refusal."""
    _accept(_open(invitation, token, now), token, person, now)


def _accept(invitation: Invitation, token: str, person: Person, now: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    subject, about = f"invitation:{invitation.pk}", [f"person:{person.pk}"]
    record("invitation.accept", subject, by=person, unit=invitation.unit, now=now, about=about)
    for role in invitation.roles:
        grant_role(
            person=person,
            unit=invitation.unit,
            role=role,
            since=local_date(now),
            by=invitation.invited_by,
            now=now,
        )
    if invitation.email and not person.email:
        _take_address(invitation, token, person, now)


def _take_address(invitation: Invitation, token: str, person: Person, now: datetime) -> None:
    """Whoever came by the letter has the address; for others it must be confirmed."""
    if invitation.mail_sha256 == token_hash(token):
        person.email = invitation.email
        person.save(update_fields=["email"])
    elif letters_leave():
        confirm_soon(person=person, email=invitation.email, now=now)


def _open(invitation: Invitation, token: str, now: datetime) -> Invitation:
    fresh = _locked(invitation)
    if token_hash(token) not in {fresh.link_sha256, fresh.mail_sha256}:
        raise Refusal("invitation-renewed", _EXPIRED)
    if (reason := why_void(fresh, now)) is not None:
        raise reason
    return fresh


def _locked(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",))
    return found.select_related("unit__parent__parent", "invited_by").get(pk=invitation.pk)


def _refuse_settled(invitation: Invitation) -> None:
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise Refusal("invitation-settled", _("This invitation was accepted or withdrawn."))


def _guard(unit: Unit, by: Person, now: datetime) -> None:
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))


def _write(invitation: Invitation, now: datetime) -> None:
    if invitation.email and letters_leave():
        write_letter(
            kind=INVITATION,
            address=invitation.email,
            unit=invitation.unit,
            reference=str(invitation.pk),
            now=now,
        )


_EXPIRED = _("This invitation has expired. Ask the administrator of your unit for another link.")
_INVITER_LEFT = _(
    "Whoever sent this invitation no longer administers the unit. Ask for another link."
)
