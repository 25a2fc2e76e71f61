"""Technicians are told of a loudspeaker that fell silent."""

from datetime import datetime, timedelta

import pytest

from tests.dispatch.radio import cluster_in, device_on
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Attendance, Node
from vang.stations.notices import tell_of_silence


@pytest.fixture
def node(xa_a: Unit, tech: Person, now: datetime) -> Node:
    """Heard until noon; the server was up before and stays up."""
    device_on(cluster_in(xa_a, tech, now), tech, now)
    Attendance.objects.create(began_at=now - timedelta(days=2), last_at=now)
    Node.objects.update(last_seen_at=now, left_at=None)
    return Node.objects.get()


def tick(instant: datetime, *, deaf: bool = False) -> int:
    if not deaf:
        Attendance.objects.update(last_at=instant)
    return tell_of_silence(now=instant)


def after(now: datetime, minutes: int) -> datetime:
    return now + timedelta(minutes=minutes)


def test_ten_minutes_of_silence_are_told_once(node: Node, tech: Person, now: datetime) -> None:
    assert [tick(after(now, n)) for n in (1, 9, 11, 12, 600)] == [0, 0, 1, 0, 0]
    notice = Notice.objects.get(person=tech)
    assert notice.title == "Mất kết nối: Cụm Thuận 1"
    assert "12:00 10/06/2026" in notice.text
    assert notice.url == f"/stations/{node.cluster_id}"


def test_back_again_nobody_needs_to_look_and_the_next_outage_is_told_anew(
    node: Node, tech: Person, now: datetime
) -> None:
    tick(after(now, 11))
    Node.objects.update(last_seen_at=after(now, 20))
    assert tick(after(now, 21)) == 0
    assert Notice.objects.get().read_at is not None
    assert tick(after(now, 40)) == 1


def test_the_servers_own_deafness_blames_nobody(node: Node, tech: Person, now: datetime) -> None:
    assert tick(after(now, 11), deaf=True) == 0
    assert not Notice.objects.exists()


def test_a_device_out_of_service_and_a_cluster_not_in_use_are_left_alone(
    node: Node, tech: Person, now: datetime
) -> None:
    node.cluster.active = False
    node.cluster.save()
    assert tick(after(now, 11)) == 0
    node.cluster.active = True
    node.cluster.save()
    Node.objects.update(retired_at=now)
    assert tick(after(now, 11)) == 0
    Node.objects.update(retired_at=None)
    assert tick(after(now, 11)) == 1
