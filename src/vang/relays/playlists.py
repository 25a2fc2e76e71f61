"""A programme in pieces (HLS, RFC 8216), read as one: each piece fetched by our own rules.

The decoder's own HLS reader is not used: it would fetch whatever a playlist names, from inside the
network too, and crashed when it was given our files instead.
"""

import io
import threading
import time
from collections.abc import Callable, Collection, Iterator

import m3u8

from vang.base.streams import Stream, StreamFailed

MARK = b"#EXTM3U"
PLAYLIST_BYTES = 256 * 1024
FROM_THE_END = 3
"""A live programme is begun so many pieces before its newest, RFC 8216 section 6.3.3."""
STUCK_S = 15.0
"""A live playlist that brings nothing new for so long has ended."""
_MOST_NESTED = 3


def opened(
    url: str, inside: Collection[str], *, within_s: float, over: threading.Event
) -> "Joined":
    """The bytes of the programme at ``url``: the very stream, or what its playlist leads to.

    ``over`` ends the waiting for new pieces. Raises StreamFailed.
    """

    def fetch(one: str) -> Stream:
        return Stream(one, inside, within_s=within_s)

    for _ in range(_MOST_NESTED):
        stream = fetch(url)
        start = _exactly(stream, len(MARK))
        if start != MARK:
            return Joined(iter([start]), stream)
        playlist = _parsed(start, stream, url)
        if playlist.segments and playlist.target_duration:
            return Joined(_pieces(_listed(url, playlist, fetch, over), fetch))
        url = _onward(playlist)
    raise StreamFailed("bad-playlist")


def _onward(playlist: m3u8.M3U8) -> str:
    """The poorest variant, which is sound enough; or the first address of a plain list."""
    if playlist.playlists:
        sounding = [one for one in playlist.playlists if one.stream_info.bandwidth]
        best = min(sounding or playlist.playlists, key=lambda one: one.stream_info.bandwidth or 0)
        return str(best.absolute_uri)
    if playlist.segments:
        return str(playlist.segments[0].absolute_uri)
    raise StreamFailed("bad-playlist")


def _parsed(start: bytes, stream: Stream, url: str) -> m3u8.M3U8:
    with stream:
        text = start + _exactly(stream, PLAYLIST_BYTES)
    try:
        return m3u8.loads(text.decode("utf-8"), uri=url)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise StreamFailed("bad-playlist") from error


def _exactly(stream: Stream, most: int) -> bytes:
    """So many bytes, fewer at the end."""
    found = b""
    while len(found) < most and (piece := stream.read(most - len(found))):
        found += piece
    return found


def _pieces(segments: Iterator[m3u8.Segment], fetch: Callable[[str], Stream]) -> Iterator[bytes]:
    """The bytes of one piece after the other."""
    begun = False
    for one in segments:
        if one.key is not None and one.key.method not in {None, "NONE"}:
            raise StreamFailed("encrypted")
        if begun and one.discontinuity:
            return  # another programme's clock: to be tuned to anew
        if not begun and one.init_section is not None:
            yield from _all_of(fetch(str(one.init_section.absolute_uri)))
        yield from _all_of(fetch(str(one.absolute_uri)))
        begun = True


def _listed(
    url: str, playlist: m3u8.M3U8, fetch: Callable[[str], Stream], over: threading.Event
) -> Iterator[m3u8.Segment]:
    """Every piece once; of a live list from near its end, and those that come as well."""
    first = 0 if playlist.is_endlist else -FROM_THE_END
    done = playlist.segments[first:][0].media_sequence - 1
    newest = time.monotonic()
    while True:
        for one in playlist.segments:
            if one.media_sequence > done:
                yield one
                done, newest = one.media_sequence, time.monotonic()
        if playlist.is_endlist or over.is_set():
            return
        if time.monotonic() - newest > STUCK_S:
            raise StreamFailed("stuck")
        over.wait(min(6.0, float(playlist.target_duration or 2) / 2))
        playlist = _parsed(b"", fetch(url), url)


def _all_of(stream: Stream) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(64 * 1024):
            yield piece


class Joined(io.RawIOBase):
    """Pieces, and then the rest of ``stream`` if there is one, as one file."""

    def __init__(self, pieces: Iterator[bytes], stream: Stream | None = None) -> None:
        super().__init__()
        self._pieces, self._stream, self._left = pieces, stream, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = next(self._pieces, b"")
        if not self._left and self._stream is not None:
            self._left = self._stream.read(len(buffer))
        taken = self._left[: len(buffer)]
        self._left = self._left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        super().close()
