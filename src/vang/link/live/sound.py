"""What a microphone needs to be a broadcast: no rumble, an even loudness, no peaks; then Opus.

Runs in a thread: a frame of 60 ms takes about a millisecond.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from vang.link.live.sources import RATE, Pcm

HIGH_PASS_HZ = 100
TARGET_DB = -18.0
"""Of the spoken frames' RMS, dBFS: about -16 LUFS of speech."""
MOST_GAIN_DB, LEAST_GAIN_DB = 18.0, -12.0
GATE_DB = -48.0
"""What is quieter is not speech: its loudness moves nothing."""
UP_DB, DOWN_DB = 0.25, 1.0
"""A frame: 4 dB a second up, 16 dB a second down."""
PEAK = 32767 * 10 ** (-2 / 20)
BIT_RATE = 24_000


class Leveller:
    """Slow automatic gain with a cap, and a limiter behind it. State of one voice."""

    def __init__(self) -> None:
        self.gain_db = 0.0
        self._gain = 1.0

    def level(self, sound: Pcm) -> Pcm:
        """The frame at its loudness; the gain glides over the frame and never steps."""
        floats = sound.astype(np.float64)
        loud_db = rms_db(floats)
        if loud_db > GATE_DB:
            off = TARGET_DB - loud_db - self.gain_db
            moved = self.gain_db + max(-DOWN_DB, min(UP_DB, off))
            self.gain_db = max(LEAST_GAIN_DB, min(MOST_GAIN_DB, moved))
        wanted = 10 ** (self.gain_db / 20)
        highest = float(np.max(np.abs(floats), initial=0.0))
        if highest * wanted > PEAK:
            wanted = PEAK / highest
            self.gain_db = min(self.gain_db, 20 * float(np.log10(wanted)) + 6)
        start = min(self._gain, wanted) if highest * self._gain > PEAK else self._gain
        glide = np.linspace(start, wanted, len(floats))
        self._gain = wanted
        return np.clip(floats * glide, -PEAK, PEAK).astype(np.int16)


def rms_db(sound: Any) -> float:
    """Of 16-bit samples, dBFS; silence is -96."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return max(-96.0, 10 * float(np.log10(power / 32768**2 + 1e-12)))


class Desk:
    """High-pass, leveller and encoder of one session. What is aired is also written to ``file``."""

    def __init__(self, file: Path) -> None:
        import av  # noqa: PLC0415 - 20 MB that only a link with a voice on it needs

        self._av = av
        self._leveller = Leveller()
        self._graph, self._pass, self._passed = _high_pass(av)
        self._file = av.open(str(file), "w", format="ogg")
        self._stream = self._file.add_stream("libopus", rate=RATE, layout="mono")
        self._stream.bit_rate = BIT_RATE
        self._stream.options = {"frame_duration": "60", "application": "voip"}
        self._at = 0
        self.level_db = -96.0

    def packet(self, sound: Pcm) -> bytes:
        """One frame of 60 ms in, one Opus packet out; b"" while the encoder is filling."""
        frame = self._frame(sound)
        self._pass.push(frame)
        clean = self._passed.pull().to_ndarray().reshape(-1).astype(np.int16)
        self.level_db = rms_db(clean)
        ready = self._frame(self._leveller.level(clean))
        self._at += len(sound)
        packets = self._stream.encode(ready)
        self._file.mux(packets)
        return b"".join(bytes(one) for one in packets[:1])

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))
        self._file.close()

    def _frame(self, sound: Pcm) -> Any:
        frame = self._av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.reshape(1, -1)), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, self._at
        frame.time_base = Fraction(1, RATE)
        return frame


def _high_pass(av: Any) -> tuple[Any, Any, Any]:
    """The graph, which must live as long as its ends, and those."""
    graph = av.filter.Graph()
    begin = graph.add_abuffer(
        format="s16", sample_rate=RATE, layout="mono", time_base=Fraction(1, RATE)
    )
    cut = graph.add("highpass", f"f={HIGH_PASS_HZ}")
    form = graph.add("aformat", "sample_fmts=s16:channel_layouts=mono")
    end = graph.add("abuffersink")
    begin.link_to(cut)
    cut.link_to(form)
    form.link_to(end)
    graph.configure()
    return graph, begin, end
