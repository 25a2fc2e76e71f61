"""What time itself demands."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.channels.portal.publishing import delivery
from tests.desk import at_work
from vang.desk import ticks
from vang.desk.ticks import tick
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def test_a_quiet_house_needs_nothing(xa_a: Unit, now: datetime) -> None:
    assert tick(now=now) == []


def test_a_released_notice_gets_its_page_and_then_rest(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    assert "portal 20662: 1" in str(tick(now=now))
    assert delivery(edition).state == "DONE"
    assert "20662" not in str(tick(now=now + timedelta(seconds=5)))


def test_a_duty_that_fails_does_not_stop_the_others(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*, now: datetime) -> None:
        raise OSError("disk gone")

    edition = at_work.released(xa_a, an, binh, now)
    monkeypatch.setattr(ticks, "_DUTIES", (("first", fails), *ticks._DUTIES))
    with caplog.at_level(logging.ERROR):
        done = tick(now=now)
    assert "first: failed" in caplog.text
    assert "disk gone" in caplog.text
    assert "portal 20662: 1" in str(done)
    assert delivery(edition).state == "DONE"
