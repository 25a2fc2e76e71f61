"""Values of many rows stored at once."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.dispatch.radio import cluster_in
from vang.base import clock
from vang.base.rewriting import rewrite
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node

pytestmark = pytest.mark.django_db


def nodes(unit: Unit, tech: Person, count: int) -> list[Node]:
    now = clock.now()
    return [
        Node.objects.create(
            id=f"n{n}", cluster=cluster_in(unit, tech, now, f"Cụm {n}"), enrolled_at=now,
            public_key=f"{n:064x}", name=f"Loa {n}", last_seen_at=now,
        )
        for n in range(count)
    ]  # fmt: skip


def test_each_row_gets_its_own_values_by_one_statement(
    xa_a: Unit, tech: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = nodes(xa_a, tech, 3)
    later = clock.now() + timedelta(hours=1)
    for n, row in enumerate(rows):
        row.state, row.state_at, row.every_s = {"tên": [n, None, "'; --"]}, later, n
        row.last_seen_at, row.home = None, xa_a
    with django_assert_num_queries(1):
        rewrite(rows, ["state", "state_at", "every_s", "last_seen_at", "home"])
    stored = list(Node.objects.order_by("id"))
    assert [row.state for row in stored] == [{"tên": [n, None, "'; --"]} for n in range(3)]
    assert [(row.state_at, row.last_seen_at, row.home) for row in stored] == [
        (later, None, xa_a)
    ] * 3
    assert [row.every_s for row in stored] == [0, 1, 2]


def test_nothing_else_is_touched(xa_a: Unit, tech: Person) -> None:
    """Somebody renames the device between reading and writing."""
    (row, other) = nodes(xa_a, tech, 2)
    Node.objects.update(name="Loa mới")
    row.every_s = 7
    rewrite([row], ["every_s"])
    assert list(Node.objects.order_by("id").values_list("name", "every_s")) == [
        ("Loa mới", 7),
        ("Loa mới", other.every_s),
    ]


def test_dates_are_dates(xa_a: Unit) -> None:
    xa_a.valid_from = date(2001, 2, 3)
    rewrite([xa_a], ["valid_from"])
    assert Unit.objects.get(pk=xa_a.pk).valid_from == date(2001, 2, 3)


def test_no_rows_ask_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        rewrite([], ["name"])


def test_what_is_no_column_is_refused(xa_a: Unit) -> None:
    for name in ("id", "children"):
        with pytest.raises((ValueError, LookupError)):
            rewrite([xa_a], [name])
