"""A person's e-mail address: only a confirmed one is kept and written to."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.letters.services import letters_leave, write_letter
from vang.people import events
from vang.people.letters import ADDRESS, ADDRESS_GONE
from vang.people.models import OneTimeLink, Person
from vang.people.services.accounts import forget_links


def clean_address(text: str) -> str:
    """The address with its domain in small letters. Raises Refusal."""
    local, at, domain = text.strip().rpartition("@")
    address = f"{local}{at}{domain.lower()}"
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal("bad-address", _("This is no e-mail address.")) from error
    return address


def confirm_soon(*, person: Person, email: str, now: datetime) -> None:
    """Write to the address; it becomes the person's once the letter's link is used.

    Raises Refusal for a bad address, or without a mail server.
    """
    write_letter(
        kind=ADDRESS,
        address=clean_address(email),
        person=person,
        language=person.language,
        now=now,
    )


@transaction.atomic
def change_address(*, person: Person, email: str, now: datetime) -> None:
    """Ask to confirm another address, or give up the present one ("")."""
    if email:
        confirm_soon(person=person, email=email, now=now)
        return
    _replace(person, "", now)
    record("person.remove-address", f"person:{person.pk}", by=person, unit=None, now=now)


@transaction.atomic
def confirm_address(*, link: OneTimeLink, now: datetime) -> Person:
    """The address of a used link becomes the person's. Raises Refusal for a link used before."""
    fresh = OneTimeLink.objects.select_for_update().get(pk=link.pk)
    if fresh.used_at is not None or fresh.expires_at <= now:
        raise Refusal("link-used", LINK_USED)
    fresh.used_at = now
    fresh.save(update_fields=["used_at"])
    person = Person.objects.get(pk=fresh.person_id)
    _replace(person, fresh.email, now)
    record("person.change-address", f"person:{person.pk}", by=person, unit=None, now=now)
    for told in events.account_changed:
        told(person, "address", now)
    return person


def _replace(person: Person, email: str, now: datetime) -> None:
    """The address before opens nothing any more, and is told so: it may not have been wanted."""
    before, person.email = person.email, email
    person.save(update_fields=["email"])
    forget_links(person)
    if before and before != email and letters_leave():
        write_letter(
            kind=ADDRESS_GONE, address=before, person=person, language=person.language, now=now
        )


LINK_USED = _("This link has been used or has expired. Ask for another one.")
