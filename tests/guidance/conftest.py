"""The Party's propaganda committee of the district, where Hiền writes and Lộc approves."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.conftest import person
from tests.guidance.noting import issued
from tests.pool.sharing import office
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.guidance.models import Guidance
from vang.orgs.models import Unit
from vang.people.models import Person

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
def committee(district: Unit) -> Unit:
    return office(district, "Ban Tuyên giáo Huyện ủy", "509-CQ02")


@pytest.fixture
def hien(committee: Unit) -> Person:
    return person("hien", "Võ Thị Hiền", committee, "WRITER")


@pytest.fixture
def loc(committee: Unit) -> Person:
    return person("loc", "Phan Lộc", committee, "APPROVER")


@pytest.fixture
def note(committee: Unit, hien: Person, loc: Person, now: datetime) -> Guidance:
    """In force for the whole district: storms."""
    return issued(committee, hien, loc, now)
