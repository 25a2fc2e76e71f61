"""Seams that cannot be heard: no click, no step of level, no hole in the room's sound."""

import numpy as np
import pytest

from tests.voice.spoken import syllables
from vang.voice.filters import filtered
from vang.voice.joining import Piece, joined, trimmed_to_speech
from vang.voice.levels import frame_levels, measured_levels
from vang.voice.sound import RATE, Chunk


def harshest(samples: Chunk) -> float:
    """The loudest 5 ms above 12 kHz, where speech has next to nothing and a click has much."""
    high = np.concatenate(list(filtered([samples], [("highpass", "frequency=12000:poles=2")])))
    frame = RATE // 200
    whole = high[: len(high) // frame * frame].reshape(-1, frame)
    return float(np.sqrt((whole**2).mean(axis=1)).max())


def test_pieces_stand_one_after_the_other_with_their_pauses() -> None:
    one, two = syllables(3, around_ms=200), syllables(4, around_ms=200)
    sound = joined([Piece(one, 400), Piece(two, 0)])
    assert len(sound) == pytest.approx(len(one) + len(two) + 0.4 * RATE, abs=0.02 * RATE)
    assert joined([Piece(one, 0)]) == pytest.approx(one, abs=1.1)
    assert len(joined([])) == 0


def test_a_join_does_not_click_where_a_plain_cut_does() -> None:
    tones = [0.5 * np.sin(np.arange(RATE // 2) * f).astype(np.float32) for f in (0.02, 0.031)]
    cut = [tones[0][:23_484], tones[1][51:]]  # from −0.5 to +0.5 at once
    assert harshest(np.concatenate(cut)) > 8 * harshest(joined([Piece(c, 0) for c in cut]))


def test_loud_and_quiet_pieces_come_out_alike() -> None:
    loud, quiet = syllables(4, level_db=-12), syllables(4, level_db=-21, seed=1)
    sound = joined([Piece(loud, 300), Piece(quiet, 0)])
    halves = [measured_levels(sound[: len(loud)]), measured_levels(sound[-len(quiet) :])]
    assert abs(halves[0].speech_db - halves[1].speech_db) < 1.0


def test_the_room_goes_on_through_a_pause() -> None:
    pieces = [syllables(3, room_db=-55, seed=n) for n in (1, 2)]
    sound = joined([Piece(pieces[0], 800), Piece(pieces[1], 0)])
    before = len(pieces[0])
    pause = frame_levels(sound)[before // 480 + 5 : before // 480 + 70]
    room = measured_levels(pieces[0]).noise_db
    assert abs(float(pause.mean()) - room) < 3
    assert float(pause.min()) > room - 8


def test_digital_silence_stays_silent() -> None:
    pieces = [Piece(syllables(2, room_db=-200), 300), Piece(syllables(2, room_db=-200), 0)]
    assert np.abs(joined(pieces)[len(pieces[0].samples) + 900 :][:9000]).max() == 0


def test_the_same_pieces_always_give_the_same_sound() -> None:
    pieces = [Piece(syllables(2), 250), Piece(syllables(3, seed=1), 0)]
    assert np.array_equal(joined(pieces), joined(pieces))


def test_trimming_keeps_a_little_of_the_room() -> None:
    spoken = syllables(3, around_ms=900)
    kept = trimmed_to_speech(spoken, 100, 150)
    assert measured_levels(kept).speech_from_ms == pytest.approx(100, abs=30)
    silent = np.zeros(RATE, np.float32)
    assert len(trimmed_to_speech(silent, 100, 100)) <= len(silent)
