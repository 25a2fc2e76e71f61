"""Recognising sound files by their bytes, and telling whole ones from cut ones. Pure."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

SNIFFED_BYTES = 16
TOLERATED_LOSS_S = 0.15
"""Encoders pad and round; less than this missing at the end is no sign of a cut file."""

_LAST_PAGES = 70_000  # one Ogg page is at most 65,307 bytes
_UNKNOWN_LENGTH = (0, 0xFFFFFFFF)


def sniff(head: bytes) -> str | None:
    """The libav demuxer for a file that begins with ``head``, or None if it is no known sound.

    The name is then forced: libav must never guess, or a text file may pass for a play list
    that opens other files.
    """
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mov"
    for magic, name in ((b"OggS", "ogg"), (b"fLaC", "flac"), (b"\x1a\x45\xdf\xa3", "matroska")):
        if head.startswith(magic):
            return name
    return "mp3" if head.startswith(b"ID3") or _is_mp3_frame(head) else None


def is_cut(name: str, file: BinaryIO, size: int) -> bool:
    """Whether the container itself shows that bytes are missing at the end of the file."""
    if name == "wav":
        return _wav_is_cut(file, size)
    if name == "ogg":
        return _ogg_is_cut(file, size)
    return name == "mov" and _mov_is_cut(file, size)


def xing_frames(head: bytes) -> int | None:
    """Frames an MP3 says it has, from the Xing/Info header inside its first frame."""
    for tag in (b"Xing", b"Info"):
        place = head.find(tag)
        if 0 <= place <= len(head) - 12:
            flags, frames = struct.unpack_from(">II", head, place + 4)
            return int(frames) if flags & 1 else None
    return None


def id3_length(head: bytes) -> int:
    """Bytes taken by an ID3v2 tag at the beginning of an MP3, 0 when there is none."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _is_mp3_frame(head: bytes) -> bool:
    """MPEG audio layer III sync word with legal version, bit rate and sample rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    version_is_legal = head[1] >> 3 & 3 != 1
    rates_are_legal = head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
    return version_is_legal and rates_are_legal


def _wav_is_cut(file: BinaryIO, size: int) -> bool:
    bytes_per_second = 0
    for kind, body, length in _riff_chunks(file, size):
        if kind == b"fmt ":
            file.seek(body + 8)
            (bytes_per_second,) = struct.unpack("<I", file.read(4).ljust(4, b"\0"))
        if kind == b"data":
            missing = body + length - size
            return length not in _UNKNOWN_LENGTH and missing > bytes_per_second * TOLERATED_LOSS_S
    return True


def _riff_chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    place = 12
    while place + 8 <= size:
        file.seek(place)
        kind, length = struct.unpack("<4sI", file.read(8))
        yield kind, place + 8, length
        place += 8 + length + length % 2


def _ogg_is_cut(file: BinaryIO, size: int) -> bool:
    """An Ogg page tells its own length (RFC 3533 §6): the last one must end with the file."""
    start = max(0, size - _LAST_PAGES)
    file.seek(start)
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0 or len(tail) < page + 27:
        return True
    table = tail[page + 27 : page + 27 + tail[page + 26]]
    if len(table) < tail[page + 26]:
        return True
    return page + 27 + len(table) + sum(table) > len(tail)


def _mov_is_cut(file: BinaryIO, size: int) -> bool:
    """Top-level boxes (ISO/IEC 14496-12 §4.2) must fit into the file and include the index."""
    kinds, place = set(), 0
    while place + 8 <= size:
        file.seek(place)
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
        kinds.add(kind)
        if length == 0:
            break
        place += max(length, 8)
    return place > size or b"moov" not in kinds
