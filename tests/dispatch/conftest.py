"""A clock that stands still, a data folder of its own, limits that forget."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.dispatch import api


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def manual(now: datetime) -> Iterator[ManualClock]:
    """The clock of the process, standing at ``now`` until a test moves it."""
    hand = ManualClock(now)
    clock.use_clock(hand)
    yield hand
    clock.use_clock(SystemClock())


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    for buckets in (api.CHALLENGES, api.WRONG_CODES, api.WRONG_CODES_BY_ALL):
        buckets.clear()
