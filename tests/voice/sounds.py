"""Sound files made on the spot for the tests of the voice room."""

import io
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vang.voice.filters import audio_frame
from vang.voice.sound import RATE, Chunk

ENCODERS = {
    "wav": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "ogg": ("ogg", "libopus"),
    "opus": ("opus", "libopus"),
    "flac": ("flac", "flac"),
    "webm": ("webm", "libopus"),
}


def hum(seconds: float, *, level_db: float = -20.0, hertz: int = 300) -> Chunk:
    """A tone with a syllable-like swell, its peak at ``level_db`` dBFS."""
    t = np.arange(round(seconds * RATE)) / RATE
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)
    tone = np.sin(2 * np.pi * hertz * t) + 0.4 * np.sin(2 * np.pi * 2.7 * hertz * t)
    return (10 ** (level_db / 20) * swell * tone / 1.4).astype(np.float32)


def write_sound(path: Path, samples: Chunk, *, channels: int = 1) -> Path:
    """Encode ``samples`` in the format that the suffix of ``path`` names."""
    container_name, codec = ENCODERS[path.suffix[1:]]
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format=container_name) as container:
        stream = container.add_stream(codec, rate=RATE, layout=layout)
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(stream.codec_context.format, layout, RATE)
        place = 0
        for start in range(0, len(samples), RATE):
            frame = audio_frame(samples[start : start + RATE])
            frame.pts, frame.time_base = place, Fraction(1, RATE)
            place += frame.samples
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in resampler.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def wav_bytes(samples: Chunk, rate: int = RATE, channels: int = 1) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples, channels) * 32767).astype("<i2").tobytes())
    return content.getvalue()


def write_video(path: Path) -> Path:
    """A short film with sound."""
    with av.open(str(path), "w", format="mp4") as container:
        film = container.add_stream("mpeg4", rate=10)
        film.width, film.height, film.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        for index in range(10):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            picture.pts, picture.time_base = index, Fraction(1, 10)
            container.mux(film.encode(picture))
        container.mux(film.encode(None))
        frame = audio_frame(hum(1))
        frame.pts = 0
        resampler = av.AudioResampler(sound.codec_context.format, "mono", RATE)
        for part in resampler.resample(frame):
            container.mux(sound.encode(part))
        container.mux(sound.encode(None))
    return path
