import os
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.voice.neural_voice import NAME, fetched_voice
from vang.voice.engines.piper import Piper
from vang.voice.failures import EngineMissing, SynthesisFailed, VoiceRefused

pytestmark = pytest.mark.voice_model


@pytest.fixture(scope="module")
def model() -> Path:
    return fetched_voice()


@pytest.fixture
def voice(model: Path):  # type: ignore[no-untyped-def]
    engine = Piper(NAME, model)
    yield engine
    engine.rest()


def runner_of(engine: Piper) -> int:
    process = engine._runner._process
    assert process is not None
    return process.pid


def test_an_unmodified_voice_speaks(voice: Piper) -> None:
    pcm = voice.speak("Good morning, this is a test of the village loudspeaker.")
    assert pcm.rate == 22_050
    assert 2000 < pcm.duration_ms < 6000
    assert 0.1 < np.abs(pcm.samples).max() <= 1


def test_longer_sentences_take_longer_and_questions_sound_different(voice: Piper) -> None:
    short, long = voice.speak("Yes."), voice.speak("Yes, we will all meet there at seven.")
    assert long.duration_ms > 2 * short.duration_ms


def test_a_voice_of_another_language_is_a_trial_voice(voice: Piper) -> None:
    assert voice.trial
    assert voice.config.language == "en"


def test_memory_is_given_back_after_work_and_the_voice_speaks_again(voice: Piper) -> None:
    voice.speak("Yes.")
    process = runner_of(voice)
    voice.rest()
    assert not Path(f"/proc/{process}").exists()
    assert voice.speak("Yes.").duration_ms > 200


def test_a_killed_model_fails_the_sentence_by_name_and_the_next_one_works(voice: Piper) -> None:
    voice.speak("Yes.")
    os.kill(runner_of(voice), signal.SIGKILL)
    with pytest.raises(SynthesisFailed) as failure:
        voice.speak("This one fails.")
    assert failure.value.sentence == "This one fails."
    assert voice.speak("This one works.").duration_ms > 300


def test_hostile_text_is_only_spoken(voice: Piper) -> None:
    assert voice.speak('[[h@l]] $(reboot) "} \x01 {"ids": [1]}').duration_ms > 300
    with pytest.raises(SynthesisFailed, match="nothing to say"):
        voice.speak("...")


def test_a_missing_or_damaged_model_is_told(model: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineMissing):
        Piper("x", tmp_path / "x.onnx")
    damaged = tmp_path / "x.onnx"
    damaged.write_bytes(model.read_bytes()[:100_000])
    beside = tmp_path / "x.onnx.json"
    beside.write_bytes(model.with_name(model.name + ".json").read_bytes())
    with pytest.raises(SynthesisFailed, match="ended with status"):
        Piper("x", damaged).speak("Yes.")
    beside.write_text("{}")
    with pytest.raises(VoiceRefused):
        Piper("x", damaged)
