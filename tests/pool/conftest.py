"""The district's station, where Hà writes and Lâm approves, and what they offer."""

from datetime import datetime

import pytest

from tests.conftest import person
from tests.pool.sharing import offered, office
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.pool.models import Offer


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def station(district: Unit) -> Unit:
    """A desk of the district's broadcasting station."""
    return office(district)


@pytest.fixture
def ha(station: Unit) -> Person:
    return person("ha", "Cao Thị Hà", station, "WRITER")


@pytest.fixture
def lam(station: Unit) -> Person:
    return person("lam", "Đặng Văn Lâm", station, "APPROVER")


@pytest.fixture
def offer(station: Unit, district: Unit, ha: Person, lam: Person, now: datetime) -> Offer:
    """Approved, with its sound, offered to the whole district; may be adapted."""
    return offered(station, ha, lam, now)
