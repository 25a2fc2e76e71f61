"""A claim in the register of An's commune."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.claims.register import noted
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.claims.models import Claim
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
def claim(xa_a: Unit, an: Person, now: datetime) -> Claim:
    """Noted just now, not checked yet."""
    return noted(xa_a, an, now)
