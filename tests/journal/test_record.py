"""The office's own journal."""

from datetime import datetime

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from vang.journal.models import Entry
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person


def test_who_did_what_where_and_when(xa_a: Unit, an: Person, now: datetime) -> None:
    record("bulletin.submit", "bulletin:12", by=an, unit=xa_a, now=now, version=3)
    entry = Entry.objects.get()
    assert (entry.at, entry.by_id, entry.unit) == (now, an.pk, xa_a)
    assert (entry.action, entry.subject) == ("bulletin.submit", "bulletin:12")
    assert entry.detail == {"version": 3}


def test_the_system_itself_has_no_name(xa_a: Unit, now: datetime) -> None:
    assert record("page.write", "edition:1", by=None, unit=xa_a, now=now).by_id is None


def test_an_act_that_fails_leaves_no_trace(xa_a: Unit, an: Person, now: datetime) -> None:
    @transaction.atomic
    def act() -> None:
        record("bulletin.submit", "bulletin:12", by=an, unit=xa_a, now=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Entry.objects.exists()


def test_latest_first(xa_a: Unit, an: Person, now: datetime, later: datetime) -> None:
    record("first", "x:1", by=an, unit=xa_a, now=now)
    record("second", "x:1", by=an, unit=xa_a, now=later)
    assert [entry.action for entry in Entry.objects.all()] == ["second", "first"]


def test_a_person_in_the_journal_cannot_be_deleted(xa_a: Unit, an: Person, now: datetime) -> None:
    record("bulletin.submit", "bulletin:12", by=an, unit=xa_a, now=now)
    with pytest.raises(ProtectedError):
        an.delete()
