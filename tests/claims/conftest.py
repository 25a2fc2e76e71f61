"""A claim in the register of An's commune."""

from datetime import datetime

import pytest

from tests.claims.register import noted
from vang.claims.models import Claim
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def claim(xa_a: Unit, an: Person, now: datetime) -> Claim:
    """Noted just now, not checked yet."""
    return noted(xa_a, an, now)
