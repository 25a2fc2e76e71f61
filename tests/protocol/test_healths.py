"""What a device says of its own condition: optional, bounded, and nothing else."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.test_conversations import STATE
from vang_protocol import strict_json
from vang_protocol.healths import (
    Health,
    Heard,
    Network,
    NetworkKind,
    Output,
    Verdict,
    health_table,
    parse_health,
)
from vang_protocol.limits import LINK_MESSAGE_BYTES
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import parse_state, state_table

WHOLE = Health(
    battery_mv=12_600,
    supply_mv=5_080,
    undervoltage=False,
    temperature_c10=-15,
    disk_free_mb=20_000,
    disk_free_pct=64,
    memory_free_mb=300,
    cpu_pct=12,
    network=Network(NetworkKind.WIFI, -61),
    silence=Output("i" * 80, -1800, -2400, 0),
    heard=Heard("i" * 80, Verdict.HEARD, 731, 212),
)


def some(least: int, most: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(least, most)


HEALTHS = st.builds(
    Health,
    battery_mv=some(0, 1_000_000),
    temperature_c10=some(-1000, 2000),
    undervoltage=st.none() | st.booleans(),
    disk_free_pct=some(0, 100),
    network=st.none() | st.builds(Network, st.sampled_from(NetworkKind), some(-200, 0)),
    silence=st.none() | st.builds(Output, st.just("a"), st.just(-1), st.just(-2), st.just(3)),
)


@given(HEALTHS)
def test_what_is_known_comes_back_and_what_is_not_stays_unknown(health: Health) -> None:
    table = health_table(health)
    assert parse_health(strict_json.decode(strict_json.canonical(table), limit=4096)) == health
    assert None not in table.values()


def test_a_state_carries_it_and_an_older_node_is_understood_without() -> None:
    told = state_table(STATE)
    assert "health" not in told
    assert parse_state(told).health is None
    with_it = parse_state({**told, "health": health_table(WHOLE)})
    assert with_it.health == WHOLE
    assert parse_state({**told, "health": {}}).health == Health()


def test_the_largest_state_fits_the_link() -> None:
    items = {f"{n:03d}{'x' * 77}": "pre-empted" for n in range(20)}
    table = {**state_table(STATE), "items": items, "health": health_table(WHOLE)}
    assert len(strict_json.canonical({"t": "state", "state": table})) < LINK_MESSAGE_BYTES / 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("battery_mv", -1),
        ("battery_mv", 1_000_001),
        ("battery_mv", True),
        ("battery_mv", 12.5),
        ("battery_mv", None),
        ("undervoltage", 1),
        ("temperature_c10", 2001),
        ("disk_free_pct", 101),
        ("cpu_pct", "12"),
        ("memory_free_mb", -5),
        ("network", "wifi"),
        ("network", {"kind": "pigeon"}),
        ("network", {"kind": "wifi", "signal_dbm": 1}),
        ("network", {"kind": "wifi", "password": "x"}),
        ("silence", {"item": "a", "clip_cdb": 1, "sent_cdb": 0, "silent_ms": 0}),
        ("silence", {"item": "../a", "clip_cdb": 0, "sent_cdb": 0, "silent_ms": 0}),
        ("heard", {"item": "a", "verdict": "heard", "score": 1001, "delay_ms": 0}),
        ("heard", {"item": "a", "verdict": "heard", "score": 900}),
        ("heard", {"item": "a", "verdict": "not-heard", "score": 9, "delay_ms": 1}),
        ("heard", {"item": "a", "verdict": "perhaps", "score": 9}),
        ("mood", 5),
    ],
)
def test_a_reading_that_cannot_be_is_refused(name: str, value: Any) -> None:
    with pytest.raises(Refused) as caught:
        parse_state({**state_table(STATE), "health": {name: value}})
    assert caught.value.reason is Reason.BAD_FIELDS
    assert parse_state({**state_table(STATE), "health": {"cpu_pct": 5}}).health is not None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.dictionaries(
            st.text() | st.sampled_from(list(health_table(WHOLE))), inner
        ),
    )
)
def test_nothing_else_than_a_refusal_comes_of_nonsense(value: Any) -> None:
    with suppress(Refused):
        parse_health(value)
