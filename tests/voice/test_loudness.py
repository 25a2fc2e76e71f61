import numpy as np
import pytest

from tests.voice.sounds import hum
from vang.voice.loudness import levelled, measure, prepared
from vang.voice.sound import RATE, Chunk, silence


def sine(hertz: float, level_db: float, seconds: float = 5.0, phase: float = 0.0) -> Chunk:
    t = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * t + phase)
    return wave.astype(np.float32)


def test_measures_the_calibration_tone_of_bs1770_as_the_standard_states() -> None:
    # BS.1770-4 annex 1: 0 dBFS at 997 Hz in one channel reads −3.01 LKFS.
    assert measure([sine(997, 0)]).lufs == pytest.approx(-3.01, abs=0.05)
    assert measure([sine(997, -23)]).lufs == pytest.approx(-26.01, abs=0.05)


def test_pauses_do_not_make_speech_measure_quieter() -> None:
    speech = hum(4)
    with_pauses = np.concatenate([silence(3000), speech, silence(5000)])
    assert measure([with_pauses]).lufs == pytest.approx(measure([speech]).lufs, abs=0.3)


def test_sees_peaks_that_fall_between_samples() -> None:
    # A quarter of the sample rate at 45 degrees: every sample is 3 dB below the true peak.
    tone = sine(RATE / 4, 0, phase=np.pi / 4)
    tone[:RATE] *= np.linspace(0, 1, RATE, dtype=np.float32)  # a sudden start would overshoot
    assert np.abs(tone).max() == pytest.approx(0.7071, abs=0.001)
    assert measure([tone]).true_peak_dbtp == pytest.approx(0, abs=0.2)


def test_a_peak_in_the_last_hundredth_of_a_second_is_seen() -> None:
    tail = np.zeros(480, np.float32)
    tail[-1] = 0.9
    quiet = np.concatenate([hum(1, level_db=-30), tail])
    assert measure([quiet]).true_peak_dbtp > -3


def test_silence_has_no_signal_and_a_quiet_voice_has() -> None:
    assert not measure([silence(2000)]).has_signal()
    assert measure([hum(2, level_db=-40)]).has_signal()


def test_the_limiter_holds_true_peaks_and_keeps_the_length() -> None:
    loud = [hum(3, level_db=-1)]
    limited = np.concatenate(list(levelled(loud, 9.0, -3.0)))
    assert measure([limited]).true_peak_dbtp <= -2.8
    assert len(limited) == 3 * RATE


def test_rumble_goes_and_the_voice_stays() -> None:
    for hertz, loss in ((30, pytest.approx(-21, abs=2)), (300, pytest.approx(0, abs=0.2))):
        tone = sine(hertz, -20)
        kept = np.concatenate(list(prepared([tone])))[RATE:]
        assert 20 * np.log10(np.abs(kept).max() / 0.1) == loss
