"""Telling people, and what they do with what they were told."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.notices.jobs import ask_to_gather
from vang.notices.kinds import kind_named
from vang.notices.models import DailyHour, Mail, Notice, Preference
from vang.notices.recipients import To, people_meant
from vang.orgs.models import Unit
from vang.people.models import Person

_TITLE_CHARS = 200
_TEXT_CHARS = 1_000
_KEEP = timedelta(days=365)


def notify(
    *,
    kind: str,
    to: To,
    unit: Unit | None,
    subject: str,
    title: str | Promise,
    url: str,
    now: datetime,
    text: str | Promise = "",
    by: Person | None = None,
    once: str = "",
) -> int:
    """Tell people something, each in their own language. Returns how many were told.

    ``subject`` is kind and key as in the journal ("bulletin:12"). ``title`` and ``text`` may be
    lazy (``format_lazy``). ``by`` did it and needs not be told. With ``once`` a person is told
    only the first time. Letters follow by themselves, after the commit; nothing waits for them.
    """
    found = kind_named(kind)
    people = [one for one in people_meant(to, local_date(now)) if by is None or one.pk != by.pk]
    if once:
        told = Notice.objects.filter(once=once, person__in=people).values_list("person", flat=True)
        known = set(told)
        people = [one for one in people if one.pk not in known]
    chosen = _chosen(people, kind)
    made = [
        Notice(
            person=one,
            kind=kind,
            unit=unit,
            subject=subject,
            title=_said(title, one)[:_TITLE_CHARS],
            text=_said(text, one)[:_TEXT_CHARS],
            url=url,
            created_at=now,
            mail=chosen.get(one.pk, found.mail) if one.email else Mail.NEVER,
            once=once,
        )
        for one in people
    ]
    # Somebody who was faster with the same ``once`` has told it.
    Notice.objects.bulk_create(made, ignore_conflicts=bool(once))
    if any(notice.mail == Mail.AT_ONCE for notice in made):
        transaction.on_commit(ask_to_gather)
    return len(made)


def _chosen(people: Collection[Person], kind: str) -> Mapping[int, str]:
    rows = Preference.objects.filter(person__in=people, kind=kind)
    return dict(rows.values_list("person", "mail"))


def _said(text: str | Promise, reader: Person) -> str:
    with translation.override(reader.language):
        return clean_text(str(text)).strip()


def mark_read(*, notice: Notice, now: datetime) -> None:
    """Once read, the first reading counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_unread(*, notice: Notice) -> None:
    """Put it back among what is still to read."""
    Notice.objects.filter(pk=notice.pk).update(read_at=None)


def mark_all_read(*, person: Person, now: datetime) -> int:
    """Everything of one person. Returns how many were unread."""
    return Notice.objects.filter(person=person, read_at=None).update(read_at=now)


def settle(*, subject: str, kinds: Collection[str], now: datetime) -> int:
    """The matter is done: whoever was told of it and has not read it needs not any more."""
    left = Notice.objects.filter(subject=subject, kind__in=kinds, read_at=None)
    return left.update(read_at=now)


@transaction.atomic
def choose_mail(
    *, person: Person, choices: Mapping[str, str], hour: int, language: str, now: datetime
) -> None:
    """How the person wants to be written to: by kind, at which hour, in which language.

    Raises Refusal for an unknown choice or hour.
    """
    if not 0 <= hour <= 23 or not set(choices.values()) <= set(Mail.values):
        raise Refusal("unknown-choice", _("Choose one of the offered times."))
    for kind, mail in choices.items():
        Preference.objects.update_or_create(
            person=person, kind=kind_named(kind).name, defaults={"mail": mail}
        )
    DailyHour.objects.update_or_create(person=person, defaults={"hour": hour})
    person.language = language
    person.save(update_fields=["language"])
    record("person.choose-mail", f"person:{person.pk}", by=person, unit=None, now=now)


def forget_notices(*, now: datetime) -> int:
    """Remove what is older than a year. Returns how many."""
    return Notice.objects.filter(created_at__lt=now - _KEEP).delete()[0]
