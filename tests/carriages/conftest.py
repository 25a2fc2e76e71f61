"""A commune whose clock stands at noon, with a folder of its own."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.relays.conftest import station
from vang.base.clock import ManualClock, SystemClock, use_clock

__all__ = ["station"]


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def manual(now: datetime) -> Iterator[ManualClock]:
    clock = ManualClock(now)
    use_clock(clock)
    yield clock
    use_clock(SystemClock())
