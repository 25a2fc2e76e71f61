"""Where the sound of a session comes from: a microphone now, another station's programme later.

Whatever it is, it gives 48 kHz mono in frames of 16 bits, and says when nothing comes.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
FILL = RATE * 15 // 100
"""So much waits before the sound begins: what a phone's network delays is not heard as gaps."""
MOST = RATE * 6 // 10
"""More than this waiting would only be later: the oldest is left out."""

Pcm = NDArray[np.int16]


class Source(Protocol):
    """``connected``: something is at the other end. ``last_us``: when sound last came."""

    connected: bool
    last_us: int

    def take(self, samples: int) -> Pcm:
        """Exactly so many, silence where nothing came."""


class Ring:
    """Sound between the network, which brings it unevenly, and the pump, which takes it evenly."""

    def __init__(self) -> None:
        self._waiting: list[Pcm] = []
        self._count = 0
        self._filling = True
        self.connected = False
        self.last_us = 0
        self.peak = 0
        self.dropped = 0

    def put(self, sound: Pcm, *, now_us: int) -> None:
        self._waiting.append(sound)
        self._count += len(sound)
        self.last_us = now_us
        while self._count > MOST and len(self._waiting) > 1:
            oldest = self._waiting.pop(0)
            self._count -= len(oldest)
            self.dropped += len(oldest)

    def take(self, samples: int) -> Pcm:
        if self._filling and self._count < max(FILL, samples):
            return np.zeros(samples, np.int16)
        self._filling = self._count < samples
        whole = np.concatenate([*self._waiting, np.zeros(0, np.int16)]).astype(np.int16)
        found, rest = whole[:samples], whole[samples:]
        self._waiting, self._count = ([rest] if len(rest) else []), len(rest)
        return np.concatenate([found, np.zeros(samples - len(found), np.int16)]).astype(np.int16)
