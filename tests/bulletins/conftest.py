"""People signed in, and bulletins at each point of their way."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.bulletins.newsroom import draft, submitted
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.bulletins.models import Bulletin
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
    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def drafted(an: Person, xa_a: Unit, now: datetime) -> Bulletin:
    return draft(xa_a, an, now)


@pytest.fixture
def in_review(an: Person, xa_a: Unit, now: datetime) -> Bulletin:
    return submitted(xa_a, an, now)
