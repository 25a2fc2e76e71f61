"""The stage of the journals' tests: one commune, one device, one item this afternoon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.dispatch.radio import Device, cluster_in, device_on, on_air, plan_of
from vang.airtime.models import Placement
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster
from vang_protocol.plans import PlanItem


@dataclass
class Stage:
    """``item`` is planned for 17:00 on ``cluster``, where ``device`` serves."""

    unit: Unit
    cluster: Cluster
    device: Device
    placement: Placement
    item: PlanItem
    hand: ManualClock

    @property
    def row(self) -> AsRun:
        return AsRun.objects.get(planned__item=self.item.id, cluster=self.cluster)

    @property
    def after(self) -> datetime:
        """A minute after the item's end."""
        return self.item.start + timedelta(milliseconds=self.item.duration_ms, minutes=1)


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def hand(now: datetime) -> Iterator[ManualClock]:
    manual = ManualClock(now)
    clock.use_clock(manual)
    yield manual
    clock.use_clock(SystemClock())


@pytest.fixture
def stage(
    xa_a: Unit,
    an: Person,
    binh: Person,
    tech: Person,
    now: datetime,
    data: Path,
    hand: ManualClock,
) -> Stage:
    cluster = cluster_in(xa_a, tech, now)
    device = device_on(cluster, tech, now)
    placement = on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    (item,) = orders(plan_of(xa_a)).items
    return Stage(xa_a, cluster, device, placement, item, hand)
