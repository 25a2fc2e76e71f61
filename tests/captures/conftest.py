"""A commune with a station to relay, and a folder of its own."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.relays.conftest import Station as Radio
from tests.relays.conftest import station
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station
from vang.relays.services import add_source, add_station

__all__ = ["station"]


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def manual(now: datetime) -> Iterator[ManualClock]:
    clock = ManualClock(now)
    use_clock(clock)
    yield clock
    use_clock(SystemClock())


@pytest.fixture
def vov(xa_a: Unit, binh: Person, now: datetime, station: Radio, settings: Settings) -> Station:
    """Two sources of the same programme."""
    settings.RELAYS_INSIDE = tuple(station.inside)
    found = add_station(unit=xa_a, name="VOV1", by=binh, now=now)
    for path in ("/first", "/second"):
        add_source(station=found, kind="STREAM", address=station.url + path, by=binh, now=now)
    return found
