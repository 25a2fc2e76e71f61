"""People signed in, and bulletins at each point of their way."""

from datetime import datetime

import pytest

from tests.bulletins.newsroom import draft, submitted
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def drafted(an: Person, xa_a: Unit, now: datetime) -> Bulletin:
    return draft(xa_a, an, now)


@pytest.fixture
def in_review(an: Person, xa_a: Unit, now: datetime) -> Bulletin:
    return submitted(xa_a, an, now)
