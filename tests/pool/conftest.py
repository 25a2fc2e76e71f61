"""The district's station, where Hà writes and Lâm approves, and what they offer."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.conftest import person
from tests.pool.sharing import offered, office
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.pool.models import Offer

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _office_hours(now: datetime) -> object:
    """Views read the clock: here it stands still."""
    use_clock(ManualClock(now))
    yield
    use_clock(SystemClock())


@pytest.fixture
def signed_in() -> SignedIn:
    def sign_in(someone: Person) -> Client:
        client = Client()
        client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


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
