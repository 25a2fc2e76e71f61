"""The district receives storm warnings for its communes; Sơn leads and keeps it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from tests.cap.messages import STORM
from tests.conftest import person
from vang.cap.model import Alert
from vang.cap.writing import to_xml
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream.models import Received
from vang.upstream.receiving import receive

Receive = Callable[..., Received]


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def son(district: Unit) -> Person:
    return person("son", "Trần Sơn", district, "LEADER", "ADMINISTRATOR")


@pytest.fixture
def received(xa_a: Unit, district: Unit, now: datetime) -> Receive:
    """Takes a message in for the district: the storm, changed as wanted."""

    def take(alert: Alert = STORM, unit: Unit = district, **changes: object) -> Received:
        return receive(content=to_xml(replace(alert, **changes)), unit=unit, now=now)

    return take
