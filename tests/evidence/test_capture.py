"""A recording counts as the approved sound only when every half second of it is."""

import numpy as np
import pytest

from vang.evidence.capture import Samples, compare

RATE = 8_000


@pytest.fixture
def approved() -> Samples:
    noise = np.random.default_rng(7).normal(0, 0.1, RATE * 4).astype(np.float32)
    noise[RATE : RATE + RATE // 2] = 0
    return noise


def recorded(sound: Samples, *, before: int = 3_000, gain: float = 0.5) -> Samples:
    silence = np.zeros(before, dtype=np.float32)
    return np.concatenate([silence, sound * np.float32(gain), silence])


def test_same_sound_is_found_where_it_begins_at_any_volume(approved: Samples) -> None:
    match = compare(approved, recorded(approved), RATE)
    assert match.same
    assert match.offset == 3_000


def test_sound_cut_short_is_not_the_same(approved: Samples) -> None:
    cut = approved.copy()
    cut[-RATE:] = 0
    assert not compare(approved, recorded(cut), RATE).same


def test_one_replaced_second_is_noticed(approved: Samples) -> None:
    other = approved.copy()
    other[2 * RATE : 3 * RATE] = np.random.default_rng(8).normal(0, 0.1, RATE)
    assert not compare(approved, recorded(other), RATE).same


def test_words_added_in_a_pause_are_noticed(approved: Samples) -> None:
    added = approved.copy()
    added[RATE : RATE + 2_000] = 0.1
    assert not compare(approved, recorded(added), RATE).same


def test_silence_is_not_the_approved_sound(approved: Samples) -> None:
    assert not compare(approved, np.zeros(RATE * 6, dtype=np.float32), RATE).same
