"""What the station sends: a few words of the trial voice and a tune, over and over, as MP3."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np

from vang.voice.engines.espeak import Espeak
from vang.voice.sound import RATE, Chunk

BITRATE = 64_000
FRAME_S = 1152 / RATE
"""MPEG-1 layer III holds 1152 samples in a frame."""
FRAME_BYTES = 144 * BITRATE // RATE
_LEVEL = 0.1
"""RMS of words and tune, full scale 1: -20 dB."""
_TUNES = ((392, 440, 523, 587, 523, 440), (311, 349, 415, 466, 415, 349))
"""Hz: two walks through five tones, which have none in common."""
_WORDS = (
    "Đây là Đài mẫu của bản trình diễn Vang, không phải đài thật. Bạn đang nghe nguồn thứ nhất.",
    "Đây là Đài mẫu của bản trình diễn Vang, không phải đài thật. Bạn đang nghe nguồn thứ hai.",
)


@dataclass(frozen=True)
class Programme:
    """MP3 frames of one size that may be repeated for ever."""

    content: bytes

    @property
    def frames(self) -> int:
        return len(self.content) // FRAME_BYTES

    def piece(self, first: int, count: int) -> bytes:
        """``count`` frames from the ``first`` on, begun anew at the end."""
        numbers = ((first + number) % self.frames for number in range(count))
        return b"".join(self.content[n * FRAME_BYTES : (n + 1) * FRAME_BYTES] for n in numbers)


def programme_of(source: int) -> Programme:
    """Of the source 0 or 1. Raises EngineMissing, SynthesisFailed."""
    spoken = Espeak().speak(_WORDS[source])
    words = _at_our_rate(spoken.samples, spoken.rate)
    return Programme(_mp3(np.concatenate([_levelled(words), tune(_TUNES[source])])))


def _at_our_rate(samples: Chunk, rate: int) -> Chunk:
    """By straight lines between samples: for speech of a trial voice that is good enough."""
    count = len(samples) * RATE // rate
    between = np.interp(np.arange(count) * rate / RATE, np.arange(len(samples)), samples)
    return between.astype(np.float32)


def tune(tones: Sequence[int]) -> Chunk:
    """Twice through the tones, each struck as a string is."""
    along = np.arange(RATE * 3 // 4) / RATE
    swell = np.minimum(along / 0.02, 1) * np.exp(-2.5 * along)
    struck = [swell * (np.sin(tau * hz) + np.sin(2 * tau * hz) / 3)
              for hz in tones for tau in [2 * np.pi * along]]  # fmt: skip
    return _levelled(np.concatenate(struck * 2).astype(np.float32))


def _levelled(sound: Chunk) -> Chunk:
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))
    levelled: Chunk = np.clip(sound * np.float32(_LEVEL / rms), -0.9, 0.9)
    return levelled


def _mp3(sound: Chunk) -> bytes:
    """Frames only, all of one size: no header of the file, no table, no tags."""
    memory = io.BytesIO()
    plain = {"write_xing": "0", "id3v2_version": "0"}
    with av.open(memory, "w", format="mp3", options=plain) as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = BITRATE
        frame = av.AudioFrame.from_ndarray(sound[None, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    content = memory.getvalue()
    return content[: len(content) // FRAME_BYTES * FRAME_BYTES]
