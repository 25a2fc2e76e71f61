"""What time itself demands."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.channels.portal.publishing import delivery
from tests.desk import at_work
from tests.dispatch.radio import cluster_in
from tests.protocol.province import a_command, a_manifest, signed
from vang.desk import ticks
from vang.desk.ticks import tick, urgent
from vang.dispatch.commands import dispatch
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang_protocol.manifests import encode_manifest


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


def test_a_command_that_nobody_answered_is_sent_again_within_seconds(
    xa_a: Unit, tech: Person, now: datetime, settings: Settings
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, link_internal_url="")
    cluster = cluster_in(xa_a, tech, now)
    Node.objects.create(id="n1", cluster=cluster, public_key="ab" * 32, enrolled_at=now)
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    envelope, manifest = signed(command, "binh", "hanh"), encode_manifest(a_manifest())
    dispatch(envelope, manifest, issuer=xa_a, now=now)
    seconds = [s for s in range(20) if urgent(now=now + timedelta(seconds=s))]
    assert seconds == [3, 13]
