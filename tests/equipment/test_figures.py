"""Figures of the register, as reports tell them; reminders of what ends; what a merger takes."""

from datetime import date, datetime, timedelta

import pytest

from tests.equipment.conftest import bought, enrol
from vang.equipment.due import register
from vang.equipment.models import Device, Place, Segment
from vang.equipment.notices import remind_of_ends
from vang.equipment.queries import technology
from vang.equipment.services import lend_device
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.due import Desk, tasks
from vang.people.models import Person
from vang.people.roles import Role
from vang.reports.facts import Asked, figures
from vang.stations.contacts import Report, record_states
from vang.stations.models import Cluster

pytestmark = pytest.mark.django_db
NAMES = (
    *("stations.wired", "stations.fm", "stations.mixed", "stations.ip", "stations.licences"),
    *("stations.working", "stations.partly", "stations.stopped"),
    *("clusters.speakers", "clusters.watts", "equipment.amplifiers", "equipment.computers"),
)


def told(unit: Unit, now: datetime) -> dict[str, int | None]:
    asked = Asked(unit, date(2026, 1, 1), date(2026, 6, 9), now)
    return {name: one.milli for name, one in figures(asked, NAMES).items()}


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        ((), ""),
        (("FM",), "fm"),
        (("WIRED",), "wired"),
        (("FM", "WIRED"), "mixed"),
        (("IP", "FM"), "ip"),
    ],
)
def test_a_station_has_one_technology(kinds: tuple[str, ...], name: str) -> None:
    assert technology(frozenset(kinds)) == name


def test_what_nobody_entered_is_not_known(xa_a: Unit, now: datetime) -> None:
    assert set(told(xa_a, now).values()) == {None}


def test_the_register_gives_the_reports_their_figures(
    cluster: Cluster, far: Place, fm: Segment, amplifier: Device, xa_a: Unit, tech: Person,
    now: datetime,
) -> None:  # fmt: skip
    node = enrol(cluster, tech, now)
    Segment.objects.filter(pk=fm.pk).update(licence_until=date(2026, 9, 1))
    found = told(xa_a, now)
    assert (found["stations.ip"], found["stations.fm"], found["stations.licences"]) == (
        1000,
        0,
        1000,
    )
    assert (found["clusters.speakers"], found["clusters.watts"]) == (4000, 200_000)
    assert (found["equipment.amplifiers"], found["equipment.computers"]) == (1000, 0)
    assert (found["stations.working"], found["stations.stopped"]) == (0, 1000)
    record_states([Report(node.pk, now)], now=now)
    assert told(xa_a, now)["stations.working"] == 1000


def test_ends_are_reminded_of_once_and_stand_among_the_tasks(
    fm: Segment, amplifier: Device, xa_a: Unit, tech: Person, now: datetime
) -> None:
    today = now.date()
    Segment.objects.filter(pk=fm.pk).update(licence_until=today + timedelta(days=30))
    Device.objects.filter(pk=amplifier.pk).update(warranty_until=today + timedelta(days=7))
    lent = bought(xa_a, tech, now, serial="B-1")
    lend_device(lent, to="Xã bên", until=today, by=tech, now=now)
    assert remind_of_ends(now=now) == 3
    assert remind_of_ends(now=now) == 0
    assert set(Notice.objects.values_list("kind", flat=True)) == {
        "licence-ends",
        "warranty-ends",
        "loan-ends",
    }
    assert remind_of_ends(now=now.replace(hour=20)) == 0  # 03:00 in Vietnam
    register()
    desk = Desk(tech, xa_a, frozenset({Role.TECHNICIAN.value}), now)
    titles = " ".join(one.title for one in tasks(desk))
    assert "FM 92,5" in titles
    assert "B-1" in titles
