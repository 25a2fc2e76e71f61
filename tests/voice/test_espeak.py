import numpy as np
import pytest

from vang.voice.engines.espeak import Espeak, plain
from vang.voice.failures import EngineMissing, SynthesisFailed


def test_speaks_vietnamese_and_is_marked_as_a_trial() -> None:
    engine = Espeak()
    pcm = engine.speak("Thông báo lịch cắt điện.")
    assert 1000 < pcm.duration_ms < 3000
    assert pcm.rate == 22_050
    assert np.abs(pcm.samples).max() <= 1
    assert engine.trial


def test_the_same_sentence_sounds_the_same_and_silence_around_it_is_cut() -> None:
    engine = Espeak()
    first, second = engine.speak("Xin chào."), engine.speak("Xin chào.")
    assert np.array_equal(first.samples, second.samples)
    assert np.abs(first.samples[:700]).max() > 0.003


@pytest.mark.parametrize(
    "hostile",
    [
        "-w /tmp/out.wav xin chào",
        "--version",
        "; rm -rf / xin chào",
        '<speak><audio src="/etc/passwd"/>xin chào</speak>',
        "xin \x01120P chào \x0150V",
        "$(reboot) `reboot` xin chào",
        "xin\x00chào",
        "\udcff xin chào",
    ],
)
def test_hostile_text_is_only_ever_spoken(hostile: str) -> None:
    assert Espeak().speak(hostile).duration_ms > 300


def test_phoneme_codes_are_not_obeyed() -> None:
    assert "[[" not in plain("[[h@l'oU]] xin chào")
    loud = Espeak().speak("[[h@l'oU]]")
    assert np.array_equal(loud.samples, Espeak().speak("h@l'oU").samples)


def test_embedded_commands_cannot_change_the_voice() -> None:
    commanded, said = Espeak().speak("\x0110S xin chào"), Espeak().speak("10S xin chào")
    assert np.array_equal(commanded.samples, said.samples)


def test_a_sentence_with_nothing_to_say_is_named_in_the_failure() -> None:
    with pytest.raises(SynthesisFailed) as failure:
        Espeak().speak("\x07")
    assert failure.value.sentence == "\x07"


def test_an_overlong_sentence_fails_instead_of_blocking() -> None:
    with pytest.raises(SynthesisFailed, match="longer than"):
        Espeak().speak("a " * 3000)


def test_a_missing_program_says_how_to_get_it() -> None:
    with pytest.raises(EngineMissing, match="apt install espeak-ng"):
        Espeak("no-such-espeak")
