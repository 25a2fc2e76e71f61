"""FLAC in Ogg (RFC 9639 section 10.1): what was joined from takes, kept without loss."""

import io
from collections.abc import Iterable

import av

from vang.voice.filters import audio_frame
from vang.voice.sound import RATE, Chunk, in_pieces


def encode_lossless(chunks: Iterable[Chunk]) -> bytes:
    """Mono 16-bit FLAC of a sound at ``RATE``; the same samples always give the same bytes."""
    content = io.BytesIO()
    with av.open(content, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        stream.codec_context.format = av.AudioFormat("s16")
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        resampler = av.AudioResampler("s16", "mono", RATE)
        for chunk in chunks:
            for piece in in_pieces(chunk):
                for part in resampler.resample(audio_frame(piece)):
                    container.mux(stream.encode(part))
        # The encoder's last packet holds only what a seekable header would be told.
        container.mux([packet for packet in stream.encode(None) if packet.size])
    return content.getvalue()
