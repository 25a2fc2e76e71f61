"""The communes as the district sees them."""

from datetime import datetime, timedelta

from pytest_django import DjangoAssertNumQueries

from tests.desk import at_work
from vang.desk.overview import overview
from vang.orgs.models import Unit
from vang.people.models import Person


def test_each_commune_has_its_own_counts(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    at_work.waiting(xa_a, an, now, "Chờ duyệt")
    here, there = at_work.cluster(xa_a, 1), at_work.cluster(xa_a, 2)
    at_work.node(here, now)
    at_work.node(there, now - timedelta(hours=3))
    at_work.listening(now)
    item = at_work.planned(edition, [here, there], now - timedelta(hours=1))
    at_work.became(item, there, "MISSED", "node-off", now)
    a, b = overview([xa_a, xa_b], now)
    assert (a.waiting, a.released, a.not_heard, a.nodes, a.offline) == (1, 1, 1, 2, 1)
    assert (b.waiting, b.released, b.not_heard, b.nodes, b.offline) == (0, 0, 0, 0, 0)


def test_what_was_released_long_ago_is_not_counted(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.released(xa_a, an, binh, now - timedelta(days=8))
    assert overview([xa_a], now)[0].released == 0
    assert overview([xa_a], now - timedelta(days=2))[0].released == 1


def test_more_communes_cost_no_more_queries(
    xa_a: Unit,
    xa_b: Unit,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5):
        overview([xa_a], now)
    with django_assert_num_queries(5):
        overview([xa_a, xa_b], now)
