"""The demonstration as set-up leaves it: a relay, a village leader who may speak, a deaf device."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from vang.airtime.models import Programme
from vang.airtime.policies import DEFAULT_POLICY
from vang.installation import set_up
from vang.installation.demonstration import keep_accounts, load_demonstration
from vang.installation.demonstration_relays import (
    LASTS_S,
    keep_relay,
    next_quarter,
    put_on_air,
)
from vang.installation.demonstration_repairs import NO_CARD
from vang.live.access import check_may_speak, standing_of
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Source, Station
from vang.stations.models import Node
from vang_protocol.hours import within_hours

HERE, ELSEWHERE = "http://127.0.0.1:8002", "http://127.0.0.1:9002"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_the_relay_begins_at_the_next_quarter_of_an_hour_that_may_sound(now: datetime) -> None:
    start = next_quarter(DEFAULT_POLICY, now)
    assert timedelta(minutes=4) <= start - now < timedelta(hours=9)
    assert (start.minute % 15, start.second, start.microsecond) == (0, 0, 0)
    hours = DEFAULT_POLICY.hours
    assert within_hours(start, LASTS_S * 1000, zone=DEFAULT_POLICY.zone, hours=hours)


def test_the_model_station_is_named_once_and_follows_its_address(
    xa_a: Unit, quan: Person, now: datetime, settings: Settings
) -> None:
    settings.RELAYS_INSIDE = frozenset({"127.0.0.1:8002"})
    made = keep_relay(xa_a, address=HERE, by=quan, now=now)
    assert made is not None
    put_on_air(made, by=quan, now=now)
    assert keep_relay(xa_a, address=ELSEWHERE, by=quan, now=now) is None
    assert [one.address.rsplit("/", 1)[0] for one in Source.objects.all()] == [ELSEWHERE] * 2
    assert Programme.objects.get().parts.get().relay == made
    Station.objects.update(ended_at=now)
    assert keep_relay(xa_a, address=HERE, by=quan, now=now) is None, "who ended it meant it"


@pytest.mark.django_db
def test_a_village_leader_may_speak_and_one_device_is_really_deaf(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DATA, now = tmp_path, datetime(2026, 6, 10, 11, tzinfo=UTC)
    keep_accounts(tmp_path, load_demonstration(nodes=2, now=now))
    unit, leader = Unit.objects.get(code="20662"), Person.objects.get(username="loi")
    here = standing_of(leader, unit, now)
    (place,) = here.clusters()
    assert not here.decides
    check_may_speak(here, [place], now, now + timedelta(minutes=5))
    assert Node.objects.count() == 0, "no device without a program"
    nodes = set_up._virtual_nodes(tmp_path, 2, now, deaf=True)
    assert [one.get("sink") for one in nodes] == [None, None, NO_CARD]
    assert len(set_up._virtual_nodes(tmp_path, 2, now, deaf=False)) == 2, "heard, all of them"
    home = Path(nodes[-1]["home"])
    home.mkdir(parents=True)
    (home / "server.json").write_text(json.dumps({"answer": {"node": "replaced"}}))
    for deaf in (True, False):
        started = set_up._virtual_nodes(tmp_path, 2, now, deaf=deaf)
        assert [one.get("sink") for one in started] == [None, None]
