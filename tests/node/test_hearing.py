"""The microphone's verdict: what was played is recognised through echo, wind, delay and drift, and
another sound is not taken for it. docs/en/node.md names the rates measured with more trials."""

import math
import random
from array import array
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vang_node import RATE
from vang_node.hearing import HEARD, NOT_HEARD, compare
from vang_node.level import scaled
from vang_node.listening import Ear
from vang_node.microphones import VirtualMicrophone, make_microphone
from vang_node.sinks import BLOCK, Block, SinkFailed
from vang_protocol.healths import Verdict

THIN = 6
SECONDS = 8


def spread(thin: list[float]) -> Block:
    """At the full rate, each value held: what happens below 4 kHz is what is looked at."""
    held = array("h")
    for value in thin:
        held.extend([int(max(-32_000, min(32_000, value)))] * THIN)
    return held


def voice(seed: int, seconds: float = SECONDS) -> list[float]:
    """Syllables of speech at 8 kHz: tones with overtones and hisses, with pauses between."""
    chance, rate = random.Random(seed), RATE // THIN
    out = [0.0] * int(seconds * rate)
    at = 0
    while at < len(out):
        if chance.random() < 0.12:
            at += int(chance.uniform(0.2, 0.6) * rate)
            continue
        length = int(chance.uniform(0.09, 0.28) * rate)
        pitch, loud, voiced = (
            chance.uniform(100, 240),
            chance.uniform(3e3, 9e3),
            chance.random() < 0.7,
        )
        step = 2 * math.pi * pitch / rate
        for n in range(min(length, len(out) - at)):
            shape = loud * math.sin(math.pi * n / length)
            sound = (
                math.sin(step * n) + math.sin(5 * step * n) / 2 if voiced else chance.gauss(0, 0.7)
            )
            out[at + n] += shape * sound
        at += length
    return out


def noise(seed: int, count: int, *, wind: bool = False) -> list[float]:
    """White, or as wind blows: low, in gusts."""
    chance, value, gust = random.Random(seed), 0.0, 1.0
    out = []
    for n in range(count):
        if wind:
            gust = abs(chance.gauss(1, 0.6)) if n % 800 == 0 else gust
            value = 0.98 * value + chance.gauss(0, 0.2)
            out.append(value * gust)
        else:
            out.append(chance.gauss(0, 1))
    return out


def loud(samples: list[float]) -> float:
    return math.sqrt(sum(one * one for one in samples) / len(samples)) or 1.0


def beside(sound: list[float], other: list[float], snr_db: float, *, heard: bool = True) -> Block:
    """What a microphone records: the sound late and with echoes, and something else."""
    late, out = 1_600, [0.0] * len(sound)
    if heard:
        for delay, gain in ((late, 0.5), (late + 700, 0.3), (late + 2_500, 0.2)):
            for n in range(len(sound) - delay):
                out[n + delay] += gain * sound[n]
    level = 0.5 * loud(sound) / loud(other) * 10 ** (-snr_db / 20)
    return spread([0.5 * (a + level * b) for a, b in zip(out, other, strict=True)])


SOUND = voice(1)
PLAYED = spread(SOUND)
COUNT = len(SOUND)
BESIDE = {
    "noise": noise(2, COUNT),
    "wind": noise(3, COUNT, wind=True),
    "another voice": voice(4),
}


@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("snr_db", [10, 0])
def test_the_played_sound_is_heard_beside_others(other: str, snr_db: float) -> None:
    found = compare(PLAYED, beside(SOUND, BESIDE[other], snr_db))
    assert found.verdict is Verdict.HEARD
    assert found.delay_ms == pytest.approx(200, abs=100)


@pytest.mark.parametrize("other", BESIDE)
def test_another_sound_alone_is_not_taken_for_it(other: str) -> None:
    found = compare(PLAYED, beside(SOUND, BESIDE[other], 0, heard=False))
    assert found.verdict is not Verdict.HEARD
    assert found.score < HEARD


def test_among_many_other_voices_none_is_taken_for_it() -> None:
    scores = [compare(PLAYED, spread(voice(seed))).score for seed in range(10, 22)]
    assert max(scores) < HEARD
    assert sum(score < NOT_HEARD for score in scores) >= 8


@settings(max_examples=6)
@given(st.floats(0.01, 1.0), st.integers(-200, 1_500), st.integers(-100, 100))
def test_volume_delay_and_another_quartz_do_not_matter(
    gain: float, delay_ms: int, ppm: int
) -> None:
    count, rate = len(PLAYED), RATE * (1 + ppm / 1e6)
    shift = delay_ms * RATE // 1000
    recorded = array("h", bytes(2 * count))
    quiet = scaled(PLAYED, gain)
    for n in range(count):
        source = int((n - shift) * RATE / rate)
        if 0 <= source < count:
            recorded[n] = quiet[source]
    found = compare(PLAYED, recorded)
    assert found.verdict is Verdict.HEARD
    assert found.delay_ms == pytest.approx(delay_ms, abs=20)


def test_silence_and_a_dead_microphone_hear_nothing() -> None:
    assert compare(PLAYED, array("h", bytes(2 * len(PLAYED)))).verdict is Verdict.NOT_HEARD


def test_what_cannot_be_told_is_not_told() -> None:
    short = PLAYED[: 3 * RATE]
    tone = array("h", [int(9_000 * math.sin(0.05 * n)) for n in range(SECONDS * RATE)])
    assert compare(short, short).verdict is Verdict.UNSURE
    assert compare(tone, tone).verdict is Verdict.UNSURE
    assert compare(array("h"), PLAYED).verdict is Verdict.UNSURE


class Table:
    """A microphone whose recording lies ready; it fails while it is broken."""

    name = "table"

    def __init__(self, recording: Block) -> None:
        self.recording, self.position, self.broken = recording, 0, False
        self.opened = 0
        self.on_end: Callable[[], None] = lambda: None

    def open(self) -> None:
        if self.broken:
            raise SinkFailed("unplugged")
        self.opened, self.position = self.opened + 1, 0

    def read(self) -> Block:
        block = self.recording[self.position : self.position + BLOCK]
        self.position += BLOCK
        if not block:
            self.on_end()
        return block or self.recording[:BLOCK]

    def close(self) -> None:
        pass

    def near(self, block: Block) -> None:
        pass


def listened(ear: Ear, item: str, table: Table | None = None) -> None:
    """A whole play, and the listening beside it: the play ends with the recording."""
    for start in range(0, len(PLAYED), BLOCK):
        ear.sent(item, PLAYED[start : start + BLOCK])
    if table is not None:
        table.on_end = lambda: ear.ended(item)
    try:
        ear.listen(item)
    finally:
        ear.ended(item)


def test_the_ear_tells_what_it_heard_and_is_sure_of_silence_only_the_second_time() -> None:
    table = Table(beside(SOUND, BESIDE["noise"], 10))
    ear = Ear(table)
    listened(ear, "a", table)
    assert ear.last is not None
    assert (ear.last.item, ear.last.verdict) == ("a", Verdict.HEARD)
    table.recording = beside(SOUND, BESIDE["noise"], 0, heard=False)
    listened(ear, "b", table)
    assert ear.last.verdict is Verdict.UNSURE
    listened(ear, "c", table)
    assert (ear.last.item, ear.last.verdict) == ("c", Verdict.NOT_HEARD)
    assert ear.last.delay_ms is None


def test_a_microphone_that_is_gone_changes_nothing_and_may_come_back() -> None:
    table = Table(beside(SOUND, BESIDE["noise"], 10))
    ear = Ear(table)
    table.broken = True
    with pytest.raises(SinkFailed):
        listened(ear, "a")
    assert ear.last is None
    table.broken = False
    listened(ear, "b", table)
    assert ear.last is not None


def test_without_a_microphone_nothing_is_said() -> None:
    ear = Ear()
    listened(ear, "a")
    assert ear.last is None
    assert make_microphone(None) is None
    assert isinstance(make_microphone("virtual:deaf"), VirtualMicrophone)
    with pytest.raises(ValueError, match="no microphone"):
        make_microphone("radio:1")
