"""Letters about accounts. Their links are made as the letter leaves: none lies in the database."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base import clock
from vang.base.display import vi_datetime
from vang.letters.message import Content, Part
from vang.letters.models import Letter
from vang.people.models import Invitation, OneTimeLink, Person
from vang.people.tokens import new_token, token_hash

INVITATION = "invitation"
PASSWORD = "new-password"  # noqa: S105 - the name of a kind of letter
ADDRESS = "confirm-address"
ADDRESS_GONE = "address-gone"

_PASSWORD_LASTS = timedelta(hours=1)
_ADDRESS_LASTS = timedelta(days=2)


def invitation_words(letter: Letter) -> Content | None:
    """None when it was withdrawn, accepted or has expired meanwhile."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("unit", "invited_by")
        .get(pk=int(letter.reference))
    )
    settled = invitation.accepted_at or invitation.withdrawn_at
    if settled or invitation.expires_at <= clock.now() or invitation.email != letter.address:
        return None
    token = new_token()
    invitation.mail_sha256 = token_hash(token)
    invitation.save(update_fields=["mail_sha256"])
    words = {"unit": invitation.unit.full_name, "person": invitation.invited_by.full_name}
    return Content(
        subject=_("Invitation to work with Vang in %(unit)s") % words,
        greeting=_("Dear %(name)s,") % {"name": invitation.full_name},
        parts=[
            Part(
                text=_("%(person)s invites you to work with Vang in %(unit)s.") % words
                + "\n"
                + _("The link opens once, until %(when)s. Choose a sign-in name and a password.")
                % {"when": vi_datetime(invitation.expires_at)},
                url=reverse("people:invitation", args=[token]),
                action=_("Accept the invitation"),
            )
        ],
        why=_("You receive this letter because %(person)s gave your address.") % words,
    )


def password_words(letter: Letter) -> Content | None:
    """None when the account was closed or its address changed meanwhile."""
    person = _open_account(letter)
    if person is None or person.email != letter.address:
        return None
    url = _link(person, OneTimeLink.Purpose.PASSWORD, _PASSWORD_LASTS)
    return Content(
        subject=_("A new password for Vang"),
        greeting=_("Dear %(name)s,") % {"name": person.full_name},
        parts=[
            Part(
                text=_("Somebody asked for a new password for the account %(username)s.")
                % {"username": person.username}
                + "\n"
                + _("The link opens once, within one hour."),
                url=reverse("people:new-password", args=[url]),
                action=_("Choose a new password"),
            ),
            Part(text=_("If it was not you, do nothing: your password stays as it is.")),
        ],
        why=_("You receive this letter because this is the address of your account."),
    )


def address_words(letter: Letter) -> Content | None:
    """None when the account was closed meanwhile."""
    person = _open_account(letter)
    if person is None:
        return None
    url = _link(person, OneTimeLink.Purpose.ADDRESS, _ADDRESS_LASTS, letter.address)
    return Content(
        subject=_("Confirm your e-mail address"),
        greeting=_("Dear %(name)s,") % {"name": person.full_name},
        parts=[
            Part(
                text=_("Confirm that Vang may write to you at this address."),
                url=reverse("people:confirm-address", args=[url]),
                action=_("Confirm the address"),
            )
        ],
        why=_("You receive this letter because the account %(username)s gave this address.")
        % {"username": person.username},
    )


def address_gone_words(letter: Letter) -> Content | None:
    """None when the account was closed meanwhile."""
    person = _open_account(letter)
    if person is None:
        return None
    told = _("The account %(username)s no longer uses this e-mail address.")
    return Content(
        subject=_("Your e-mail address was changed"),
        greeting=_("Dear %(name)s,") % {"name": person.full_name},
        parts=[
            Part(text=told % {"username": person.username}),
            Part(text=_("If it was not you, tell the administrator of your unit at once.")),
        ],
        why=_("You receive this letter because this was the address of your account."),
    )


def _open_account(letter: Letter) -> Person | None:
    """The person whom the letter is about, read anew."""
    people = Person.objects.filter(is_active=True)
    return people.filter(pk=letter.person_id).first() if letter.person_id else None


def _link(person: Person, purpose: str, lasts: timedelta, email: str = "") -> str:
    """A new link; older ones of the same purpose that were not used open nothing any more."""
    now, token = clock.now(), new_token()
    OneTimeLink.objects.filter(person=person, purpose=purpose, used_at=None).delete()
    OneTimeLink.objects.create(
        purpose=purpose,
        person=person,
        email=email,
        sha256=token_hash(token),
        created_at=now,
        expires_at=now + lasts,
    )
    return token
