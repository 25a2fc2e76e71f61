"""The first look at an uploaded recording: its size and its first bytes. Pure."""

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

MAX_RECORDING = 50_000_000
"""Bytes: more than an hour of .mp3, about nine minutes of uncompressed .wav."""

EXTENSIONS = (".mp3", ".wav", ".m4a", ".ogg")


def check_recording(content: bytes) -> None:
    """Raises Refusal when it is empty, too large, or not the beginning of a sound file."""
    if not content:
        raise Refusal("recording-empty", _("The recording is empty. Choose the file again."))
    if len(content) > MAX_RECORDING:
        raise Refusal("recording-too-large", TOO_LARGE)
    if kind_of(content) is None:
        raise Refusal("recording-wrong-kind", _WRONG_KIND)


def kind_of(content: bytes) -> str | None:
    """The extension that the first bytes speak for: ".mp3", ".wav", ".m4a", ".ogg" or None."""
    if content.startswith(b"OggS"):
        return ".ogg"
    if content[:4] in {b"RIFF", b"RF64"} and content[8:12] == b"WAVE":
        return ".wav"
    if content[4:8] == b"ftyp":
        return ".m4a"
    if content.startswith(b"ID3") or _is_mpeg_frame(content):
        return ".mp3"
    return None


def _is_mpeg_frame(content: bytes) -> bool:
    """The header of an MPEG audio frame, layer II or III: a UTF-16 text begins much alike."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    version, layer = content[1] >> 3 & 3, content[1] >> 1 & 3
    bit_rate, sample_rate = content[2] >> 4, content[2] >> 2 & 3
    return version != 1 and layer in {1, 2} and bit_rate != 15 and sample_rate != 3


TOO_LARGE = _("The recording is larger than 50 MB. Save it as .mp3 or cut it into parts.")
_WRONG_KIND = _("This is not a sound file. Attach an .mp3, .wav, .m4a or .ogg file.")
