"""Nodes and towns for tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.node.ordering import policy_of_town
from tests.node.pole import Pole
from tests.node.repository import Repository
from tests.node.town import Town, open_town, utc_now

# A shared machine stalls now and then; a property is not about speed.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


@pytest.fixture
def town() -> Iterator[Town]:
    with open_town(Town(province=Repository(policy_of_town(), utc_now()))) as made:
        yield made


@pytest.fixture
def pole(town: Town, tmp_path: Path) -> Iterator[Pole]:
    made = Pole(town, tmp_path)
    yield made
    if made.process is not None:
        made.kill()
