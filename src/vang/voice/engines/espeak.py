"""The trial voice ("giọng thử"): espeak-ng as a program of its own (GPL, never linked).

Measured with an offline recogniser it loses most words: it proves the path and no more.
"""

import re
import shutil
import struct
import subprocess
from functools import cached_property

import numpy as np

from vang.voice.engines import USUAL_PACE
from vang.voice.engines.trimming import trimmed
from vang.voice.failures import EngineMissing, SynthesisFailed
from vang.voice.sound import Pcm

NAME = "espeak-vi"
LONGEST_SENTENCE = 5_000
"""Characters; the sentence splitter stays far below."""

_TIMEOUT_S = 60
_HEADER = 44
_SPEECH = ["-v", "vi+f5", "-s", "140", "-z"]  # the most intelligible of 40 settings measured
_WORDS_A_MINUTE = 140
# espeak-ng obeys control characters (embedded commands) and reads [[…]] as phoneme codes.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_PHONEME_BRACKETS = re.compile(r"\[{2,}|\]{2,}")


class Espeak:
    """espeak-ng with the settings that a recogniser understood best."""

    name = NAME
    trial = True

    def __init__(self, program: str = "espeak-ng", *, pace: int = USUAL_PACE) -> None:
        """``pace`` in percent of the usual speed. Raises EngineMissing without the program."""
        found = shutil.which(program)
        if found is None:
            raise EngineMissing(f"{program} is not installed (Debian: apt install espeak-ng)")
        self._program = found
        self._speech = _speech(pace)

    @cached_property
    def version(self) -> str:
        """As the program tells it, such as "1.51"."""
        told = subprocess.run(
            [self._program, "--version"], capture_output=True, timeout=_TIMEOUT_S, check=True
        )
        found = re.search(rb"\d+(\.\d+)+", told.stdout)
        return found.group().decode() if found else "unknown"

    @property
    def fingerprint(self) -> str:
        return " ".join(["espeak-ng", self.version, *self._speech])

    def speak(self, sentence: str) -> Pcm:
        wave = self._run(sentence, plain(sentence))
        pcm = trimmed(_parsed(sentence, wave))
        if not len(pcm.samples):
            raise SynthesisFailed(sentence, "espeak-ng made no sound")
        return pcm

    def rest(self) -> None:
        """Nothing is kept between sentences."""

    def _run(self, sentence: str, text: str) -> bytes:
        if len(text) > LONGEST_SENTENCE:
            raise SynthesisFailed(sentence, f"longer than {LONGEST_SENTENCE} characters")
        command = [self._program, "-b", "1", *self._speech, "--stdin", "--stdout"]
        try:
            done = subprocess.run(
                command,
                input=text.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SynthesisFailed(sentence, f"espeak-ng took over {_TIMEOUT_S} s") from None
        except OSError as error:
            raise SynthesisFailed(sentence, f"espeak-ng did not start: {error}") from None
        if done.returncode:
            raise SynthesisFailed(sentence, f"espeak-ng ended with status {done.returncode}")
        return done.stdout


def _speech(pace: int) -> list[str]:
    return [*_SPEECH[:3], str(round(_WORDS_A_MINUTE * pace / 100)), *_SPEECH[4:]]


def plain(sentence: str) -> str:
    """The sentence without anything espeak-ng would take for a command."""
    encodable = sentence.encode(errors="ignore").decode()
    return _PHONEME_BRACKETS.sub(" ", _CONTROLS.sub(" ", encodable)).strip()


def _parsed(sentence: str, wave: bytes) -> Pcm:
    """The samples of a WAV stream, whose length fields are unset when written to a pipe."""
    if len(wave) < _HEADER or wave[:4] != b"RIFF":
        raise SynthesisFailed(sentence, "espeak-ng made no sound")
    (rate,) = struct.unpack_from("<I", wave, 24)
    whole = (len(wave) - _HEADER) // 2 * 2
    samples = np.frombuffer(wave, dtype="<i2", count=whole // 2, offset=_HEADER)
    return Pcm(samples.astype(np.float32) / np.float32(32768), rate)
