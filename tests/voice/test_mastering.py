import numpy as np
import pytest

from tests.voice.sounds import hum
from vang.voice import opus
from vang.voice.engines.espeak import Espeak
from vang.voice.failures import LoudnessOutOfTolerance, NoSignal
from vang.voice.filters import resampled
from vang.voice.loudness import measure
from vang.voice.mastering import Mastered, master
from vang.voice.sound import RATE, Chunk, silence, spooled


def mastered(samples: Chunk) -> Mastered:
    with spooled([silence(500), samples, silence(300)]) as sound:
        return master(sound)


def spoken(text: str) -> Chunk:
    pcm = Espeak().speak(text)
    return np.concatenate(list(resampled([pcm.samples], pcm.rate)))


NOTICE = "Uỷ ban nhân dân xã thông báo lịch cắt điện ngày mười tháng sáu."


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(spoken(NOTICE), id="peaky formant speech"),
        pytest.param(spoken(NOTICE) * np.float32(0.02), id="very quiet"),
        pytest.param((spoken(NOTICE) * np.float32(20)).clip(-1, 1), id="overdriven"),
        pytest.param(spoken("Vâng."), id="half a second"),
        pytest.param(hum(20, level_db=-3), id="loud and long"),
    ],
)
def test_speech_of_any_kind_comes_out_within_tolerance(samples: Chunk) -> None:
    made = mastered(samples)
    again = measure(opus.decode(made.opus))
    assert again == made.loudness
    assert again.lufs == pytest.approx(-16, abs=1)
    assert again.true_peak_dbtp <= -2
    assert made.duration_ms == pytest.approx(1000 * len(samples) / RATE + 800, abs=2)


def test_nothing_is_clipped() -> None:
    made = mastered((spoken(NOTICE) * np.float32(20)).clip(-1, 1))
    heard = np.concatenate(list(opus.decode(made.opus)))
    assert np.abs(heard).max() < 0.8


def test_silence_and_bare_hiss_are_refused_and_a_quiet_voice_is_not() -> None:
    hiss = np.random.default_rng(3).standard_normal(3 * RATE).astype(np.float32) * 0.0002
    for nothing in (silence(3000), hiss):
        with pytest.raises(NoSignal):
            mastered(nothing)
    assert mastered(hum(3, level_db=-42)).loudness.is_acceptable()


def test_sound_that_cannot_be_brought_to_the_target_is_refused() -> None:
    clicks = np.zeros(5 * RATE, np.float32)
    clicks[::12_000] = 1
    with pytest.raises(LoudnessOutOfTolerance):
        mastered(clicks)
