"""A neural voice: an unmodified Piper/VITS folder, run by onnxruntime.

The phonemes come from espeak-ng as a program of its own (GPL, never linked); the model runs in
a second process, so that its memory is given back after each production.
"""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from vang.base.files import sha256_of_file
from vang.voice.engines import USUAL_PACE
from vang.voice.engines.clauses import utterances
from vang.voice.engines.espeak import LONGEST_SENTENCE, Espeak, plain
from vang.voice.engines.model_runner import ModelRunner, RunnerFailed
from vang.voice.engines.piper_config import PiperConfig, ids_of, parse_config, trained_phonemes
from vang.voice.engines.trimming import trimmed
from vang.voice.failures import EngineMissing, SynthesisFailed
from vang.voice.sound import Chunk, Pcm, silence

_TIMEOUT_S = 30
_BETWEEN_UTTERANCES_MS = 250
_MOST_UNKNOWN = 0.1
_PAUSING = ",;:"


class Piper:
    """One voice folder; a voice of another language counts as a trial voice."""

    def __init__(
        self,
        name: str,
        model: Path,
        *,
        speaker: int = 0,
        threads: int = 1,
        pace: int = USUAL_PACE,
    ) -> None:
        """``model`` is the .onnx with its .onnx.json beside it; ``pace`` in percent.

        Raises EngineMissing (files or espeak-ng absent) and VoiceRefused (no Piper voice).
        """
        description = model.with_name(model.name + ".json")
        if not model.is_file() or not description.is_file():
            raise EngineMissing(f"{model} and {description.name} are not both there")
        self.name = name
        self._model = model
        self._description = description.read_bytes()
        usual = parse_config(self._description)
        self._config = replace(usual, length_scale=usual.length_scale * USUAL_PACE / pace)
        self._pace = pace
        self._speaker = speaker
        self._phonemiser = Espeak()
        self._runner = ModelRunner(model, self._config, threads=threads)

    @property
    def trial(self) -> bool:
        return self._config.language != "vi"

    @property
    def config(self) -> PiperConfig:
        return self._config

    @cached_property
    def version(self) -> str:
        """SHA-256 of the model."""
        return sha256_of_file(self._model)

    @cached_property
    def fingerprint(self) -> str:
        description = hashlib.sha256(self._description).hexdigest()
        parts = ["piper", self.version, description, str(self._speaker), self._phonemiser.version]
        own_pace = [] if self._pace == USUAL_PACE else [f"pace {self._pace}"]
        return " ".join([*parts, *own_pace])

    def speak(self, sentence: str) -> Pcm:
        """The sound of one sentence. Raises SynthesisFailed naming it."""
        text = plain(sentence)
        if len(text) > LONGEST_SENTENCE:
            raise SynthesisFailed(sentence, f"longer than {LONGEST_SENTENCE} characters")
        spoken = [self._utterance(sentence, clauses) for clauses in utterances(text)]
        if not spoken:
            raise SynthesisFailed(sentence, "there is nothing to say")
        pause = silence(_BETWEEN_UTTERANCES_MS, self._config.rate)
        joined = np.concatenate([piece for sound in spoken for piece in (sound, pause)][:-1])
        pcm = trimmed(Pcm(joined, self._config.rate))
        if not len(pcm.samples):
            raise SynthesisFailed(sentence, "the voice made no sound")
        return pcm

    def rest(self) -> None:
        """End the model's process; the next sentence starts it again (about a second)."""
        self._runner.stop()

    def _utterance(self, sentence: str, clauses: list[tuple[str, str]]) -> Chunk:
        phonemes = "".join(self._clause(sentence, text, mark) for text, mark in clauses)
        ids, unknown = ids_of(self._config, phonemes.strip())
        if len(unknown) > _MOST_UNKNOWN * len(phonemes):
            signs = " ".join(sorted(set(unknown)))
            raise SynthesisFailed(sentence, f"the voice never learnt these sounds: {signs}")
        try:
            return self._runner.run(ids, self._speaker)
        except RunnerFailed as error:
            raise SynthesisFailed(sentence, str(error)) from None

    def _clause(self, sentence: str, text: str, mark: str) -> str:
        spelt = text if self._config.spells_letters else self._phonemes(sentence, text)
        return spelt + mark + (" " if mark in _PAUSING else "")

    def _phonemes(self, sentence: str, text: str) -> str:
        program = shutil.which("espeak-ng") or "espeak-ng"
        options = ["-b", "1", "-q", "--ipa", "-v", self._config.espeak_voice, "--stdin"]
        try:
            done = subprocess.run(
                [program, *options],
                input=text.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SynthesisFailed(sentence, f"espeak-ng gave no phonemes: {error}") from None
        return trained_phonemes(self._config, done.stdout.decode(errors="replace").splitlines())
