"""What an order lets be heard, drawn piece by piece: it begins with what is here already.

A piece that has not arrived is left out of a round, and that round does not count: the tone and
the ready phrases go on until the words are there. A test or an exercise is announced by the node
itself, at its beginning, at its end and every 30 seconds between, whatever the sound says.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from vang_node import RATE
from vang_node.decoder import Feed, decoded_blocks
from vang_node.sinks import BLOCK, Block
from vang_node.siren import siren
from vang_protocol.manifests import Manifest, Piece
from vang_protocol.plans import Audio

PAUSE_MS = 600
WAIT_MS = 1_000
ANNOUNCED_EVERY = 30 * RATE
TEST_DB = -10
"""A test or exercise is never louder than this below the ceiling."""

Open = Callable[[Audio], IO[bytes] | None]
"""The verified file, or None while it is not here."""


@dataclass(frozen=True)
class Performance:
    """``announcement`` opens the node's own "this is a test"; None for the real thing."""

    manifest: Manifest
    repeat: int
    open: Open
    announcement: Callable[[], IO[bytes]] | None = None

    def feed(self, made: type[Feed]) -> Feed:
        """Its sound, decoded ahead of the loudspeaker."""
        return made(self.blocks())

    def blocks(self) -> Iterator[Block]:
        """All of it. Raises DecodeFailed for a file that is not the Opus it should be."""
        if self.announcement is None:
            yield from self._rounds()
        else:
            yield from _announced(self._rounds(), self.announcement)

    def _rounds(self) -> Iterator[Block]:
        done = 0
        while done < self.repeat:
            found = [self._found(piece) for piece in self.manifest.pieces]
            for blocks in found:
                if blocks is not None:
                    yield from blocks
                    yield from silence(PAUSE_MS)
            if None not in found:
                done += 1
            elif not any(found):
                yield from silence(WAIT_MS)

    def _found(self, piece: Piece) -> Iterator[Block] | None:
        """Its blocks, not begun; None while its file is not here."""
        if piece.audio is None:
            return siren(piece.duration_ms)
        file = self.open(piece.audio)
        return None if file is None else decoded_blocks(file)


def _announced(blocks: Iterable[Block], announcement: Callable[[], IO[bytes]]) -> Iterator[Block]:
    yield from decoded_blocks(announcement())
    since = 0
    for block in blocks:
        if since >= ANNOUNCED_EVERY:
            yield from decoded_blocks(announcement())
            since = 0
        since += len(block)
        yield block
    yield from decoded_blocks(announcement())


def silence(duration_ms: int) -> Iterator[Block]:
    """Nothing, in blocks of 20 ms."""
    for _ in range(duration_ms * RATE // 1000 // BLOCK):
        yield array("h", bytes(2 * BLOCK))
