"""A sound card through libasound, called directly: its delay is what places the first sample."""

import ctypes
import ctypes.util
from typing import Any

from vang_node import RATE
from vang_node.scale import span_us
from vang_node.sinks import BUFFERED, Block, SinkFailed

_PLAYBACK = 0
_S16_LE = 2
_INTERLEAVED = 3
_Handler = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
_QUIET = _Handler(lambda *_told: None)
"""libasound's own lines say nothing to a technician; what failed comes back as a code."""


class AlsaSink:
    """``device`` is an ALSA name such as ``default`` or ``plughw:0``."""

    def __init__(self, device: str = "default") -> None:
        self.name = f"alsa:{device}"
        self.xruns = 0
        self._device = device
        self._pcm: ctypes.c_void_p | None = None
        self._lib: Any = None

    def open(self) -> None:
        self.close()
        self._lib = self._lib or load()
        pcm = ctypes.c_void_p()
        self._check(self._lib.snd_pcm_open(ctypes.byref(pcm), self._device.encode(), _PLAYBACK, 0))
        self._pcm = pcm
        try:
            self._check(
                self._lib.snd_pcm_set_params(
                    pcm, _S16_LE, _INTERLEAVED, 1, RATE, 1, span_us(BUFFERED)
                )
            )
        except SinkFailed:
            self.close()
            raise

    def delay(self) -> int:
        pcm, delay = self._opened(), ctypes.c_long()
        code = self._lib.snd_pcm_delay(pcm, ctypes.byref(delay))
        if code < 0:
            self._recover(code)
            return 0
        return max(0, delay.value)

    def write(self, block: Block) -> None:
        pcm = self._opened()
        address, count = block.buffer_info()
        done = 0
        while done < count:
            code = self._lib.snd_pcm_writei(pcm, ctypes.c_void_p(address + 2 * done), count - done)
            if code < 0:
                self._recover(code)
            else:
                done += code

    def label(self, name: str | None) -> None:
        """A sound card keeps nothing."""

    def close(self) -> None:
        if self._pcm is not None:
            self._lib.snd_pcm_close(self._pcm)
            self._pcm = None

    def _opened(self) -> ctypes.c_void_p:
        if self._pcm is None:
            raise SinkFailed("the device is not open")
        return self._pcm

    def _recover(self, code: int) -> None:
        """Restart after an underrun or a suspend; anything else means the device is gone."""
        self.xruns += 1
        self._check(self._lib.snd_pcm_recover(self._opened(), code, 1))

    def _check(self, code: int) -> None:
        if code < 0:
            text = self._lib.snd_strerror(code).decode("utf-8", "replace")
            raise SinkFailed(f"{self.name}: {text}")


def load() -> Any:
    name = ctypes.util.find_library("asound") or "libasound.so.2"
    try:
        lib = ctypes.CDLL(name)
    except OSError as error:
        raise SinkFailed(f"libasound is not installed: {error}") from None
    lib.snd_lib_error_set_handler(_QUIET)
    lib.snd_strerror.restype = ctypes.c_char_p
    lib.snd_pcm_writei.restype = ctypes.c_long
    lib.snd_pcm_writei.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
    return lib
