"""Putting what people are told into letters: at once, or together once a day.

A notice belongs to one letter at most, and a letter to one person; the letter is made in the
same transaction, so that nothing is mailed twice or left out.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from vang.base.clock import VIETNAM
from vang.letters.models import Letter
from vang.letters.services import letters_leave, write_letter
from vang.notices.models import FIRST_HOUR, DailyHour, Mail, Notice
from vang.people.models import Person

AT_ONCE = "notices"
DAILY = "notices-of-the-day"
_BREATH = timedelta(minutes=5)
_PEOPLE_AT_ONCE = 500


def letters_due(*, now: datetime) -> int:
    """Make the letters whose time has come. Returns how many were made."""
    if not letters_leave():
        return 0
    return _at_once(now) + _of_the_day(now)


def _at_once(now: datetime) -> int:
    """A person gets a letter at most every five minutes; what comes between goes together."""
    waiting = _readers(Mail.AT_ONCE)
    lately = Letter.objects.filter(person__in=waiting, kind=AT_ONCE)
    busy = set(lately.filter(created_at__gt=now - _BREATH).values_list("person", flat=True)) | set(
        lately.filter(state=Letter.State.WAITING).values_list("person", flat=True)
    )
    due = [person for person in waiting if person.pk not in busy]
    return sum(_write(person, Mail.AT_ONCE, now) for person in due)


def _of_the_day(now: datetime) -> int:
    local = now.astimezone(VIETNAM)
    waiting = _readers(Mail.DAILY)
    hours = dict(DailyHour.objects.filter(person__in=waiting).values_list("person", "hour"))
    due = [person for person in waiting if hours.get(person.pk, FIRST_HOUR) <= local.hour]
    keys = {person.pk: f"{DAILY}:{person.pk}:{local.date()}" for person in due}
    had = set(Letter.objects.filter(once__in=keys.values()).values_list("person", flat=True))
    return sum(
        _write(person, Mail.DAILY, now, once=keys[person.pk])
        for person in due
        if person.pk not in had
    )


def _readers(mail: Mail) -> list[Person]:
    """People with something to be mailed, longest known first."""
    keys = _to_mail(mail).order_by().values("person").distinct()
    people = Person.objects.filter(pk__in=keys, is_active=True).exclude(email="")
    return list(people.order_by("pk")[:_PEOPLE_AT_ONCE])


def _to_mail(mail: Mail) -> QuerySet[Notice]:
    return Notice.objects.filter(mail=mail, letter=None, read_at=None)


def _write(person: Person, mail: Mail, now: datetime, once: str = "") -> int:
    with transaction.atomic():
        mine = _to_mail(mail).filter(person=person).order_by("created_at", "pk")
        keys = list(mine.select_for_update().values_list("pk", flat=True))
        if not keys:
            return 0  # another worker was faster
        letter = write_letter(
            kind=DAILY if mail == Mail.DAILY else AT_ONCE,
            address=person.email,
            person=person,
            language=person.language,
            now=now,
            once=once,
        )
        if letter.created_at != now:
            return 0  # the day's letter was written by another worker
        Notice.objects.filter(pk__in=keys).update(letter=letter)
    return 1
