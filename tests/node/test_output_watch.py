"""Green means sound: what the device was given is compared with what the clip held."""

import pytest

from tests.node.tape import HandCard, Tape, constant, noise
from tests.node.test_player import BEGIN_US, Booth
from vang_node import RATE
from vang_node.output_watch import OutputWatch
from vang_node.player import Play
from vang_node.sinks import BLOCK
from vang_node.voice import Voice


def played(gain: float, samples: object) -> OutputWatch:
    booth = Booth(HandCard())
    voice = Voice(Tape(samples), gain=gain, most_frames=60 * RATE, fade_in=False)  # type: ignore[arg-type]
    booth.player.begin(Play("a", 1, BEGIN_US, voice))
    booth.run(9)
    return booth.player.watch


def test_a_play_that_goes_out_as_it_is_counts_no_silence() -> None:
    seen = played(1.0, noise(3, head_s=1.0)).last
    assert seen is not None
    assert (seen.item, seen.silent_ms) == ("a", 0)
    assert abs(seen.clip_cdb - seen.sent_cdb) < 60
    assert seen.sent_cdb > -3500


def test_a_volume_turned_down_is_seen_in_decibels() -> None:
    seen = played(0.5, constant(2, 8000)).last
    assert seen is not None
    assert seen.silent_ms == 0
    assert seen.clip_cdb - seen.sent_cdb == pytest.approx(602, abs=30)


def test_a_clip_that_sounds_while_nothing_goes_out_is_silence() -> None:
    seen = played(0.0005, constant(2, 8000)).last
    assert seen is not None
    assert seen.silent_ms == pytest.approx(2000, abs=40)


def test_a_quiet_clip_is_not_the_outputs_fault() -> None:
    seen = played(1.0, constant(2, 0)).last
    assert seen is not None
    assert seen.silent_ms == 0
    assert seen.clip_cdb == -12_000


def test_an_item_that_never_sounded_leaves_what_was_known() -> None:
    watch = OutputWatch()
    watch.note("a", 10**9, constant(BLOCK / RATE, 9000), BLOCK)
    watch.ended("b")
    assert watch.last is None
