"""Ogg Opus, the only form in which sound leaves the server (RFC 7845, RFC 6716)."""

import io
from collections.abc import Iterable, Iterator

import av

from vang.voice.filters import audio_frame, samples_of
from vang.voice.sound import RATE, Chunk, in_pieces

BIT_RATE = 24_000
"""Bits per second: comfortable for speech (RFC 7587 §3.1.1), about 190 kB a minute."""

_OPTIONS = {"application": "voip", "frame_duration": "20", "vbr": "on", "flags": "+bitexact"}


def encode(chunks: Iterable[Chunk], bit_rate: int = BIT_RATE) -> bytes:
    """Mono Ogg Opus of a sound at ``RATE``; the same samples always give the same bytes."""
    content = io.BytesIO()
    # Without bitexact the muxer draws a random stream serial and names its own version.
    with av.open(content, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options=_OPTIONS)
        stream.bit_rate = bit_rate
        stream.codec_context.format = av.AudioFormat("flt")
        for chunk in chunks:
            for piece in in_pieces(chunk):
                container.mux(stream.encode(audio_frame(piece)))
        container.mux(stream.encode(None))
    return content.getvalue()


def decode(opus: bytes) -> Iterator[Chunk]:
    """The samples of our own Ogg Opus. For files from outside use ``recordings``.

    Raises av.InvalidDataError when the bytes are not Ogg Opus.
    """
    with av.open(io.BytesIO(opus), mode="r", format="ogg") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                yield samples_of(part)
        for part in resampler.resample(None):
            yield samples_of(part)
