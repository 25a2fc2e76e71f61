"""An drafts; Bình and Hạnh sign with passkeys; two loudspeakers hear."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.alerts.office import Keeper, loudspeakers
from vang.alerts import trusting
from vang.alerts.trusting import Kept
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def keeper(xa_a: Unit, binh: Person, hanh: Person, now: datetime) -> Iterator[Keeper]:
    """Bình and Hạnh have passkeys that count."""
    kept = Keeper(xa_a, now)
    kept.give_keys(binh, hanh)
    trusting.provide(kept)
    yield kept
    trusting.provide(Kept())


@pytest.fixture
def nodes(xa_a: Unit, now: datetime) -> list[Node]:
    return loudspeakers(xa_a, now)
