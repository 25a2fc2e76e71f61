"""Gain, fades, limits: nothing too loud, nothing cut, nothing silent without a word."""

from array import array
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.node.tape import Tape, constant, noise
from tests.node.town import opus_file
from vang_node import RATE
from vang_node.decoder import DecodeFailed, Feed, decoded_blocks
from vang_node.level import CEILING, Limiter, gain_of, ramped, rms_cdb, scaled
from vang_node.player import mixed
from vang_node.sinks import BLOCK, Block
from vang_node.voice import FADE, OVER, Voice
from vang_protocol.records import End


def a_voice(samples: Block, *, gain: float = 1.0, most_s: float = 600, **about: object) -> Voice:
    source = Tape(samples, **about)  # type: ignore[arg-type]
    return Voice(source, gain=gain, most_frames=int(most_s * RATE), fade_in=False)


def rendered(voice: Voice, blocks: int = 10_000) -> Block:
    sound = array("h")
    for _ in range(blocks):
        if voice.end is not None:
            break
        sound.extend(voice.render(BLOCK))
    return sound


def test_a_gain_in_decibels_is_a_factor() -> None:
    assert gain_of(0) == 1.0
    assert gain_of(-20) == pytest.approx(0.1)
    assert scaled(array("h", [10_000]), gain_of(-20)).tolist() == [1000]


def test_levels_are_told_in_hundredths_of_a_decibel() -> None:
    square = constant(0.1, 16384)
    assert rms_cdb(sum(x * x for x in square), len(square)) == -602
    assert rms_cdb(0, 4800) == -12_000
    assert rms_cdb(0, 0) == -12_000


def test_a_ramp_ends_at_silence_and_stays_there() -> None:
    assert ramped(array("h", [1000] * 5), 1.0, -0.25).tolist() == [1000, 750, 500, 250, 0]
    assert ramped(array("h", [1000] * 3), 0.25, -0.25).tolist() == [250, 0, 0]


@given(st.lists(st.lists(st.integers(-65536, 65534), min_size=9, max_size=9), max_size=6))
def test_nothing_leaves_the_limiter_above_its_ceiling(blocks: list[list[int]]) -> None:
    limiter = Limiter()
    for block in blocks:
        assert all(-CEILING <= sample <= CEILING for sample in limiter.limit(block))


def test_after_silence_the_limiter_has_let_go() -> None:
    limiter, quiet = Limiter(), [1000] * BLOCK
    limiter.limit([60_000] * BLOCK)
    limiter.rest()
    assert limiter.limit(quiet).tolist() == quiet


def test_the_limiter_leaves_quiet_sound_alone_and_lets_go_after_a_peak() -> None:
    limiter, quiet = Limiter(), [1000] * BLOCK
    assert limiter.limit(quiet).tolist() == quiet
    limiter.limit([60_000] * BLOCK)
    assert limiter.limit(quiet)[0] < 1000
    for _ in range(60):
        limiter.limit(quiet)
    assert limiter.limit(quiet).tolist() == quiet


def test_parts_of_a_block_are_added_at_their_offsets() -> None:
    total = mixed(
        [(0, array("h", [1, 2])), (1, array("h", [30_000] * 2)), (1, array("h", [30_000]))]
    )
    assert list(total)[:4] == [1, 60_002, 30_000, 0]
    assert len(total) == BLOCK
    assert set(mixed([])) == {0}


def test_a_clip_glides_to_another_loudness_in_half_a_second() -> None:
    voice = a_voice(constant(4.0, 10_000))
    sound = array("h")
    for block in range(100):
        if block == 10:
            voice.turn(gain_of(-20))
        sound.extend(voice.render(BLOCK))
    turned = 10 * BLOCK
    assert set(sound[:turned]) == {10_000}
    assert set(sound[turned + RATE // 2 + 1 :]) == {1_000}
    steps = [abs(a - b) for a, b in pairwise(sound)]
    assert max(steps) <= 2
    voice.turn(1.0)
    for _ in range(40):
        last = voice.render(BLOCK)
    assert last[-1] == 10_000


def test_a_clip_is_given_whole_and_ends_done() -> None:
    samples = noise(0.7)
    voice = a_voice(samples)
    assert rendered(voice) == samples
    assert voice.end is End.DONE
    assert voice.measured().frames == len(samples)


def test_a_clip_is_cut_at_its_limit_whatever_the_file_holds() -> None:
    voice = a_voice(constant(3, 1000), most_s=1.0)
    assert len(rendered(voice)) == RATE
    assert voice.end is End.MAX_PLAY


def test_a_stopped_clip_fades_over_200_milliseconds() -> None:
    voice = a_voice(constant(3, 10_000))
    voice.render(BLOCK)
    voice.fade(End.STOPPED)
    tail = rendered(voice)
    assert len(tail) == FADE
    assert voice.end is End.STOPPED
    assert all(a >= b for a, b in pairwise(tail))
    assert tail[0] >= 9999
    assert tail[-1] <= 10


def test_a_clip_that_ends_while_fading_tells_why_it_faded() -> None:
    voice = a_voice(constant(0.1, 10_000))
    voice.fade(End.PRE_EMPTED)
    rendered(voice)
    assert voice.end is End.PRE_EMPTED


def test_a_clip_that_goes_on_in_its_middle_fades_in() -> None:
    voice = Voice(Tape(constant(1, 10_000)), gain=1.0, most_frames=RATE, fade_in=True)
    sound = rendered(voice)
    assert sound[0] == 0
    assert sound[480] == pytest.approx(5000, abs=20)
    assert sound[960] == 10_000


def test_a_decoder_that_is_behind_is_heard_as_silence_and_counted() -> None:
    voice = a_voice(constant(0.1, 10_000), behind=2)
    sound = rendered(voice)
    assert set(sound[: 2 * BLOCK]) == {0}
    assert voice.measured().starved == 2
    assert voice.end is End.DONE


def test_a_decoder_that_fails_ends_the_clip_with_an_error() -> None:
    voice = a_voice(constant(0.1, 10_000), failure="bad packet")
    rendered(voice)
    assert voice.end is End.ERROR


def test_three_silent_seconds_are_noticed_and_half_a_second_is_not() -> None:
    silent = a_voice(constant(4, 0))
    for _ in range(150):
        silent.render(BLOCK)
    assert silent.silent_frames() == 0
    silent.render(BLOCK)
    assert silent.silent_frames() > 3 * RATE
    spoken = a_voice(noise(4))
    for _ in range(190):
        spoken.render(BLOCK)
        assert spoken.silent_frames() == 0


def test_a_volume_of_minus_60_is_silence_at_the_output() -> None:
    voice = a_voice(noise(4, head_s=0), gain=gain_of(-60))
    for _ in range(190):
        voice.render(BLOCK)
    assert voice.silent_frames() > 3 * RATE


def test_slipping_leaves_out_or_doubles_one_sample() -> None:
    ramp = array("h", range(4 * BLOCK))
    late, early = a_voice(ramp), a_voice(ramp)
    assert len(late.render(BLOCK, slip=1)) == BLOCK
    assert late.render(1).tolist() == [BLOCK + 1]
    assert len(early.render(BLOCK, slip=-1)) == BLOCK
    assert early.render(1).tolist() == [BLOCK - 1]


def test_opus_is_decoded_in_blocks_with_sample_0_first() -> None:
    samples = noise(1.0)
    blocks = list(decoded_blocks(BytesIO(opus_file(samples))))
    assert {len(block) for block in blocks[:-1]} == {BLOCK}
    sound = array("h", [sample for block in blocks for sample in block])
    assert len(sound) == len(samples)
    assert max(map(abs, sound[: int(0.49 * RATE)])) < 100
    assert rms_cdb(sum(x * x for x in sound), len(sound)) == pytest.approx(
        rms_cdb(sum(x * x for x in samples), len(samples)), abs=300
    )


def test_decoding_can_begin_in_the_middle() -> None:
    data = opus_file(noise(1.0))
    whole = [sample for block in decoded_blocks(BytesIO(data)) for sample in block]
    rest = [sample for block in decoded_blocks(BytesIO(data), skip=30_001) for sample in block]
    assert rest == whole[30_001:]


@pytest.mark.parametrize("data", [b"", b"OggS", b"\0" * 5000, b"RIFF0000WAVEfmt "])
def test_what_is_not_opus_is_a_failure_not_a_noise(data: bytes) -> None:
    assert list(decoded_blocks(BytesIO(opus_file(noise(0.6)))))
    with pytest.raises(DecodeFailed):
        list(decoded_blocks(BytesIO(data)))


def test_a_feed_gives_exactly_what_is_asked_and_then_is_exhausted() -> None:
    feed = Feed(decoded_blocks(BytesIO(opus_file(noise(0.6)))))
    assert feed.ready(10.0)
    total = 0
    while not feed.exhausted:
        total += len(feed.take(777))
    assert total == len(noise(0.6))
    assert feed.failure is None
    feed.close()


def test_a_feed_of_something_else_is_not_ready() -> None:
    feed = Feed(decoded_blocks(BytesIO(b"no sound at all")))
    assert not feed.ready(10.0)
    assert feed.failure
    feed.close()


def test_a_feed_holds_two_seconds_not_the_whole_clip() -> None:
    feed = Feed(decoded_blocks(BytesIO(opus_file(constant(20, 500)))))
    assert feed.ready(10.0)
    assert feed.ahead <= 100
    feed.close()


class Endless:
    """A source that never ends by itself, and may be behind for ever."""

    failure: str | None = None
    exhausted = False

    def __init__(self, *, gives: bool) -> None:
        self.gives = gives

    def take(self, count: int) -> Block:
        assert count >= 0
        return array("h", [1000]) * count if self.gives else array("h")

    def close(self) -> None: ...


@given(
    source=st.builds(Endless, gives=st.booleans()),
    most=st.integers(1, 3 * BLOCK),
    turns=st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([0, 0, 700, 5000]))),
)
def test_whatever_the_card_and_the_decoder_do_a_play_ends_at_its_limit(
    source: Endless, most: int, turns: list[tuple[int, int]]
) -> None:
    voice = Voice(source, gain=1.0, most_frames=most, fade_in=False)
    heard = 0
    for slip, skipped in [*turns, *[(1, 0)] * 70]:
        voice.skip(skipped)
        heard += len(voice.render(BLOCK, slip=slip))
        if voice.end is not None:
            break
    assert voice.end is End.MAX_PLAY
    assert heard < most + OVER + BLOCK


def test_a_decoder_that_breaks_in_a_way_nobody_thought_of_ends_the_clip() -> None:
    def broken() -> Iterator[Block]:
        yield constant(0.1, 1000)
        raise RuntimeError("out of memory")

    feed = Feed(broken())
    feed.patience_s = 5.0
    voice = Voice(feed, gain=1.0, most_frames=60 * RATE, fade_in=False)
    rendered(voice, blocks=100)
    assert voice.end is End.ERROR
