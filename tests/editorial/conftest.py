"""A plan of commune A, its series, and people signed in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.editorial.planning import begun, opened
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.editorial.models import Plan, Series
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
def plan(xa_a: Unit, an: Person, now: datetime) -> Plan:
    """A draft for 2026 with one theme: eight bulletins on disasters, two hours heard."""
    return begun(xa_a, an, now)


@pytest.fixture
def series(xa_a: Unit, an: Person, now: datetime) -> Series:
    """Weekly, five minutes; An answers for it."""
    return opened(xa_a, an, now)
