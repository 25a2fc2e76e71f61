"""The first sample is placed by the clock on the device's own scale, and stays there."""

from array import array

import pytest

from tests.node.tape import HandCard, Tape, constant, noise
from vang_node import RATE
from vang_node.backoff import Backoff
from vang_node.player import Began, Ended, Play, Player, PlayerEvent, Quiet, SinkChanged
from vang_node.sinks import BLOCK, Block
from vang_node.voice import FADE, Voice
from vang_protocol.records import End

BEGIN_US = 9_000_123


class Booth:
    """A player on a hand-turned card, and everything it reported."""

    def __init__(self, card: HandCard, *, device_delay_us: int = 0) -> None:
        self.card = card
        self.events: list[PlayerEvent] = []
        backoff = Backoff(choose=lambda _low, _high: 0.0)
        self.player = Player(card, card.mono_us, self.events.append, device_delay_us, backoff)

    def play(self, samples: Block, at_us: int, item: str = "a", most_s: float = 600) -> Tape:
        tape = Tape(samples)
        voice = Voice(tape, gain=1.0, most_frames=int(most_s * RATE), fade_in=False)
        self.player.begin(Play(item, 1, at_us, voice))
        return tape

    def run(self, seconds: float) -> None:
        """Until the card has been given ``seconds`` of sound."""
        wanted = len(self.card.heard) + int(seconds * RATE)
        before = self.card.on_write

        def stop_then(written: int) -> None:
            before(written)
            if written >= wanted:
                self.player.stop()

        self.card.on_write = stop_then
        self.player.run()

    def ended(self) -> list[Ended]:
        return [event for event in self.events if isinstance(event, Ended)]

    def first_loud(self) -> int:
        return next(index for index, sample in enumerate(self.card.heard) if sample)


def marked(seconds: float) -> Block:
    """Loud from its very first sample on."""
    return constant(seconds, 1000)


@pytest.mark.parametrize("ppm", [-100, 0, 100])
def test_the_first_sample_is_heard_at_its_instant(ppm: float) -> None:
    booth = Booth(HandCard(ppm=ppm, jitter_us=2000))
    booth.play(marked(2), BEGIN_US)
    booth.run(8)
    heard_us = booth.card.instant_of(booth.first_loud())
    assert heard_us == pytest.approx(BEGIN_US, abs=500)
    (ended,) = booth.ended()
    assert ended.end is End.DONE
    assert ended.first_us is not None
    assert ended.first_us == pytest.approx(heard_us, abs=500)
    assert ended.error_us == ended.first_us - BEGIN_US
    assert booth.events[0] == SinkChanged(None)
    assert any(isinstance(event, Began) for event in booth.events)


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_drifting_card_is_held_on_time_to_the_end_of_the_clip(ppm: float) -> None:
    booth = Booth(HandCard(ppm=ppm, jitter_us=500))
    click = array("h", [20_000] * 50)
    samples = marked(0.1) + constant(120, 0) + click
    booth.play(samples, BEGIN_US)
    booth.run(130)
    first_click = next(i for i, x in enumerate(booth.card.heard) if x == 20_000)
    due_us = BEGIN_US + (len(samples) - 50) * 1e6 / RATE
    assert booth.card.instant_of(first_click) == pytest.approx(due_us, abs=1000)
    assert abs(ppm) * 120 > 5000  # without correction it would be 12 ms off


def test_a_card_that_ran_dry_is_counted_and_the_clip_is_back_on_time() -> None:
    card = HandCard()
    booth = Booth(card)
    click = array("h", [20_000] * 50)
    samples = marked(0.1) + constant(8, 0) + click
    booth.play(samples, BEGIN_US)
    stalled = False

    def stall(written: int) -> None:
        nonlocal stalled
        if not stalled and card.now_us > BEGIN_US + 2_000_000:
            stalled = True
            card.stall(700_000)

    card.on_write = stall
    booth.run(16)
    first_click = next(i for i, x in enumerate(card.heard) if x == 20_000)
    due_us = BEGIN_US + (len(samples) - 50) * 1e6 / RATE
    assert booth.ended()[0].xruns >= 1
    assert card.instant_of(first_click) == pytest.approx(due_us, abs=2000)


def test_the_delay_behind_the_device_is_taken_into_account() -> None:
    booth = Booth(HandCard(), device_delay_us=50_000)
    booth.play(marked(1), BEGIN_US)
    booth.run(8)
    assert booth.card.instant_of(booth.first_loud()) == pytest.approx(BEGIN_US - 50_000, abs=500)
    assert booth.ended()[0].error_us == pytest.approx(0, abs=500)


def test_a_clip_given_too_late_begins_at_once_and_says_how_late() -> None:
    booth = Booth(HandCard())
    booth.play(marked(1), 4_000_000)
    booth.run(4)
    (ended,) = booth.ended()
    assert ended.error_us is not None
    assert ended.error_us > 1_000_000
    assert ended.measured.frames > 0


def test_two_clips_back_to_back_leave_no_gap_and_no_overlap() -> None:
    booth = Booth(HandCard())
    booth.play(constant(1, 1000), BEGIN_US, "a")
    booth.play(constant(1, 2000), BEGIN_US + 1_000_000, "b")
    booth.run(10)
    loud = [sample for sample in booth.card.heard if sample]
    assert set(loud) == {1000, 2000}
    assert loud.count(1000) == pytest.approx(RATE, abs=2)
    assert [event.end for event in booth.ended()] == [End.DONE, End.DONE]


def test_a_halted_clip_is_faded_and_then_silent() -> None:
    booth = Booth(HandCard())
    tape = booth.play(constant(30, 10_000), BEGIN_US)
    halted: list[int] = []

    def halt(written: int) -> None:
        if not halted and booth.card.now_us > BEGIN_US + 1_000_000:
            halted.append(written)
            booth.player.halt("a", End.STOPPED)

    booth.card.on_write = halt
    booth.run(8)
    (ended,) = booth.ended()
    assert ended.end is End.STOPPED
    assert tape.closed
    assert len(booth.card.heard[halted[0] :].tobytes().rstrip(b"\0")) // 2 <= FADE + BLOCK


def test_a_clip_that_makes_way_is_silent_when_the_other_begins() -> None:
    booth = Booth(HandCard())
    booth.play(constant(30, 1000), BEGIN_US, "low")
    booth.play(constant(1, 7), BEGIN_US + 2_000_000, "high")
    booth.player.halt("low", End.PRE_EMPTED, BEGIN_US + 2_000_000)
    booth.run(10)
    high = next(i for i, x in enumerate(booth.card.heard) if x == 7)
    assert max(booth.card.heard[high + 1 :]) == 7
    assert booth.card.heard[high - FADE - 2 * BLOCK] == 1000
    assert [(event.item, event.end) for event in booth.ended()] == [
        ("low", End.PRE_EMPTED),
        ("high", End.DONE),
    ]


def test_a_clip_halted_before_its_time_never_sounds() -> None:
    booth = Booth(HandCard())
    booth.play(marked(1), BEGIN_US)
    booth.player.halt("a", End.STOPPED)
    booth.run(8)
    assert set(booth.card.heard) == {0}
    (ended,) = booth.ended()
    assert (ended.end, ended.first_us, ended.measured.frames) == (End.STOPPED, None, 0)


def test_stopping_the_player_fades_what_sounds() -> None:
    booth = Booth(HandCard())
    booth.play(constant(30, 10_000), 5_600_000)
    booth.run(3)
    assert booth.ended()[0].end is End.STOPPED
    assert abs(booth.card.heard[-1]) < 100


def test_a_clip_begun_just_before_the_player_stops_is_accounted_for() -> None:
    booth = Booth(HandCard())

    def begin_and_stop(written: int) -> None:
        if written == 3 * RATE:
            booth.play(marked(1), BEGIN_US)
            booth.player.stop()

    booth.card.on_write = begin_and_stop
    booth.player.run()
    (ended,) = booth.ended()
    assert (ended.end, ended.first_us) == (End.STOPPED, None)


def test_a_silent_clip_is_reported_once() -> None:
    booth = Booth(HandCard())
    booth.play(constant(8, 0), BEGIN_US)
    booth.play(noise(4), BEGIN_US + 9_000_000, "b")
    booth.run(20)
    quiet = [event for event in booth.events if isinstance(event, Quiet)]
    assert [event.item for event in quiet] == ["a"]
    assert quiet[0].lasted_ms > 3000


def test_a_card_that_fails_ends_the_play_is_said_and_is_opened_again() -> None:
    card = HandCard()
    booth = Booth(card)
    booth.play(marked(30), BEGIN_US)
    card.fail_at = 6 * RATE
    booth.run(12)
    changes = [event.failure for event in booth.events if isinstance(event, SinkChanged)]
    assert changes == [None, "unplugged", None]
    assert booth.ended()[0].end is End.ERROR
    assert card.opened == 2


class Bottomless(HandCard):
    """A device without a clock, like ALSA's null: takes everything at once."""

    def write(self, block: Block) -> None:
        self.heard.extend(block)
        self.now_us += 100
        self.on_write(len(self.heard))


def test_a_device_that_takes_sound_faster_than_time_passes_is_refused() -> None:
    booth = Booth(Bottomless())
    booth.run(4)
    failures = [event.failure for event in booth.events if isinstance(event, SinkChanged)]
    assert "the device takes sound faster than time passes" in failures
