"""Correcting, withdrawing and placing at once, on a real database with real threads."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.airtime.factories import three_clusters
from tests.bulletins.test_races import at_once
from tests.channels.releasing import correcting, released, row
from vang.airtime.models import Placement
from vang.airtime.services import place_once
from vang.base.clock import VIETNAM
from vang.bulletins import services
from vang.bulletins.models import Bulletin, Delivery, Edition
from vang.channels.working import work_off
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 6, 10, 19, 0, tzinfo=VIETNAM)
Acts = dict[str, Callable[[], object]]


@pytest.fixture
def wrong(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    """Out, and its correction approved."""
    three_clusters(xa_a)
    edition = released(xa_a, an, binh, now)
    correcting(edition, an, binh, now)
    return edition


@pytest.fixture
def acts(wrong: Edition, binh: Person, now: datetime) -> Acts:
    bulletin = wrong.bulletin
    return {
        "correct": lambda: services.release_bulletin(bulletin=bulletin, by=binh, now=now),
        "withdraw": lambda: services.withdraw_bulletin(
            bulletin=bulletin, reason="Hoãn.", by=binh, now=now
        ),
        "place": lambda: place_once(edition=wrong, start=START, by=binh, now=now),
    }


def assert_nothing_wrong_is_left(wrong: Edition) -> None:
    """Whoever was faster: the wrong text has no place on the air and every channel is told."""
    wrong.refresh_from_db()
    right = Edition.objects.filter(corrects=wrong).first()
    open_places = Placement.objects.filter(edition=wrong, stopped_at=None)
    assert wrong.withdrawn_at is not None or not open_places.exists()
    if right is None:
        assert wrong.withdrawn_at is not None
    for edition in filter(None, (wrong, right)):
        if edition.withdrawn_at is not None:
            assert {d.act for d in edition.deliveries.all()} == {"WITHDRAW"}


def test_correction_against_withdrawal(wrong: Edition, acts: Acts) -> None:
    outcomes = at_once(acts["correct"], acts["withdraw"])
    assert outcomes in (["done", "done"], ["wrong-state", "done"])
    assert wrong.bulletin.editions.filter(withdrawn_at=None).count() == 0
    assert Bulletin.objects.get().state == Bulletin.State.WITHDRAWN
    assert_nothing_wrong_is_left(wrong)


def test_correction_against_placing_the_wrong_text(wrong: Edition, acts: Acts) -> None:
    corrected, placed = at_once(acts["correct"], acts["place"])
    assert corrected == "done"
    assert placed in {"done", "corrected"}
    right = Edition.objects.get(corrects=wrong)
    if placed == "done":
        assert Placement.objects.filter(edition=right, start=START).exists()
    assert_nothing_wrong_is_left(wrong)


def test_all_three_at_once(wrong: Edition, acts: Acts) -> None:
    outcomes = at_once(*acts.values())
    assert outcomes[1] == "done"
    assert_nothing_wrong_is_left(wrong)


def test_two_correct_the_same_edition_and_one_edition_follows(
    wrong: Edition, an: Person, binh: Person, now: datetime
) -> None:
    outcomes = at_once(
        *(
            lambda by=by: services.release_bulletin(bulletin=wrong.bulletin, by=by, now=now)
            for by in (an, binh)
        )
    )
    assert sorted(outcomes) == ["done", "wrong-state"]
    assert Edition.objects.filter(corrects=wrong).count() == 1


def test_many_workers_deliver_once(wrong: Edition, now: datetime) -> None:
    def work() -> None:
        work_off(now=now)

    Delivery.objects.filter(channel="portal").update(state="QUEUED", due_at=now)
    assert at_once(work, work, work) == ["done"] * 3
    assert row(wrong, "portal").state == "DONE"
