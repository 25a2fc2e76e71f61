"""Opus to 20 ms blocks, as a stream: the whole clip is never in memory."""

import logging
import queue
import threading
from array import array
from collections.abc import Iterator
from typing import IO, Any

from vang_node import RATE
from vang_node.sinks import BLOCK, Block

AHEAD = 100
"""Blocks decoded ahead of the loudspeaker: 2 s, so a slow card is not heard."""


log = logging.getLogger(__name__)


class DecodeFailed(Exception):
    """The file is not the Opus the plan promised."""


def decoded_blocks(file: IO[bytes], *, skip: int = 0) -> Iterator[Block]:
    """48 kHz mono blocks of 960 samples, the last one shorter, from sample ``skip`` on.

    Closes ``file`` at its end. Raises DecodeFailed.
    """
    pending = array("h")
    with file:
        for piece in _pieces(file):
            pending.extend(piece)
            if skip:
                cut = min(skip, len(pending))
                del pending[:cut]
                skip -= cut
            while len(pending) >= BLOCK:
                yield pending[:BLOCK]
                del pending[:BLOCK]
    if pending:
        yield pending


def _pieces(file: IO[bytes]) -> Iterator[Block]:
    import av  # noqa: PLC0415  (20 MB that only a node with something to play needs)

    try:
        with av.open(file, mode="r", format="ogg") as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in container.decode(container.streams.audio[0]):
                yield from map(_samples, resampler.resample(frame))
            yield from map(_samples, resampler.resample(None))
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise DecodeFailed(str(error)) from None


def _samples(frame: Any) -> Block:
    block = array("h")
    block.frombytes(memoryview(frame.planes[0])[: frame.samples * 2])
    return block


class Feed:
    """Draws ``blocks`` on its own thread and hands out exactly the samples asked for.

    ``patience_s``: how long ``take`` waits for a decoder that is behind. The audio thread must
    not wait; hand-turned time, which runs ahead of any decoder, has to.
    """

    patience_s = 0.0

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._queue: queue.Queue[Block | DecodeFailed | None] = queue.Queue(AHEAD)
        self._left = array("h")
        self._closed = threading.Event()
        self.finished = False
        self.failure: str | None = None
        self._thread = threading.Thread(target=self._draw, name="decode", daemon=True)
        self._thread.start()

    def ready(self, timeout_s: float) -> bool:
        """Wait until the beginning is decoded; False for a file without sound."""
        self._left.extend(self._next(timeout_s))
        return bool(self._left)

    def take(self, count: int) -> Block:
        """``count`` samples, fewer at the end or while the decoder is behind."""
        while len(self._left) < count and not self.finished:
            block = self._next(self.patience_s)
            if not block:
                break
            self._left.extend(block)
        taken = self._left[:count]
        del self._left[:count]
        return taken

    @property
    def exhausted(self) -> bool:
        return self.finished and not self._left

    def begins(self, at_us: int) -> None:
        """A file is heard from its beginning whenever that is."""

    @property
    def ahead(self) -> int:
        """Blocks decoded and waiting."""
        return self._queue.qsize()

    def close(self) -> None:
        self._closed.set()
        while not self._queue.empty():
            self._queue.get_nowait()

    def _next(self, timeout_s: float) -> Block:
        try:
            entry = self._queue.get(timeout=timeout_s) if timeout_s else self._queue.get_nowait()
        except queue.Empty:
            return array("h")
        if isinstance(entry, array):
            return entry
        self.finished = True
        self.failure = str(entry) if entry is not None else None
        return array("h")

    def _draw(self) -> None:
        end: DecodeFailed | None = None
        try:
            for block in self._blocks:
                if not self._put(block):
                    break
        except DecodeFailed as error:
            end = error
        except OSError as error:
            end = DecodeFailed(str(error))
        except Exception as error:
            # Whatever it was: a clip whose decoder is gone must end, not be silent for ever.
            log.exception("The decoder failed.")
            end = DecodeFailed(repr(error))
        self._put(end)

    def _put(self, entry: Block | DecodeFailed | None) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(entry, timeout=0.5)
            except queue.Full:
                continue
            return True
        return False
