"""Engines: what turns one sentence of speakable text into sound."""

from typing import Protocol

from vang.voice.sound import Pcm

USUAL_PACE = 100
"""Percent of the speed that a voice has by itself."""


class SpeechEngine(Protocol):
    """One voice. ``trial`` voices prove the path but are not fit to be aired."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def trial(self) -> bool: ...

    @property
    def fingerprint(self) -> str:
        """Everything besides the sentence that the sound depends on; part of cache keys."""
        ...

    def speak(self, sentence: str) -> Pcm:
        """The sound of one sentence. Raises SynthesisFailed naming the sentence."""
        ...

    def rest(self) -> None:
        """Give back memory and processes; the next ``speak`` takes them again."""
        ...
