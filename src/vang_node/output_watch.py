"""Green means sound: what the device was given, compared with what the clip held."""

from dataclasses import dataclass, field

from vang_node import RATE
from vang_node.level import energy, rms_cdb
from vang_node.sinks import Block
from vang_protocol.healths import Output

EVERY = 8
"""Every eighth sample is measured: enough to tell sound from silence, an eighth of the cost."""
SOUNDS_CDB = -4_500
SILENT_CDB = -6_000


@dataclass
class _Watched:
    item: str
    samples: int = 0
    clip: int = 0
    sent: int = 0
    run: int = 0
    longest: int = 0


@dataclass
class OutputWatch:
    """Fed by the sound thread block by block; others read ``last``, replaced in one step."""

    last: Output | None = None
    _now: _Watched | None = field(default=None)

    def note(self, item: str, clip: int, sent: Block, count: int) -> None:
        """``clip``: energy of every eighth sample of the ``count`` ones the clip gave; ``sent``:
        the whole block that went out with them."""
        watched = self._of(item)
        taken = -(-count // EVERY)
        out = energy(sent[::EVERY])
        watched.samples += taken
        watched.clip += clip
        watched.sent += out
        gone = rms_cdb(clip, taken) > SOUNDS_CDB and rms_cdb(out, len(sent[::EVERY])) < SILENT_CDB
        watched.run = watched.run + count if gone else 0
        watched.longest = max(watched.longest, watched.run)

    def ended(self, item: str) -> None:
        """The play is over: what was seen of it can be read from now on."""
        watched, self._now = self._now, None
        if watched is None or watched.item != item or not watched.samples:
            return
        self.last = Output(
            item,
            min(0, rms_cdb(watched.clip, watched.samples)),
            min(0, rms_cdb(watched.sent, watched.samples)),
            watched.longest * 1000 // RATE,
        )

    def _of(self, item: str) -> _Watched:
        if self._now is None or self._now.item != item:
            self._now = _Watched(item)
        return self._now
