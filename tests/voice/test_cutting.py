"""A text read in one go is cut where its sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.spoken import sentences_read
from vang.voice.cutting import Pause, pauses, sentence_cuts
from vang.voice.levels import measured_levels


def test_cuts_fall_into_the_pauses_between_sentences() -> None:
    counts = [4, 9, 3, 7]
    sound = sentences_read(counts, pause_ms=500)
    levels = measured_levels(sound)
    cuts = sentence_cuts(pauses(sound), levels.speech_from_ms, levels.speech_to_ms, counts)
    place, expected = 0, []
    for count in counts[:-1]:
        place += 240 * count - 60 + 500
        expected.append(place)
    assert cuts == pytest.approx(expected, abs=60)


def test_a_breath_inside_a_sentence_is_no_cut() -> None:
    found = [Pause(900, 1100), Pause(2000, 2500), Pause(3400, 3600)]
    assert sentence_cuts(found, 0, 4500, [5, 5]) == [2250]


def test_too_few_pauses_are_told() -> None:
    assert sentence_cuts([Pause(900, 1100)], 0, 3000, [5, 5, 5]) is None
    assert sentence_cuts([], 0, 3000, [5]) == []


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12), st.integers(0, 20))
def test_cuts_are_pauses_in_order(lengths: list[int], more: int) -> None:
    found = [Pause(300 * n + 100, 300 * n + 300) for n in range(len(lengths) + more)]
    cuts = sentence_cuts(found, 0, 300 * len(found) + 300, lengths)
    assert cuts is not None
    assert cuts == sorted(set(cuts))
    assert set(cuts) <= {pause.middle_ms for pause in found}
    assert len(cuts) == len(lengths) - 1
