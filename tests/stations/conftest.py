"""A data folder of its own and a clock that stands still."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from vang.base import clock
from vang.base.clock import ManualClock, SystemClock


@pytest.fixture(autouse=True)
def manual(now: datetime, settings: object, tmp_path: Path) -> Iterator[ManualClock]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    hand = ManualClock(now)
    clock.use_clock(hand)
    yield hand
    clock.use_clock(SystemClock())
