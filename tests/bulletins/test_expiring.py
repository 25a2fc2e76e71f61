"""The day after its last one, a bulletin is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.bulletins.newsroom import NOTICE, released, reread
from vang.bulletins import events, services
from vang.bulletins.models import Edition
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person

LAST = date(2026, 6, 12)
MIDNIGHT = datetime(2026, 6, 12, 17, 0, tzinfo=UTC)  # 13/06/2026, 0:00 in Vietnam


@pytest.fixture
def edition(an: Person, binh: Person, xa_a: Unit, now: datetime) -> Edition:
    return released(xa_a, an, binh, now, replace(NOTICE, valid_until=LAST))


def test_it_holds_to_the_end_of_its_last_day(
    edition: Edition, django_capture_on_commit_callbacks: object
) -> None:
    told: list[Edition] = []
    events.expired.append(told.append)
    try:
        assert edition.valid_until == LAST
        assert services.expire_due(now=MIDNIGHT - timedelta(seconds=1)) == 0
        assert reread(edition.bulletin).state == "RELEASED"
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert services.expire_due(now=MIDNIGHT) == 1
        assert services.expire_due(now=MIDNIGHT) == 0
    finally:
        events.expired.remove(told.append)
    assert reread(edition.bulletin).state == "EXPIRED"
    assert told == [edition]
    step = edition.bulletin.steps.get(verb="expire")
    assert (step.by, step.at) == (None, MIDNIGHT)
    assert Entry.objects.get(action="expire-bulletin").by is None


def test_what_has_no_last_day_or_was_withdrawn_does_not_expire(
    an: Person, binh: Person, xa_a: Unit, edition: Edition, now: datetime
) -> None:
    lasting = released(xa_a, an, binh, now)
    services.withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=an, now=now)
    assert services.expire_due(now=MIDNIGHT + timedelta(days=400)) == 0
    assert reread(lasting.bulletin).state == "RELEASED"
    assert reread(edition.bulletin).state == "WITHDRAWN"


def test_what_is_being_corrected_expires_afterwards(
    an: Person, edition: Edition, now: datetime
) -> None:
    services.start_correction(
        bulletin=edition.bulletin, wrong="Sai ngày.", because="Nghe nhầm.", by=an, now=now
    )
    assert services.expire_due(now=MIDNIGHT) == 0
    services.give_up_correction(bulletin=edition.bulletin, by=an, now=now)
    assert services.expire_due(now=MIDNIGHT) == 1
