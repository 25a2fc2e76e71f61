"""A commune with one cluster, one way over FM, and a clock that stands still."""

from datetime import datetime
from typing import Any

import pytest

from tests.dispatch.radio import cluster_in
from vang.equipment.models import Device, Place, Segment
from vang.equipment.services import (
    Coverage,
    Facts,
    Line,
    Spot,
    add_device,
    open_place,
    open_segment,
)
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import enrol_node, issue_enrolment_code
from vang.stations.models import Cluster, Node
from vang_protocol.envelopes import SigningKey


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def cluster(xa_a: Unit, tech: Person, now: datetime) -> Cluster:
    return cluster_in(xa_a, tech, now, "Cụm chợ")


@pytest.fixture
def place(cluster: Cluster) -> Place:
    return Place.objects.get(cluster=cluster)


@pytest.fixture
def fm(xa_a: Unit, cluster: Cluster, tech: Person, now: datetime) -> Segment:
    line = Line("FM", "FM 92,5", fed_by=cluster, frequency_khz=92_500, licence_number="12/GP-CTS")
    return open_segment(unit=xa_a, line=line, by=tech, now=now)


@pytest.fixture
def far(xa_a: Unit, fm: Segment, tech: Person, now: datetime) -> Place:
    """A place that only hears FM."""
    spot = Spot("Xóm Đồi", position="15.70, 108.20")
    coverage = Coverage(segment=fm, speakers=4, watts=200)
    return open_place(unit=xa_a, spot=spot, coverage=coverage, by=tech, now=now)


@pytest.fixture
def amplifier(xa_a: Unit, tech: Person, now: datetime) -> Device:
    return bought(xa_a, tech, now)


def bought(unit: Unit, by: Person, now: datetime, **changed: Any) -> Device:
    usual: dict[str, Any] = {"kind": "AMPLIFIER", "name": "Tăng âm A120", "vendor": "TOA"}
    usual |= {"serial": "A-1", "sim_number": "0912345678"}
    return add_device(unit=unit, facts=Facts(**{**usual, **changed}), by=by, now=now)


def enrol(cluster: Cluster, by: Person, now: datetime, name: str = "loa-1") -> Node:
    code = issue_enrolment_code(cluster, by=by, now=now).code
    key = SigningKey.generate().public
    return enrol_node(code=code, public_key=key, name=name, software="1", now=now)
