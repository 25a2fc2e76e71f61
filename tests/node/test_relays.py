"""Another station's programme on one node, in hand-turned time: in its time, below all of ours."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.node.speaker import BEGIN, Speaker, set_up
from tests.node.tape import noise
from tests.node.test_live import GROUP, SESSION, Voice, onset, plan, stocked
from tests.node.town import UNIT, an_item, opus_file
from vang_protocol.instants import to_us
from vang_protocol.reasons import Reason
from vang_protocol.records import End, LiveHeard, Missed, PlayEnded, PlayStarted
from vang_protocol.relays import Relay

START = BEGIN + timedelta(seconds=12)


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    made = set_up(tmp_path, unit=UNIT)
    made.ask_server()
    made.run(1)
    yield made
    made.switch_off()


@pytest.fixture
def voice(speaker: Speaker) -> Voice:
    return Voice(speaker)


def a_relay(voice: Voice, **changed: Any) -> Relay:
    usual: dict[str, Any] = {
        "id": "r7-20261123", "title": "VOV1", "start": START, "duration_ms": 6_000,
        "clusters": ("c1",), "volume_db": 0, "session": SESSION, "key": voice.key.public,
        "buffer_ms": 1_000,
    }  # fmt: skip
    return Relay(**{**usual, **changed})


def carried(speaker: Speaker, voice: Voice, seconds: float, early_s: float = 0.0) -> None:
    """The link lets the node in and frames come from ``early_s`` before the start on."""
    speaker.run(max(0.0, (START - speaker.true_now).total_seconds() - 1.0 - early_s))
    speaker.agent.live.joined(SESSION, GROUP.hex())
    voice.begin()
    voice.run(seconds)


def test_it_is_heard_from_its_start_to_its_end_and_no_longer(
    speaker: Speaker, voice: Voice
) -> None:
    asked: list[str] = []
    speaker.agent.live.on_join = asked.append
    relay = a_relay(voice)
    plan(speaker, relays=(relay,))
    carried(speaker, voice, 10, early_s=1.0)
    assert asked[0] == SESSION
    (started,) = speaker.all_of(PlayStarted)
    assert (started.item, started.sha256) == (relay.id, relay.sha256)  # type: ignore[attr-defined]
    begun_us = to_us(BEGIN) + speaker.card.instant_of(onset(speaker, 0))
    assert 0 <= begun_us - to_us(START) < 120_000
    loud = [at for at, one in enumerate(speaker.card.heard) if abs(one) > 300]
    over_us = to_us(BEGIN) + speaker.card.instant_of(loud[-1])
    assert to_us(START) + 5_800_000 < over_us <= to_us(START) + 6_060_000
    assert [one.end for one in speaker.all_of(PlayEnded)] == [End.DONE]  # type: ignore[attr-defined]
    assert len(speaker.all_of(LiveHeard)) == 1


@pytest.mark.parametrize(
    ("hours", "changed"),
    [
        ((("05:00", "06:00"),), {}),
        ((("15:00", "16:00"), ("16:05", "17:00")), {}),
        ((("15:00", "17:00"),), {"clusters": ("c2",)}),
    ],
)
def test_at_a_wrong_hour_or_for_others_it_is_never_joined(
    speaker: Speaker, voice: Voice, hours: Any, changed: Any
) -> None:
    """It is four in the afternoon; a commune once woke at 3:15 by a relay."""
    asked: list[str] = []
    speaker.agent.live.on_join = asked.append
    plan(speaker, relays=(a_relay(voice, **changed),), hours=hours)
    carried(speaker, voice, 8)
    assert asked == []
    assert not speaker.all_of(PlayStarted)
    assert not speaker.heard_since()


def test_when_nothing_comes_it_is_missed_with_the_reason(speaker: Speaker, voice: Voice) -> None:
    plan(speaker, relays=(a_relay(voice),))
    speaker.run(25)
    (missed,) = speaker.all_of(Missed)
    assert (missed.item, missed.reason) == ("r7-20261123", Reason.NOTHING_CAME)  # type: ignore[attr-defined]
    assert missed.planned == START  # type: ignore[attr-defined]


def test_a_station_that_dies_gives_the_loudspeaker_back_and_is_heard_again(
    speaker: Speaker, voice: Voice
) -> None:
    voice.lost = frozenset(range(20, 80))
    plan(speaker, relays=(a_relay(voice, duration_ms=12_000),))
    carried(speaker, voice, 10)
    ends = [one.end for one in speaker.all_of(PlayEnded)]  # type: ignore[attr-defined]
    assert ends[0] is End.ERROR
    assert [one.part for one in speaker.all_of(PlayStarted)] == [1, 2]  # type: ignore[attr-defined]


def test_a_bulletin_of_ours_takes_the_loudspeaker_and_gives_it_back(
    speaker: Speaker, voice: Voice
) -> None:
    item = an_item(
        stocked(speaker, opus_file(noise(2.0, head_s=0))), START + timedelta(seconds=2),
        duration_ms=2_000, max_play_ms=2_000,
    )  # fmt: skip
    plan(speaker, item, relays=(a_relay(voice, duration_ms=11_000),))
    carried(speaker, voice, 9)
    assert [(one.item, one.part) for one in speaker.all_of(PlayStarted)] == [  # type: ignore[attr-defined]
        ("r7-20261123", 1), (item.id, 1), ("r7-20261123", 2),
    ]  # fmt: skip


def test_a_plan_that_stops_it_ends_it_at_once(speaker: Speaker, voice: Voice) -> None:
    relay = a_relay(voice, duration_ms=11_000)
    plan(speaker, relays=(relay,))
    carried(speaker, voice, 4)
    plan(speaker, relays=(relay,), stopped=(relay.id,), version=99)
    voice.run(3)
    assert [one.end for one in speaker.all_of(PlayEnded)] == [End.STOPPED]  # type: ignore[attr-defined]
    assert not speaker.heard_since(len(speaker.card.heard) - 48_000)
    assert len(speaker.all_of(PlayStarted)) == 1


def test_frames_by_another_key_than_the_plan_names_are_silence(
    speaker: Speaker, voice: Voice
) -> None:
    other = Voice(speaker)
    plan(speaker, relays=(a_relay(other),))
    carried(speaker, voice, 8)
    assert not speaker.heard_since()


def test_after_a_power_cut_it_goes_on_as_the_next_part(speaker: Speaker, voice: Voice) -> None:
    plan(speaker, relays=(a_relay(voice, duration_ms=11_000),))
    carried(speaker, voice, 3)
    speaker.switch_off()
    speaker.switch_on()
    speaker.ask_server()
    speaker.run(0.5)
    speaker.agent.live.joined(SESSION, GROUP.hex())
    voice.run(4)
    assert [one.part for one in speaker.all_of(PlayStarted)] == [1, 2]  # type: ignore[attr-defined]


def test_a_link_that_was_started_again_is_heard_again(speaker: Speaker, voice: Voice) -> None:
    """It has another group key and numbers its frames anew."""
    plan(speaker, relays=(a_relay(voice, duration_ms=14_000),))
    carried(speaker, voice, 4)
    again = Voice(speaker, key=voice.key, group=bytes([7] * 32))
    speaker.agent.live.joined(SESSION, again.group.hex())
    again.begin()
    again.run(6)
    assert [one.part for one in speaker.all_of(PlayStarted)] == [1, 2]  # type: ignore[attr-defined]
    assert speaker.agent.live.hear(voice.sent[-1]) is False
    assert speaker.heard_since(len(speaker.card.heard) - 48_000)
