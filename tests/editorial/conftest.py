"""A plan of commune A, its series, and people signed in."""

from datetime import datetime

import pytest

from tests.editorial.planning import begun, opened
from vang.editorial.models import Plan, Series
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def plan(xa_a: Unit, an: Person, now: datetime) -> Plan:
    """A draft for 2026 with one theme: eight bulletins on disasters, two hours heard."""
    return begun(xa_a, an, now)


@pytest.fixture
def series(xa_a: Unit, an: Person, now: datetime) -> Series:
    """Weekly, five minutes; An answers for it."""
    return opened(xa_a, an, now)
