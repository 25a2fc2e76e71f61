"""Cutting the silence that engines leave around a sentence: pauses are decided elsewhere."""

import numpy as np

from vang.voice.sound import Pcm

_AUDIBLE = 10 ** (-50 / 20)  # −50 dBFS
_KEPT_MS = 15  # a soft onset or a fading consonant lies below the threshold


def trimmed(pcm: Pcm) -> Pcm:
    """The sound from shortly before its first audible sample to shortly after its last.

    Empty when nothing is audible.
    """
    audible = np.flatnonzero(np.abs(pcm.samples) >= _AUDIBLE)
    if not len(audible):
        return Pcm(pcm.samples[:0], pcm.rate)
    kept = pcm.rate * _KEPT_MS // 1000
    first = max(0, int(audible[0]) - kept)
    return Pcm(pcm.samples[first : int(audible[-1]) + 1 + kept], pcm.rate)
