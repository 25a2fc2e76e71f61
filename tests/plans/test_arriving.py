"""Reminders and the call to the leader really arrive: on the page and by mail, a deputy's too."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client

from tests.letters.conftest import post_office as post_office  # noqa: PLC0414 - a fixture
from tests.letters.post_office import PostOffice, text_of
from tests.notices.telling import with_address
from vang.base import clock
from vang.letters.delivering import deliver_due
from vang.notices.gathering import letters_due
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.people.services.delegating import Terms, delegate
from vang.plans import services
from vang.plans.models import Plan

SignedIn = Callable[[Person], Client]
DUE = date(2026, 11, 10)


@pytest.fixture
def _deputy(
    xa_a: Unit, an: Person, binh: Person, hanh: Person, tech: Person, now: datetime
) -> None:
    """Tú leads for Hạnh; all have an address."""
    for someone in (an, binh, hanh, tech):
        with_address(someone)
    terms = Terms("LEADER", "KT", "Chủ tịch", "Phó Chủ tịch", now.date(), None)
    delegate(unit=xa_a, principal=hanh, deputy=tech, terms=terms, by=hanh, now=now)


def post(at: datetime, office: PostOffice) -> dict[str, EmailMessage]:
    """What the worker does at that moment: each letter by whom it reaches."""
    office.taken.clear()
    services.remind_due(now=at)
    letters_due(now=at)
    deliver_due(clock=lambda: at)
    return {str(message["To"]).partition("@")[0]: message for message in office.taken}


@pytest.mark.usefixtures("_still", "_deputy")
def test_reminders_reach_the_writer_and_at_last_the_leader_and_who_stands_in(
    plan: Plan, an: Person, binh: Person, hanh: Person, tech: Person, chi: Person, now: datetime,
    post_office: PostOffice, signed_in: SignedIn,
) -> None:  # fmt: skip
    task = plan.tasks.get(occurrences__due_on=DUE)
    task.occurrences.exclude(due_on=DUE).update(done_on=date(2026, 6, 1))
    plan.tasks.exclude(pk=task.pk).delete()
    address = f"/plans/tasks/{task.pk}"
    noon = datetime(2026, 11, 10, 5, tzinfo=now.tzinfo)  # 12:00 in Vietnam

    def read(someone: Person, at: datetime, words: str) -> None:
        """The notice stands on the page and leads to the task."""
        clock.use_clock(clock.ManualClock(at))
        mine = signed_in(someone)
        assert words in mine.get("/notices/").content.decode()
        notice = Notice.objects.filter(person=someone, title__startswith=words).latest("pk")
        answer = mine.post(f"/notices/{notice.pk}/open", follow=True)
        assert answer.redirect_chain == [(address, 302)]
        assert answer.status_code == 200

    assert set(post(now, post_office)) == {"tu"}, "who stands in"
    week_before = noon - timedelta(days=7)
    letters = post(week_before, post_office)
    assert set(letters) == {"an"}
    assert "Hạn 10/11/2026" in text_of(letters["an"])
    assert address in text_of(letters["an"])
    read(an, week_before, "Hạn 10/11/2026")

    after = noon + timedelta(days=3)
    letters = post(after, post_office)
    assert set(letters) == {"an", "binh", "hanh", "tu"}
    for someone in (hanh, tech):
        assert "Quá hạn từ 10/11/2026" in text_of(letters[someone.username])
        read(someone, after, "Quá hạn từ 10/11/2026")
    assert post(after + timedelta(days=2), post_office) == {}
    assert signed_in(chi).get(address).status_code == 404
