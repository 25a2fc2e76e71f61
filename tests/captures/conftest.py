"""A commune with a station to relay, and a folder of its own."""

from datetime import datetime

import pytest
from pytest_django import Settings

from tests.carriages.conftest import data, manual, station
from tests.relays.conftest import Station as Radio
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station
from vang.relays.services import add_source, add_station

__all__ = ["data", "manual", "station"]


@pytest.fixture
def vov(xa_a: Unit, binh: Person, now: datetime, station: Radio, settings: Settings) -> Station:
    """Two sources of the same programme."""
    settings.RELAYS_INSIDE = tuple(station.inside)
    found = add_station(unit=xa_a, name="VOV1", by=binh, now=now)
    for path in ("/first", "/second"):
        add_source(station=found, kind="STREAM", address=station.url + path, by=binh, now=now)
    return found
