"""One sentence spoken at once, to be heard while a text is written. Not what is aired: that is
made by the worker, levelled and checked."""

import threading
from dataclasses import dataclass, field

import numpy as np

from vang.voice.cache import pcm_as_wave, spoken
from vang.voice.choices import engine_named, sentence_cache
from vang.voice.engines import SpeechEngine
from vang.voice.filters import resampled
from vang.voice.levels import frame_levels, speech_level
from vang.voice.sound import Pcm
from vang.voice.speech import sentences

LONGEST = 600
"""Characters of speakable text that are tried at a time."""

_LEVEL_DB = -19.0
_HIGHEST = 0.9
_RESTS_AFTER_S = 300.0


@dataclass
class _Warm:
    """The engine used last, kept loaded for a while: loading a neural voice takes a second."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    engine: SpeechEngine | None = None
    timer: threading.Timer | None = None

    def speak(self, voice: str, pace: int, sentence: str) -> Pcm:
        with self.lock:
            engine = engine_named(voice, pace)
            if self.engine is None or self.engine.fingerprint != engine.fingerprint:
                self._drop()
                self.engine = engine
            pcm = spoken(sentence_cache(), self.engine, sentence)
            self._wait()
        return pcm

    def rest(self) -> None:
        with self.lock:
            self._drop()

    def _drop(self) -> None:
        if self.engine is not None:
            self.engine.rest()
        self.engine = None

    def _wait(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = threading.Timer(_RESTS_AFTER_S, self.rest)
        self.timer.daemon = True
        self.timer.start()


_warm = _Warm()


def tried(voice: str, pace: int, speakable: str) -> bytes:
    """A WAV of the first sentence. Raises EngineMissing and SynthesisFailed."""
    first = sentences(speakable[:LONGEST])[:1]
    sentence = first[0].text if first else ""
    pcm = _warm.speak(voice, pace, sentence)
    return pcm_as_wave(_levelled(pcm))


def _levelled(pcm: Pcm) -> Pcm:
    """About as loud as other sounds of the page."""
    frames = frame_levels(np.concatenate(list(resampled([pcm.samples], pcm.rate))))
    gain = 10 ** ((_LEVEL_DB - speech_level(frames)) / 20) if len(frames) else 1.0
    peak = float(np.abs(pcm.samples).max(initial=0.0))
    gain = min(gain, _HIGHEST / peak) if peak else 1.0
    return Pcm((pcm.samples * np.float32(gain)).astype(np.float32), pcm.rate)
