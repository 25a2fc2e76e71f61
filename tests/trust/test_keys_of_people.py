"""A key counts when somebody else has vouched for it, and ends at once."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.protocol.province import passkey
from tests.refusals import refused
from tests.trust.conftest import ask, keyed
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.models import PersonKey
from vang.trust.services import MOST_KEYS, approve_key, revoke_key
from vang_protocol.envelopes import SigningKey
from vang_protocol.personal_keys import KeyKind, PersonalKey

pytestmark = pytest.mark.usefixtures("data")


def software() -> PersonalKey:
    return PersonalKey(KeyKind.ED25519, SigningKey.generate().public.public)


def test_asked_for_it_waits_a_day_and_for_a_second(
    xa_a: Unit, binh: Person, quan: Person, now: datetime
) -> None:
    row = ask(binh, xa_a, now)
    assert (row.approved_by, row.counts_from) == (None, now + timedelta(hours=24))
    told = set(Notice.objects.values_list("person", flat=True))
    assert told == {quan.pk, binh.pk}
    entry = Entry.objects.get(action="key.ask")
    assert (entry.subject, entry.detail["keyid"]) == (f"person:{binh.pk}", row.keyid)


def test_a_second_administrator_confirms(
    xa_a: Unit, binh: Person, quan: Person, now: datetime
) -> None:
    row = approve_key(key=ask(binh, xa_a, now), unit=xa_a, by=quan, now=now)
    assert (row.approved_by, row.approved_at) == (quan, now)
    with refused("key-approved"):
        approve_key(key=row, unit=xa_a, by=quan, now=now)


def test_never_the_person_nor_who_asked(
    xa_a: Unit, binh: Person, quan: Person, mai: Person, now: datetime
) -> None:
    own = ask(quan, xa_a, now)
    with refused("own-key"):
        approve_key(key=own, unit=xa_a, by=quan, now=now)
    for_him = ask(binh, xa_a, now, by=mai)
    with refused("own-key"):
        approve_key(key=for_him, unit=xa_a, by=mai, now=now)


@pytest.mark.parametrize("asked_by", ["binh", "quan"])
def test_the_database_refuses_it_too(
    xa_a: Unit, binh: Person, quan: Person, now: datetime, asked_by: str
) -> None:
    someone = {"binh": binh, "quan": quan}
    row = ask(binh, xa_a, now, by=someone[asked_by])
    row.approved_by, row.approved_at = someone[asked_by], now
    with (
        pytest.raises(IntegrityError, match="personkey_approved_by_a_second"),
        transaction.atomic(),
    ):
        row.save()


def test_only_an_administrator_of_where_the_person_works(
    xa_a: Unit, binh: Person, hanh: Person, chi: Person, now: datetime
) -> None:
    row = ask(binh, xa_a, now)
    for stranger, unit in ((hanh, xa_a), (chi, xa_a)):
        with refused("not-allowed"):
            approve_key(key=row, unit=unit, by=stranger, now=now)
    with refused("not-here"):
        approve_key(key=row, unit=chi.memberships.first().unit, by=chi, now=now)


def test_a_key_in_a_file_is_refused_outside_a_demonstration(
    xa_a: Unit, binh: Person, now: datetime
) -> None:
    with refused("software-key"):
        ask(binh, xa_a, now, key=software(), credential_id="", relying_party="")


def test_one_key_is_one_persons_for_ever(
    xa_a: Unit, binh: Person, hanh: Person, now: datetime
) -> None:
    row = ask(binh, xa_a, now)
    revoke_key(key=row, by=binh, unit=xa_a, now=now)
    with refused("key-known"):
        ask(hanh, xa_a, now, key=passkey("binh").key)


def test_not_endlessly_many(xa_a: Unit, binh: Person, now: datetime) -> None:
    for number in range(MOST_KEYS):
        ask(binh, xa_a, now, key=passkey(f"binh-{number}").key)
    with refused("too-many-keys"):
        ask(binh, xa_a, now, key=passkey("binh-more").key)


def test_ended_by_the_person_or_an_administrator_once(
    xa_a: Unit, binh: Person, hanh: Person, quan: Person, now: datetime
) -> None:
    row = keyed(binh, xa_a, quan, now)
    with refused("not-allowed"):
        revoke_key(key=row, by=hanh, unit=xa_a, now=now)
    revoke_key(key=row, by=quan, unit=xa_a, now=now)
    assert PersonKey.objects.get().revoked_by == quan
    with refused("key-revoked"):
        revoke_key(key=row, by=binh, unit=xa_a, now=now)
    with refused("key-revoked"):
        approve_key(key=row, unit=xa_a, by=quan, now=now)
