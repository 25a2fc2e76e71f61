"""Today's air in a few lines."""

from datetime import datetime, timedelta

from tests.desk import at_work
from vang.desk.loudspeakers import air_of
from vang.dispatch.models import PlannedItem
from vang.orgs.models import Unit
from vang.people.models import Person


def test_next_today_in_order_and_not_what_was_taken_off(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    place = at_work.cluster(xa_a, 1)
    second = at_work.planned(edition, [place], now + timedelta(hours=5))
    first = at_work.planned(edition, [place], now + timedelta(hours=1))
    gone = at_work.planned(edition, [place], now + timedelta(hours=2))
    at_work.planned(edition, [place], now + timedelta(days=1))
    PlannedItem.objects.filter(pk=gone.pk).update(withdrawn_at=now)
    assert [on_air.item for on_air in air_of(xa_a, now).coming] == [first, second]


def test_when_the_day_is_over_the_very_next_one(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    place = at_work.cluster(xa_a, 1)
    tomorrow = at_work.planned(edition, [place], now + timedelta(days=1))
    at_work.planned(edition, [place], now + timedelta(days=2))
    assert [on_air.item for on_air in air_of(xa_a, now).coming] == [tomorrow]


def test_lately_says_the_worst_that_is_known(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    places = [at_work.cluster(xa_a, number) for number in (1, 2, 3)]
    item = at_work.planned(edition, places, now - timedelta(hours=1))
    for place in places:
        at_work.became(item, place, "DONE", "", now)
    [found] = air_of(xa_a, now).lately
    assert (found.state, found.played, found.clusters) == ("DONE", 3, 3)
    at_work.became(item, places[2], "MISSED", "node-off", now)
    [found] = air_of(xa_a, now).lately
    assert (found.state, found.played) == ("MISSED", 2)


def test_lately_ends_after_a_day(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    at_work.planned(edition, [at_work.cluster(xa_a, 1)], now - timedelta(hours=25))
    assert air_of(xa_a, now).lately == []
    assert len(air_of(xa_a, now - timedelta(hours=2)).lately) == 1
