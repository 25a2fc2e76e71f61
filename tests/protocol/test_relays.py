"""A relay in the plan: it keeps the hours as everything, and nothing in it is taken on trust."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.protocol.conftest import NOW, a_plan, an_item
from vang_protocol import strict_json
from vang_protocol.acceptance import accept_plan, quiet_items, refused_items
from vang_protocol.envelopes import SigningKey
from vang_protocol.plans import encode_plan, parse_plan, sign_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.relays import Relay
from vang_protocol.volumes import ClusterOrders

RELAY = Relay(
    id="r7-20261123",
    title="VOV1",
    start=NOW + timedelta(minutes=45),  # 16:45 in Vietnam
    duration_ms=600_000,
    clusters=("c1",),
    volume_db=0,
    session="00112233445566ff",
    key="ab" * 32,
    buffer_ms=1_500,
)
PLAN = replace(a_plan(an_item()), relays=(RELAY,))


def test_it_is_read_as_it_was_written() -> None:
    assert parse_plan(encode_plan(PLAN)) == PLAN
    assert b"relays" not in encode_plan(replace(PLAN, relays=()))


@pytest.mark.parametrize("minutes", [-12 * 60, -30, 100, 11 * 60])
def test_at_a_wrong_hour_it_is_refused_whatever_the_plan_says(minutes: int) -> None:
    """A commune once woke at 3:15 by a relay set wrong after a repair."""
    wrong = replace(RELAY, start=RELAY.start + timedelta(minutes=minutes))
    key = SigningKey.generate()
    accepted = accept_plan(
        sign_plan(replace(PLAN, relays=(wrong,)), key),
        unit=PLAN.unit,
        routine_keys=[key.public],
        current=None,
        now=NOW,
    )
    assert accepted.refused_items == {RELAY.id: Reason.OUTSIDE_HOURS}


def test_it_must_end_within_the_hours_and_those_of_a_quiet_zone() -> None:
    assert refused_items(PLAN) == {}
    long = replace(RELAY, duration_ms=3 * 3600_000)
    assert refused_items(replace(PLAN, relays=(long,))) == {RELAY.id: Reason.OUTSIDE_HOURS}
    quiet = replace(PLAN, orders=(ClusterOrders("c1", hours=(("17:00", "18:00"),)),))
    assert quiet_items(quiet, "c1")[RELAY.id] is Reason.QUIET_HOURS
    assert quiet_items(quiet, "c2") == {}


def broken(**changes: Any) -> bytes:
    table = strict_json.decode_canonical(encode_plan(PLAN), limit=1 << 20)
    table["relays"][0] |= changes
    return strict_json.canonical(table)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": an_item().id},
        {"id": ""},
        {"title": "x" * 301},
        {"start": "2026-11-23"},
        {"duration_ms": 0},
        {"duration_ms": 86_400_001},
        {"clusters": []},
        {"clusters": "c1"},
        {"volume_db": 1},
        {"session": "00"},
        {"session": RELAY.session.upper()},
        {"key": "ab" * 31},
        {"key": None},
        {"buffer_ms": 0},
        {"buffer_ms": 60_000},
        {"url": "https://radio.vn/live"},
    ],
)
def test_a_broken_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        parse_plan(broken(**changes))
    assert refused.value.reason is Reason.BAD_FIELDS


def test_an_empty_list_is_no_spelling_of_none() -> None:
    table = strict_json.decode_canonical(encode_plan(PLAN), limit=1 << 20)
    with pytest.raises(Refused):
        parse_plan(strict_json.canonical(table | {"relays": []}))
