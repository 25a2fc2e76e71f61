"""Microphones: a sound card's, and one of a virtual speaker."""

import ctypes
import queue
import random
from array import array
from typing import Any

from vang_node import RATE
from vang_node.listening import Microphone
from vang_node.sinks import BLOCK, Block, SinkFailed
from vang_node.sinks.alsa import load
from vang_node.words import said

_CAPTURE = 1
_S16_LE = 2
_INTERLEAVED = 3
_LATENCY_US = 500_000
_WAIT_S = 0.1


def make_microphone(text: str | None) -> Microphone | None:
    """``alsa:DEVICE``, ``virtual`` or ``virtual:deaf``; None for none. Raises ValueError."""
    if not text:
        return None
    kind, _, rest = text.partition(":")
    if kind == "alsa":
        return AlsaMicrophone(rest or "default")
    if kind == "virtual" and rest in {"", "deaf"}:
        return VirtualMicrophone(deaf=rest == "deaf")
    raise ValueError(said("{text} is no microphone: use alsa:DEVICE.", text=repr(text)))


class AlsaMicrophone:
    """Capture through libasound. ``device`` is an ALSA name such as ``plughw:1``."""

    def __init__(self, device: str) -> None:
        self.name = f"alsa:{device}"
        self._device = device
        self._pcm: ctypes.c_void_p | None = None
        self._lib: Any = None

    def open(self) -> None:
        self.close()
        self._lib = self._lib or load()
        pcm = ctypes.c_void_p()
        self._check(self._lib.snd_pcm_open(ctypes.byref(pcm), self._device.encode(), _CAPTURE, 0))
        self._pcm = pcm
        code = self._lib.snd_pcm_set_params(pcm, _S16_LE, _INTERLEAVED, 1, RATE, 1, _LATENCY_US)
        if code < 0:
            self.close()
            self._check(code)

    def read(self) -> Block:
        if self._pcm is None:
            raise SinkFailed("the microphone is not open")
        block = array("h", bytes(2 * BLOCK))
        address, count = block.buffer_info()
        taken = self._lib.snd_pcm_readi(self._pcm, ctypes.c_void_p(address), count)
        if taken < 0:
            self._check(self._lib.snd_pcm_recover(self._pcm, taken, 1))
            return array("h")
        return block[:taken]

    def close(self) -> None:
        if self._pcm is not None:
            self._lib.snd_pcm_close(self._pcm)
            self._pcm = None

    def near(self, block: Block) -> None:
        """A real one hears for itself."""

    def _check(self, code: int) -> None:
        if code < 0:
            text = self._lib.snd_strerror(code).decode("utf-8", "replace")
            raise SinkFailed(f"{self.name}: {text}")


class VirtualMicrophone:
    """Beside a virtual speaker: hears what it is given, softer and with some noise; or, ``deaf``,
    the noise alone, as beside a horn whose cable is cut."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.name = "virtual"
        self._deaf = deaf
        self._chance = random.Random(1)  # noqa: S311 - noise, not a secret
        self._sounding: queue.Queue[Block] = queue.Queue(maxsize=200)

    def open(self) -> None:
        while not self._sounding.empty():
            self._sounding.get_nowait()

    def read(self) -> Block:
        try:
            block = self._sounding.get(timeout=_WAIT_S)
        except queue.Empty:
            block = array("h", bytes(2 * BLOCK * 5))
        gain = 0 if self._deaf else 20_000
        noise = self._chance.randrange
        return array("h", [(sample * gain >> 16) + noise(-60, 61) for sample in block])

    def close(self) -> None:
        """Nothing is held."""

    def near(self, block: Block) -> None:
        if not self._sounding.full():
            self._sounding.put_nowait(block)
