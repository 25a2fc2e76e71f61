"""One source, tuned to on a thread of its own: addresses of streams, or the line-in of a card."""

import logging
import os
import sysconfig
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from vang.base.streams import StreamFailed
from vang.relays.playlists import opened
from vang.relays.watching import SILENCE_DB, decibels

LOG = logging.getLogger(__name__)
RATE = 48_000
BLOCK = RATE * 60 // 1000
"""60 ms, one frame of the live path."""
STORE_S = 4.0
PREFILL_S = 1.0
WITHIN_S = 4.0
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
Block = NDArray[np.int16]


class Kind(Enum):
    """How a source is reached."""

    STREAM = "STREAM"
    """HTTP, Icecast or HLS."""
    LINE_IN = "LINE_IN"
    """A sound card of the server; the address is ALSA's name, such as ``default``."""


@dataclass(frozen=True)
class Address:
    """``at``: a URL, or the name of the card."""

    kind: Kind
    at: str


_ALSA = {
    "ALSA_CONFIG_DIR": "/usr/share/alsa",
    "ALSA_PLUGIN_DIR": f"/usr/lib/{sysconfig.get_config_var('MULTIARCH') or ''}/alsa-lib",
}
"""The libasound that comes with PyAV looks below /tmp for both, where there is nothing, or what
anybody on this computer put there."""

FAILURES = (StreamFailed, av.error.FFmpegError, OSError, ValueError, IndexError)
"""Whatever a stranger's stream can do to its reader."""


def problem_of(error: Exception) -> str:
    """A code for words.py."""
    return error.code if isinstance(error, StreamFailed) else "not-sound"


class Tuner:
    """Keeps ``STORE_S`` seconds of sound, mono 48 kHz. Tries again for ever until closed."""

    def __init__(self, address: Address, inside: Collection[str] = ()) -> None:
        self._address, self._inside = address, inside
        self._blocks: deque[Block] = deque()
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._flowing = False
        self.problem = ""
        """Why it was last lost: a code, "" while it gives sound."""
        self._thread = threading.Thread(target=self._run, name="tuner", daemon=True)
        self._thread.start()

    def take(self) -> Block | None:
        """The next 60 ms; None when there is nothing. After a gap it waits to have a second."""
        with self._changed:
            if not self._flowing and not self.filled:
                return None
            self._flowing = bool(self._blocks)
            block = self._blocks.popleft() if self._blocks else None
            self._changed.notify_all()
            return block

    @property
    def filled(self) -> bool:
        """Whether it has a second of sound in hand."""
        return len(self._blocks) * BLOCK >= PREFILL_S * RATE

    def close(self) -> None:
        with self._changed:
            self._over.set()
            self._changed.notify_all()

    def _run(self) -> None:
        tries = 0
        while not self._over.is_set():
            try:
                for block in blocks_of(self._address, self._inside, self._over):
                    tries, self.problem = 0, ""
                    if not self._put(block):
                        return
                self.problem = "ended"
            except FAILURES as error:
                LOG.info("%s: %s", self._address.at, error)
                self.problem = problem_of(error)
            self._over.wait(PAUSES_S[min(tries, 4)])
            tries += 1

    def _put(self, block: Block) -> bool:
        with self._changed:
            self._changed.wait_for(
                lambda: self._over.is_set() or len(self._blocks) * BLOCK < STORE_S * RATE
            )
            self._blocks.append(block)
            return not self._over.is_set()


def blocks_of(
    address: Address, inside: Collection[str], over: threading.Event | None = None
) -> Iterator[Block]:
    """Whole blocks of the sound there, until ``over``. Raises StreamFailed, av's errors."""
    with _opened(address, inside, over or threading.Event()) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        pending = np.zeros(0, np.int16)
        for frame in container.decode(container.streams.audio[0]):
            for part in resampler.resample(frame):
                pending = np.concatenate([pending, part.to_ndarray()[0]])
            while len(pending) >= BLOCK:
                yield pending[:BLOCK]
                pending = pending[BLOCK:]


def heard_of(
    address: Address, inside: Collection[str], *, blocks: int, until: float, over: threading.Event
) -> tuple[float | None, str]:
    """Listens to so many blocks at most, and not beyond ``until`` (monotonic s).

    The level (RMS, dB of full scale) of what came, and what is wrong with it, "" for nothing.
    """
    powers: list[float] = []
    problem = ""
    try:
        for block in blocks_of(address, inside, over):
            powers.append(float(np.mean(np.square(block, dtype=np.float64))))
            if len(powers) >= blocks or time.monotonic() > until:
                break
    except FAILURES as error:
        problem = problem_of(error)
    if not powers:
        return None, problem or "not-sound"
    level = decibels(sum(powers) / len(powers))
    return level, problem or ("silent" if level < SILENCE_DB else "")


def _opened(address: Address, inside: Collection[str], over: threading.Event) -> Any:
    if address.kind is Kind.LINE_IN:
        return _line_in(address.at)
    return av.open(opened(address.at, inside, within_s=WITHIN_S, over=over), mode="r")


def _line_in(card: str) -> Any:
    for variable, place in _ALSA.items():
        os.environ.setdefault(variable, place)
    try:
        return av.open(card, format="alsa", timeout=WITHIN_S)
    except av.error.FFmpegError as error:
        LOG.info("%s: %s", card, error)
        raise StreamFailed("no-card") from error
