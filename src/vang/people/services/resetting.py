"""A forgotten password, by letter."""

from datetime import datetime, timedelta

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.letters.models import Letter
from vang.letters.services import letters_leave, write_letter
from vang.people import events
from vang.people.letters import PASSWORD
from vang.people.models import OneTimeLink, Person
from vang.people.services.accounts import forget_links
from vang.people.services.addresses import LINK_USED
from vang.people.services.sessions import end_sessions

_AN_HOUR = timedelta(hours=1)
_LETTERS_AN_HOUR = 3
_ACCOUNTS_OF_AN_ADDRESS = 5


def send_new_password(*, given: str, now: datetime) -> int:
    """Write to whoever bears this sign-in name or address, at most three letters an hour each.

    Returns how many letters were written; nobody who asks is told.
    """
    if not letters_leave() or not given:
        return 0
    known = Q(username=given.lower()) | Q(email__iexact=given)
    people = Person.objects.filter(known, is_active=True).exclude(email="").order_by("pk")
    return sum(_write(person, now) for person in people[:_ACCOUNTS_OF_AN_ADDRESS])


def _write(person: Person, now: datetime) -> int:
    lately = Letter.objects.filter(person=person, kind=PASSWORD, created_at__gt=now - _AN_HOUR)
    if lately.count() >= _LETTERS_AN_HOUR:
        return 0
    write_letter(
        kind=PASSWORD, address=person.email, person=person, language=person.language, now=now
    )
    return 1


@transaction.atomic
def choose_new_password(*, link: OneTimeLink, password: str, now: datetime) -> Person:
    """Use the link: the new password holds, every session ends, a locked account opens.

    A second proof is still asked for at the next sign-in. Raises Refusal for a link used before,
    django ValidationError for a weak password.
    """
    fresh = OneTimeLink.objects.select_for_update().get(pk=link.pk)
    person = Person.objects.get(pk=fresh.person_id)
    if fresh.used_at is not None or fresh.expires_at <= now or not person.is_active:
        raise Refusal("link-used", LINK_USED)
    validate_password(password, person)
    fresh.used_at = now
    fresh.save(update_fields=["used_at"])
    person.set_password(password)
    person.save(update_fields=["password"])
    forget_links(person)
    end_sessions(person=person)
    reset(username=person.username)
    record("person.reset-own-password", f"person:{person.pk}", by=person, unit=None, now=now)
    for told in events.account_changed:
        told(person, "password", now)
    return person
