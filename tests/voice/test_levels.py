"""What the studio tells the announcer of a recording."""

import numpy as np
import pytest

from tests.voice.spoken import syllables
from vang.voice.levels import Fault, measured_levels
from vang.voice.sound import RATE, Chunk


def test_finds_where_speech_begins_and_ends() -> None:
    levels = measured_levels(syllables(5, around_ms=400))
    assert levels.speech_from_ms == pytest.approx(400, abs=30)
    assert levels.speech_to_ms == pytest.approx(levels.duration_ms - 400, abs=30)
    assert levels.edges() == (levels.speech_from_ms - 120, levels.speech_to_ms + 200)
    assert levels.faults() == []


def test_a_key_pressed_at_the_end_is_no_speech() -> None:
    knock = np.zeros(RATE // 2, np.float32)
    knock[RATE // 4 : RATE // 4 + 600] = 0.8 * np.sin(np.arange(600))
    spoken = syllables(5)
    levels = measured_levels(np.concatenate([spoken, knock]))
    assert levels.speech_to_ms < 1000 * len(spoken) / RATE


def clipped(samples: Chunk) -> Chunk:
    return np.clip(samples * 20, -1, 1)


@pytest.mark.parametrize(
    ("sound", "faults"),
    [
        (np.zeros(RATE, np.float32), [Fault.SILENT]),
        (np.zeros(0, np.float32), [Fault.SILENT]),
        (clipped(syllables(4)), [Fault.CLIPPED]),
        (syllables(4, level_db=-50, room_db=-90), [Fault.QUIET]),
        (syllables(4, level_db=-20, room_db=-28), [Fault.NOISY]),
        (syllables(4)[int(0.35 * RATE) :], [Fault.CUT_HEAD]),
        (syllables(4)[: -int(0.35 * RATE)], [Fault.CUT_TAIL]),
    ],
)
def test_names_what_is_to_be_mended(sound: Chunk, faults: list[Fault]) -> None:
    found = measured_levels(sound).faults()
    assert found[: len(faults)] == faults


def test_hum_below_the_voice_does_not_count() -> None:
    spoken = syllables(4, room_db=-70)
    hum = 0.05 * np.sin(2 * np.pi * 30 * np.arange(len(spoken)) / RATE).astype(np.float32)
    assert Fault.NOISY not in measured_levels(spoken + hum).faults()
