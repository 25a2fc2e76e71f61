"""The Party's propaganda committee of the district, where Hiền writes and Lộc approves."""

from datetime import datetime

import pytest

from tests.conftest import person
from tests.guidance.noting import issued
from tests.pool.sharing import office
from vang.guidance.models import Guidance
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


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
