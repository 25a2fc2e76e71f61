"""The process of a relay: begun when it is due, begun again when it died, never two at once."""

import fcntl
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.carriages.test_planned import device, evening, relayed, vov
from tests.dispatch.radio import Device
from vang.airtime.models import Programme
from vang.base.clock import ManualClock
from vang.base.processes import lock_of
from vang.carriages import process
from vang.carriages.models import Carriage
from vang.dispatch.models import PlannedItem
from vang.dispatch.services import publish_plan
from vang.people.models import Person
from vang.relays.models import Station

__all__ = ["device", "evening", "vov"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data", "manual")]


@pytest.fixture
def item(
    evening: Programme, vov: Station, device: Device, binh: Person, now: datetime
) -> PlannedItem:
    relayed(evening, vov, binh, now)
    publish_plan(evening.unit, now=now)
    found = PlannedItem.objects.order_by("start").first()
    assert found is not None
    return found


def test_one_that_died_is_begun_again_and_one_that_lives_is_left_alone(
    item: PlannedItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child finds an empty folder here, and so it dies."""
    monkeypatch.setenv("VANG_DATA", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("VANG_DATABASE_URL", "")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "vang.config.settings")
    assert process.begin_due(now=item.start - timedelta(minutes=1)) == 0
    assert process.begin_due(now=item.start) == 1
    first = process.processes.running[item.pk].process
    assert process.begin_due(now=item.start) == 0
    assert first.wait(60) != 0
    assert process.begin_due(now=item.start) == 1
    second = process.processes.running[item.pk].process
    assert second.pid != first.pid
    second.kill()
    second.wait(10)
    assert process.begin_due(now=item.start + timedelta(milliseconds=item.duration_ms)) == 0
    assert process.processes.running == {}


def test_a_second_one_leaves_the_relay_to_the_first(item: PlannedItem, manual: ManualClock) -> None:
    manual.set(item.start)
    with lock_of(f"relay-{item.pk}").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert process.relay(item.pk) == 0
    assert not Carriage.objects.exists()


def test_what_is_not_due_is_not_carried(item: PlannedItem) -> None:
    assert process.relay(item.pk) == 0
    assert not Carriage.objects.exists()
