"""A whole node in hand-turned time: its plan, its clock, its sound card, its journal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.node.speaker import BEGIN, HOUR_US, KEY, LOUD, SILENT, Speaker, audio_of, set_up
from tests.node.tape import noise
from tests.node.town import a_plan, an_item, opus_file
from vang_node import RATE
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import to_us
from vang_protocol.plans import Plan, PlanItem, Priority
from vang_protocol.reasons import Reason
from vang_protocol.records import (
    Boot,
    ClockStep,
    End,
    Missed,
    PlanAccepted,
    PlanRefused,
    PlayEnded,
    PlayStarted,
    Silence,
)
from vang_protocol.states import ClockSource, ItemState, SinkState
from vang_protocol.volumes import ClusterOrders


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    made = set_up(tmp_path)
    yield made
    made.switch_off()


def loud_item(speaker: Speaker, in_s: float, **changes: object) -> PlanItem:
    start = speaker.true_now + timedelta(seconds=in_s)
    return an_item(audio_of(LOUD, 1.5), start, **changes)


def plan_now(speaker: Speaker, *items: PlanItem, version: int = 1, **changes: object) -> Plan:
    now = speaker.true_now.replace(microsecond=0)
    plan = a_plan(*items, version=version)
    made = replace(plan, issued=now, covers_from=now, expires=now + timedelta(days=8))
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_hour_softens_what_sounds_and_the_journal_tells_how_loud_it_began(
    speaker: Speaker,
) -> None:
    loud = opus_file(noise(6, head_s=0))
    speaker.stock(loud)
    starts = BEGIN + timedelta(seconds=57)
    night = ClusterOrders("c1", ceiling_db=-6, volume=(("16:01", "17:00", -20),))
    item = an_item(audio_of(loud, 6), starts)
    speaker.ask_server()
    speaker.offer(replace(a_plan(item), issued=BEGIN, orders=(night,)))
    speaker.run(64)
    assert [event.volume_db for event in speaker.all_of(PlayStarted)] == [-6]

    def level(second: float) -> float:
        first = int((second - 5) * RATE)  # the card began five seconds after BEGIN
        span = speaker.card.heard[first : first + RATE]
        return (sum(value * value for value in span) / len(span)) ** 0.5

    assert level(58) / level(61.5) == pytest.approx(10, rel=0.1)  # 20 dB


def test_an_item_is_heard_on_its_instant_and_told_in_the_journal(speaker: Speaker) -> None:
    speaker.ask_server()
    item = loud_item(speaker, 4)
    speaker.offer(plan_now(speaker, item))
    speaker.run(8)
    first = next(i for i, x in enumerate(speaker.card.heard) if abs(x) > 1000)
    planned_us = (item.start - BEGIN) / timedelta(microseconds=1)
    assert speaker.card.instant_of(first) == pytest.approx(planned_us, abs=5000)
    boot, accepted, _, started, ended = speaker.events()
    assert isinstance(boot, Boot)
    assert isinstance(accepted, PlanAccepted)
    assert isinstance(started, PlayStarted)
    assert isinstance(ended, PlayEnded)
    assert started.first_sample == item.start == started.planned
    assert ended.end is End.DONE
    assert ended.error_us == pytest.approx(0, abs=500)


def test_the_record_of_a_play_is_on_the_disk_before_its_first_sample(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 4)))
    while not speaker.all_of(PlayStarted):
        speaker.run(0.02)
    assert not speaker.heard_since()
    speaker.run(4)
    assert speaker.heard_since()


def test_the_lower_of_two_volume_ceilings_holds(speaker: Speaker) -> None:
    speaker.switch_off()
    speaker.home.local_file.write_text('{"volume_ceiling_db":-20}')
    speaker.switch_on()
    speaker.offer(plan_now(speaker, loud_item(speaker, 4, volume_db=-3)))
    speaker.run(8)
    (started,) = speaker.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert started.volume_db == -20
    assert 500 < max(speaker.card.heard) < 32767 / 10


@pytest.mark.parametrize("step_us", [HOUR_US, -HOUR_US])
def test_a_clock_stepped_by_an_hour_does_not_move_the_schedule(
    speaker: Speaker, step_us: int
) -> None:
    speaker.ask_server()
    item = loud_item(speaker, 6)
    speaker.offer(plan_now(speaker, item))
    speaker.run(2)
    speaker.wrong_us = step_us
    speaker.run(8)
    assert speaker.all_of(ClockStep) == [ClockStep(step_us // 1000, schedule_kept=True)]
    (ended,) = speaker.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.DONE
    first = next(i for i, x in enumerate(speaker.card.heard) if abs(x) > 1000)
    planned_us = (item.start - BEGIN) / timedelta(microseconds=1)
    assert speaker.card.instant_of(first) == pytest.approx(planned_us, abs=5000)


def test_a_clock_stepped_while_an_item_sounds_does_not_touch_it(speaker: Speaker) -> None:
    speaker.ask_server()
    speaker.offer(plan_now(speaker, loud_item(speaker, 3)))
    speaker.run(3.5)
    assert speaker.heard_since()
    speaker.wrong_us = -HOUR_US
    speaker.run(4)
    (ended,) = speaker.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.DONE


def test_a_clock_without_a_server_stepped_back_plays_nothing_twice(speaker: Speaker) -> None:
    item = loud_item(speaker, 3)
    speaker.offer(plan_now(speaker, item))
    speaker.run(6)
    played = len(speaker.card.heard)
    speaker.wrong_us = -4_000_000
    speaker.run(8)
    assert len(speaker.all_of(PlayStarted)) == 1
    assert not speaker.heard_since(played)


def test_a_dead_clock_plays_nothing_until_the_server_gives_the_time(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 4), loud_item(speaker, 14, id="later")))
    speaker.run(1)
    speaker.switch_off()
    speaker.wrong_us = -to_us(BEGIN)  # 1970
    speaker.switch_on()
    speaker.run(6)
    assert not speaker.heard_since()
    assert speaker.agent.time.state().source is ClockSource.UNTRUSTED
    speaker.ask_server()
    speaker.run(9)
    (missed,) = speaker.all_of(Missed)
    assert isinstance(missed, Missed)
    assert missed.reason is Reason.CLOCK_UNTRUSTED
    (started,) = speaker.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert started.item == "later"


def test_an_hour_back_at_boot_without_a_server_plays_nothing(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 4)))
    speaker.run(1)
    speaker.switch_off()
    speaker.wrong_us = -HOUR_US
    speaker.switch_on()
    speaker.run(6)
    assert not speaker.heard_since()


def test_power_lost_in_a_play_closes_it_and_does_not_repeat_it(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 3)))
    speaker.run(3.7)
    assert speaker.heard_since()
    speaker.switch_off()
    played = len(speaker.card.heard)
    speaker.switch_on()
    speaker.run(6)
    (ended,) = speaker.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert (ended.end, ended.first_sample_at) == (End.POWER_LOST, None)
    assert not speaker.heard_since(played)


def test_the_plan_is_followed_after_a_restart_without_a_server(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 5)))
    speaker.run(1)
    speaker.switch_off()
    speaker.switch_on()
    speaker.run(7)
    assert speaker.heard_since()
    assert len(speaker.all_of(PlanAccepted)) == 1


def refused(speaker: Speaker, plan: Plan, key: SigningKey = KEY) -> Reason:
    """Why ``plan`` is refused; the plan before it goes on being followed."""
    before = speaker.agent.keeper.current
    speaker.offer(plan, key)
    speaker.offer(plan, key)
    speaker.run(0.1)
    assert speaker.agent.keeper.current is before
    (event,) = speaker.all_of(PlanRefused)
    assert isinstance(event, PlanRefused)
    return event.reason


def test_an_older_plan_is_refused_and_stays_refused_after_a_restart(speaker: Speaker) -> None:
    older = plan_now(speaker, loud_item(speaker, 60))
    speaker.offer(plan_now(speaker, version=2))
    speaker.switch_off()
    speaker.switch_on()
    assert refused(speaker, older) is Reason.OLDER_VERSION


def test_an_older_plan_is_refused_even_when_the_plan_file_was_lost(speaker: Speaker) -> None:
    older = plan_now(speaker, loud_item(speaker, 60))
    speaker.offer(plan_now(speaker, version=2))
    speaker.switch_off()
    speaker.home.plan_file.unlink()
    speaker.switch_on()
    assert refused(speaker, older) is Reason.OLDER_VERSION


def test_a_plan_of_another_commune_is_refused(speaker: Speaker) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 60)))
    other = SigningKey.generate()
    assert refused(speaker, plan_now(speaker, version=2, unit="20662"), other) is Reason.UNKNOWN_KEY


def test_a_plan_for_another_commune_under_our_key_is_refused(speaker: Speaker) -> None:
    assert refused(speaker, plan_now(speaker, unit="20662")) is Reason.WRONG_UNIT


def test_an_expired_plan_is_refused(speaker: Speaker) -> None:
    yesterday = speaker.true_now - timedelta(days=1)
    plan = plan_now(speaker, issued=yesterday, covers_from=yesterday, expires=speaker.true_now)
    assert refused(speaker, plan) is Reason.EXPIRED


def test_an_emergency_under_the_routine_key_is_refused(speaker: Speaker) -> None:
    item = loud_item(speaker, 5, priority=Priority.EMERGENCY)
    assert refused(speaker, plan_now(speaker, item)) is Reason.EMERGENCY_NOT_ALLOWED


def test_stopping_everything_is_a_newer_plan_without_items(speaker: Speaker) -> None:
    item = loud_item(speaker, 3)
    speaker.offer(plan_now(speaker, item))
    speaker.run(3.6)
    stopped_at = len(speaker.card.heard)
    speaker.offer(plan_now(speaker, version=2))
    speaker.run(3)
    (ended,) = speaker.all_of(PlayEnded)
    assert isinstance(ended, PlayEnded)
    assert ended.end is End.STOPPED
    assert not speaker.heard_since(stopped_at + 12_000)


def test_audio_damaged_on_the_disk_does_not_sound_and_is_asked_for_again(speaker: Speaker) -> None:
    asked: list[bool] = []
    speaker.offer(plan_now(speaker, loud_item(speaker, 4)))
    path = speaker.agent.store.path(audio_of(LOUD, 1.5))
    path.write_bytes(LOUD[:-1] + b"\0")
    speaker.agent.stage.on_audio_lost = lambda: asked.append(True)
    speaker.run(8)
    assert not speaker.heard_since()
    assert asked == [True]
    (missed,) = speaker.all_of(Missed)
    assert isinstance(missed, Missed)
    assert missed.reason is Reason.NOT_FETCHED


def test_what_is_not_opus_is_missed_and_the_next_item_plays(speaker: Speaker) -> None:
    speaker.stock(b"not a sound")
    bad = an_item(audio_of(b"not a sound", 1), speaker.true_now + timedelta(seconds=4))
    speaker.offer(plan_now(speaker, bad, loud_item(speaker, 6, id="good")))
    speaker.run(10)
    (missed,) = speaker.all_of(Missed)
    assert isinstance(missed, Missed)
    assert missed.reason is Reason.DECODE_FAILED
    assert speaker.heard_since()


def test_a_silent_clip_is_recorded_and_shown_while_it_plays(speaker: Speaker) -> None:
    speaker.stock(SILENT)
    silent = an_item(audio_of(SILENT, 5), speaker.true_now + timedelta(seconds=2))
    speaker.offer(plan_now(speaker, silent))
    speaker.run(6.5)
    assert speaker.agent.reporter.build().sink is SinkState.SILENT
    speaker.run(3)
    assert speaker.agent.reporter.build().sink is SinkState.OK
    (silence,) = speaker.all_of(Silence)
    assert isinstance(silence, Silence)
    assert silence.lasted_ms >= 3000


def test_a_journal_that_cannot_be_written_keeps_the_item_silent(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker.offer(plan_now(speaker, loud_item(speaker, 4), loud_item(speaker, 9, id="later")))
    with monkeypatch.context() as patched:

        def fsync(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr("vang_node.journal.os.fsync", fsync)
        speaker.run(6)
    assert not speaker.heard_since()
    speaker.run(6)
    (started,) = speaker.all_of(PlayStarted)
    assert isinstance(started, PlayStarted)
    assert started.item == "later"
    assert speaker.heard_since()


def test_the_state_tells_what_plays_and_what_comes(speaker: Speaker) -> None:
    speaker.ask_server()
    now, next_one = loud_item(speaker, 3), loud_item(speaker, 60, id="next")
    speaker.offer(plan_now(speaker, now, next_one, version=17))
    speaker.run(3.6)
    state = speaker.agent.reporter.build()
    assert state.playing == now.id
    assert state.plan_version == 17
    assert state.items == {now.id: ItemState.PLAYING, "next": ItemState.VERIFIED}
    assert state.clock.source is ClockSource.SERVER
    assert state.journal_seq == len(speaker.events())
