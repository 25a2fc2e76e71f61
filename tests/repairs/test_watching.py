"""Faults open and close by themselves; a storm is one matter; samples are few."""

from datetime import datetime, timedelta

import pytest

from tests.repairs.fleet import MINUTE, enrolled, live, tell
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs.models import DayHealth, Fault, HourHealth, Outage
from vang.repairs.watching import watch_due
from vang.stations.models import Attendance, Node
from vang_protocol.healths import Network, NetworkKind
from vang_protocol.states import SinkState


def open_faults() -> set[tuple[str, str]]:
    rows = Fault.objects.filter(opened_at__isnull=False, closed_at=None, outage=None)
    return set(rows.values_list("node", "kind"))


def test_ten_minutes_without_contact_are_told_once_and_close_by_themselves(
    node: Node, xa_a: Unit, tech: Person, now: datetime
) -> None:
    other = enrolled(xa_a, tech, now, "Cụm Thuận 2")
    both = [node, other]
    moment = live(both, now, 2)
    moment = live(both, moment, 8, silent=[node])
    assert not open_faults()
    moment = live(both, moment, 4, silent=[node])
    assert open_faults() == {(node.pk, "OFFLINE")}
    notice = Notice.objects.get(person=tech)
    assert notice.title == "Cụm Thuận 1: mất kết nối"
    assert notice.url == f"/repairs/device/{node.cluster_id}"
    moment = live(both, moment, 60, silent=[node])
    assert Notice.objects.count() == 1
    live(both, moment, 5)
    assert not open_faults()
    fault = Fault.objects.get()
    assert fault.closed_at is not None
    assert fault.began_at == now + 2 * MINUTE
    assert Notice.objects.get().read_at is not None


def test_a_week_offline_is_one_fault_and_one_notice(
    node: Node, xa_a: Unit, tech: Person, now: datetime
) -> None:
    other = enrolled(xa_a, tech, now, "Cụm Thuận 2")
    live([node, other], now, 2)
    for hour in range(7 * 24):
        moment = now + timedelta(hours=hour + 1)
        Attendance.objects.update(began_at=now - timedelta(days=1), last_at=moment)
        tell([other], moment)
        watch_due(now=moment)
    assert open_faults() == {(node.pk, "OFFLINE")}
    assert Notice.objects.count() == 1
    assert Fault.objects.count() == 1
    days = DayHealth.objects.filter(node=node)
    assert 6 <= days.count() <= 8
    assert sum(one.down for one in days) > 150
    assert sum(one.up for one in DayHealth.objects.filter(node=other)) > 150


def test_the_servers_own_deafness_blames_nobody(node: Node, tech: Person, now: datetime) -> None:
    live([node], now, 2)
    watch_due(now=now + 60 * MINUTE)
    watch_due(now=now + 61 * MINUTE)
    assert not Fault.objects.exists()
    assert not Notice.objects.exists()
    assert HourHealth.objects.get(begins=now + timedelta(hours=1)).unknown == 1


def test_a_commune_without_power_is_one_alarm_and_not_eight(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    nodes = [enrolled(xa_a, tech, now, f"Cụm {n}") for n in range(12)]
    moment = live(nodes, now, 2)
    # They do not go in the same minute.
    for n in range(8):
        moment = live(nodes, moment, 1, silent=nodes[: n + 1])
    moment = live(nodes, moment, 15, silent=nodes[:8])
    outage = Outage.objects.get()
    assert (outage.unit, outage.away, outage.serving) == (xa_a, 8, 12)
    assert not open_faults()
    assert Fault.objects.filter(outage=outage, closed_at=None).count() == 8
    notice = Notice.objects.get(kind="outage")
    assert notice.title == "Xã Quế Thuận: 6/12 loa mất kết nối"
    alone = Notice.objects.filter(kind="device-fault").count()
    assert alone <= 1
    assert Entry.objects.filter(action="outage.opened").count() == 1
    # All but two come back: those are told by themselves now.
    moment = live(nodes, moment, 8, silent=nodes[:2])
    outage.refresh_from_db()
    assert outage.closed_at is not None
    assert open_faults() == {(one.pk, "OFFLINE") for one in nodes[:2]}
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert Notice.objects.filter(kind="device-fault").count() == alone + 1
    live(nodes, moment, 6)
    assert not open_faults()


def test_a_hot_board_with_a_weak_signal_is_told_and_over(
    node: Node, tech: Person, now: datetime
) -> None:
    weak = Network(NetworkKind.WIFI, -92)
    moment = live([node], now, 12, temperature_c10=850, network=weak)
    assert open_faults() == {(node.pk, "HEAT")}
    moment = live([node], moment, 25, temperature_c10=905, network=weak)
    assert open_faults() == {(node.pk, "HEAT"), (node.pk, "SIGNAL")}
    assert Fault.objects.get(kind="HEAT").worst == 905
    moment = live([node], moment, 6, temperature_c10=750, network=weak)
    assert (node.pk, "HEAT") in open_faults()
    live([node], moment, 7, temperature_c10=650, network=weak)
    assert open_faults() == {(node.pk, "SIGNAL")}
    assert {one.mail for one in Notice.objects.all()} == {"NEVER"}  # Tú has no address


def test_a_mute_output_is_told_in_the_same_minute(node: Node, tech: Person, now: datetime) -> None:
    moment = live([node], now, 1, sink=SinkState.SILENT)
    assert open_faults() == {(node.pk, "SOUND")}
    live([node], moment, 3)
    assert not open_faults()


def test_a_device_out_of_service_has_no_faults(node: Node, tech: Person, now: datetime) -> None:
    moment = live([node], now, 1, sink=SinkState.FAILED)
    Node.objects.update(retired_at=moment)
    watch_due(now=moment + MINUTE)
    assert not open_faults()
    assert Fault.objects.get().closed_at == moment + MINUTE


def test_a_minute_is_looked_at_once(node: Node, now: datetime) -> None:
    tell([node], now, sink=SinkState.FAILED)
    assert [watch_due(now=now + n * MINUTE / 4) for n in range(4)] == [1, 0, 0, 0]


def test_an_hour_is_one_row_and_a_day_is_one_row(node: Node, now: datetime) -> None:
    moment = live([node], now, 130, battery_mv=12_600, temperature_c10=400)
    hours = list(HourHealth.objects.order_by("begins"))
    assert [(one.up, one.down, one.unknown) for one in hours] == [(12, 0, 0), (12, 0, 0), (3, 0, 0)]
    assert hours[0].battery_min == hours[0].battery_max == 12_600
    assert hours[0].signal_min is None
    day = DayHealth.objects.get()
    assert (day.up, day.temperature_max, day.cluster) == (24, 400, node.cluster)
    later = moment + timedelta(days=15)
    Attendance.objects.update(began_at=now, last_at=later)
    tell([node], later)
    watch_due(now=later)
    assert HourHealth.objects.filter(begins__lt=later - timedelta(days=14)).count() == 0
    assert DayHealth.objects.get().up == 27


@pytest.mark.parametrize("count", [3, 30])
def test_a_round_costs_the_same_queries_however_many_there_are(
    count: int, xa_a: Unit, tech: Person, now: datetime, django_assert_max_num_queries: object
) -> None:
    nodes = [enrolled(xa_a, tech, now, f"Cụm {n}") for n in range(count)]
    tell(nodes, now)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        watch_due(now=now)
