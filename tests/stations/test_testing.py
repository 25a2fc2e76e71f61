"""A loudspeaker that speaks but that orders may not reach is told of before it matters."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.dispatch.radio import cluster_in
from vang.orgs.models import Unit
from vang.people.due import Desk
from vang.people.models import Person
from vang.stations.due import amiss
from vang.stations.models import Attendance, Node
from vang.stations.testing import MISSED, misses_tests
from vang_node.allegiance import LINK_TEST_EVERY_S

pytestmark = pytest.mark.django_db


@pytest.fixture
def node(xa_a: Unit, tech: Person, now: datetime) -> Node:
    Attendance.objects.create(began_at=now - timedelta(days=1), last_at=now)
    return Node.objects.create(
        id="n1",
        cluster=cluster_in(xa_a, tech, now),
        public_key="ab" * 32,
        enrolled_at=now - timedelta(days=2),
        last_seen_at=now,
        tested_at=now,
    )


@pytest.mark.parametrize(
    ("since", "missed"),
    [(timedelta(0), "no"), (MISSED, "no"), (MISSED + timedelta(seconds=1), "yes")],
)
def test_p6_after_three_tests_it_is_missed(
    node: Node, now: datetime, since: timedelta, missed: str
) -> None:
    node.tested_at = now - since
    assert misses_tests(node) is (missed == "yes")


def test_one_that_is_away_or_too_old_to_ask_is_not_judged(node: Node, now: datetime) -> None:
    node.tested_at, node.last_seen_at = now - 2 * MISSED, now - 2 * MISSED
    assert not misses_tests(node)
    node.tested_at, node.last_seen_at = None, now
    assert not misses_tests(node)


def test_p6_the_technician_is_told_on_the_first_page(
    node: Node, tech: Person, now: datetime
) -> None:
    def told() -> list[str]:
        return [
            str(task.text)
            for task in amiss(Desk(tech, node.cluster.unit, frozenset({"TECHNICIAN"}), now))
        ]

    assert told() == []
    Node.objects.filter(pk=node.pk).update(tested_at=now - timedelta(minutes=30))
    (text,) = told()
    assert "11:30" in text


def test_p6_a_node_asks_every_three_minutes_and_three_are_missed() -> None:
    assert LINK_TEST_EVERY_S == 180
    assert timedelta(minutes=9) <= MISSED <= timedelta(minutes=10)


def test_one_that_was_enrolled_before_the_provinces_keys_is_told_of(
    node: Node, tech: Person, now: datetime, settings: Settings, tmp_path: Path, client: Client
) -> None:
    desk = Desk(tech, node.cluster.unit, frozenset({"TECHNICIAN"}), now)
    Node.objects.filter(pk=node.pk).update(rooted=False)
    settings.DATA = tmp_path
    assert list(amiss(desk)) == []
    root = tmp_path / "trust" / "metadata" / "1.root.json"
    root.parent.mkdir(parents=True)
    root.write_text("{}")
    (task,) = amiss(desk)
    assert "khẩn cấp" in str(task.text)
    client.force_login(tech)
    assert "ghi danh" in client.get(task.url).content.decode().lower()
