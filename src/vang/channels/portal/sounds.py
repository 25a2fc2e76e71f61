"""The approved sound in a form that old telephones play too.

Ogg Opus is small, but Safari before 18.4 and many podcast programs cannot play it. MP3 is played
everywhere; it is made from the approved Opus file and lies beside it.
"""

import io
from pathlib import Path

import av

from vang.base.files import FileStore, write_atomic
from vang.voice import opus
from vang.voice.filters import audio_frame
from vang.voice.sound import RATE, in_pieces

BIT_RATE = 48_000
"""Bits per second, mono: speech without audible loss, about 350 kB a minute."""


class SoundUnreadable(Exception):
    """The stored file cannot be decoded."""


def mp3(content: bytes) -> bytes:
    """MP3 of an Ogg Opus file. Raises SoundUnreadable."""
    made = io.BytesIO()
    try:
        with av.open(made, "w", format="mp3") as container:
            stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
            stream.bit_rate = BIT_RATE
            stream.codec_context.format = av.AudioFormat("fltp")
            for chunk in opus.decode(content):
                for piece in in_pieces(chunk):
                    container.mux(stream.encode(audio_frame(piece)))
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise SoundUnreadable(str(error)) from error
    return made.getvalue()


def place_mp3(store: FileStore, sha256: str, target: Path) -> bool:
    """Make it unless it is there. Whether it was made. Raises SoundUnreadable, OSError."""
    if target.is_file():
        return False
    write_atomic(target, mp3(store.read(sha256)))
    return True
