"""One session's frames as they come, and its sound as the loudspeaker takes it.

Sample n of the sound is heard n / 48,000 s after the sound began, so a frame's place is a matter
of arithmetic: what has not come by then is left out, and nothing is ever stretched.
"""

import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace

from vang_node import RATE
from vang_node.sinks import BLOCK, Block
from vang_protocol.live import FRAME_SAMPLES, FRAME_US, Frame, open_frame
from vang_protocol.reasons import Refused

GAP_US = 2_000_000
"""Nothing for so long: the loudspeaker goes back to the plan."""
MOST_AHEAD_US = 5_000_000
LEAD_US = 450_000
"""A frame that is due sooner is no beginning: the device holds 200 ms already."""
MOST_HELD = 128
OPENS = ("a voice cannot begin", "nothing came for 2 s")


@dataclass(frozen=True)
class Counts:
    """Of frames: see vang_protocol.records.LiveHeard."""

    received: int = 0
    repaired: int = 0
    concealed: int = 0
    late: int = 0
    refused: int = 0
    longest_gap_us: int = 0


class Frames:
    """What has come and was not heard yet. ``offer`` runs on whichever thread hears the network."""

    def __init__(
        self, *, session: bytes, public: str, until_us: int, now_us: Callable[[], int]
    ) -> None:
        self._session, self._public, self._until_us = session, public, until_us
        self._now_us = now_us
        self._lock = threading.Lock()
        self._packets: dict[int, bytes] = {}
        self._repairs: set[int] = set()
        self._base_us: int | None = None
        self._played = -1
        self.group_key: bytes | None = None
        self.numbering = 0
        """How often the numbers began anew."""
        self.newest_us = 0
        self.ended = False
        """Whether the voice has said that it ends."""
        self.counts = Counts()

    def admit(self, group_key: bytes) -> None:
        """The link let this node in. With another key than before it numbers anew: it was started
        again, and nothing that was sealed before can be opened any more."""
        with self._lock:
            if self.group_key not in {None, group_key}:
                self._packets, self._repairs = {}, set()
                self._base_us, self._played = None, -1
                self.numbering += 1
            self.group_key = group_key

    def offer(self, data: bytes) -> bool:
        """Take in a datagram, if it is the session's own and new; whether it was."""
        if self.group_key is None:
            return False
        try:
            frame = open_frame(
                data, session=self._session, public=self._public, group_key=self.group_key
            )
        except Refused:
            self._count(refused=1)
            return False
        return self._take_in(frame)

    def starts_at(self, *, not_before_us: int = 0) -> int | None:
        """When the first frame is due with which the sound could begin; None: there is none."""
        soonest = max(self._now_us() + LEAD_US, not_before_us)
        with self._lock:
            if self._base_us is None:
                return None
            due = [self._base_us + seq * FRAME_US for seq, one in self._packets.items() if one]
        return min((one for one in due if one >= soonest), default=None)

    def slot_at(self, at_us: int) -> tuple[int, int]:
        """The first whole frame from ``at_us`` on, and how many samples before it begins."""
        base_us = self._base_us or 0
        seq = -((base_us - at_us) // FRAME_US)
        return seq, (base_us + seq * FRAME_US - at_us) * RATE // 1_000_000

    def due_us(self, seq: int) -> int:
        return (self._base_us or 0) + seq * FRAME_US

    def take(self, seq: int) -> bytes | None:
        """The packet for this place, b"" where the voice ends; None: it has not come."""
        with self._lock:
            self._played = max(self._played, seq)
            for old in [one for one in self._packets if one < seq]:
                del self._packets[old]
            packet = self._packets.pop(seq, None)
            repaired = packet is not None and seq in self._repairs
            self._repairs = {one for one in self._repairs if one > seq}
        if repaired:
            self._count(repaired=1)
        return packet

    def conceal(self, gap_us: int) -> None:
        self._count(concealed=1, gap_us=gap_us)

    def taken_counts(self) -> Counts:
        """Since this was asked last."""
        with self._lock:
            found, self.counts = self.counts, Counts()
        return found

    def _take_in(self, frame: Frame) -> bool:
        now_us = self._now_us()
        base_us = frame.play_at - frame.seq * FRAME_US
        in_time = now_us - GAP_US <= frame.play_at <= now_us + MOST_AHEAD_US
        own = self._base_us is None or base_us == self._base_us
        if not own or not in_time or frame.play_at >= self._until_us + FRAME_US:
            self._count(refused=1)
            return False
        with self._lock:
            self._base_us = base_us
            fresh = self._keep(frame.seq, frame.packet)
            if frame.before and self._keep(frame.seq - 1, frame.before):
                self._repairs.add(frame.seq - 1)
            if fresh:
                self._repairs.discard(frame.seq)
                self.newest_us = max(self.newest_us, frame.play_at)
                self.ended = self.ended or not frame.packet
        self._count(received=int(fresh), late=int(frame.seq <= self._played))
        return fresh

    def _keep(self, seq: int, packet: bytes) -> bool:
        known = seq in self._packets and seq not in self._repairs
        if len(self._packets) >= MOST_HELD // 2:
            self._forget_old()
        if known or seq <= self._played or len(self._packets) >= MOST_HELD:
            return False
        self._packets[seq] = packet
        return True

    def _forget_old(self) -> None:
        """While nothing is heard here nobody takes frames out."""
        base_us, now_us = self._base_us or 0, self._now_us()
        self._packets = {
            seq: one for seq, one in self._packets.items() if base_us + seq * FRAME_US >= now_us
        }

    def _count(
        self, *, received: int = 0, repaired: int = 0, concealed: int = 0, late: int = 0,
        refused: int = 0, gap_us: int = 0,
    ) -> None:  # fmt: skip
        with self._lock:
            old = self.counts
            self.counts = replace(
                old,
                received=old.received + received,
                repaired=old.repaired + repaired,
                concealed=old.concealed + concealed,
                late=old.late + late,
                refused=old.refused + refused,
                longest_gap_us=max(old.longest_gap_us, gap_us),
            )


class LiveSound:
    """The sound of a session, drawn by the audio thread: decoding 60 ms takes well under one."""

    def __init__(self, frames: Frames, *, until_us: int) -> None:
        self._frames, self._until_us = frames, until_us
        self._left = array("h")
        self._last = array("h", bytes(2 * BLOCK))
        self._seq = 0
        self._missing = 0
        self._over = False
        self._numbering = frames.numbering
        self._decode: Callable[[bytes], Block] | None = None
        self.failure: str | None = None

    def ready(self, timeout_s: float) -> bool:  # noqa: ARG002 - as a file's
        self._decode = opus_decoder()
        return True

    def begins(self, at_us: int) -> None:
        """Silence until the first whole frame."""
        self._seq, lead = self._frames.slot_at(at_us)
        self._left.extend(array("h", bytes(2 * lead)))

    def take(self, count: int) -> Block:
        while len(self._left) < count and not self._over:
            self._left.extend(self._next())
        taken = self._left[:count]
        del self._left[:count]
        return taken

    @property
    def exhausted(self) -> bool:
        return self._over and not self._left

    def close(self) -> None:
        self._over = True

    def _next(self) -> Block:
        """The next 60 ms; nothing at the end."""
        if self._frames.due_us(self._seq) + FRAME_US > self._until_us:
            self._over = True
            return array("h")
        if self._numbering != self._frames.numbering:
            self._over, self.failure = True, "the link was started again"
            return _faded(self._last)
        packet = self._frames.take(self._seq)
        self._seq += 1
        if packet is None:
            return self._nothing()
        self._missing = 0
        if not packet or self._decode is None:
            self._over = True
            return _faded(self._last)
        block = self._decode(packet)
        self._last = block[-BLOCK:]
        return block

    def _nothing(self) -> Block:
        """The last 20 ms once more, fading; then silence; after two seconds the end."""
        self._missing += 1
        self._frames.conceal(self._missing * FRAME_US)
        if self._missing * FRAME_US > GAP_US:
            self._over, self.failure = True, OPENS[1]
            return array("h")
        tail = _faded(self._last) if self._missing == 1 else array("h")
        return tail + array("h", bytes(2 * (FRAME_SAMPLES - len(tail))))


def _faded(block: Block) -> Block:
    count = max(1, len(block))
    return array("h", [sample * (count - at) // count for at, sample in enumerate(block)])


def opus_decoder() -> Callable[[bytes], Block]:
    """Packets of one session in their order → 2,880 samples each."""
    import av  # noqa: PLC0415  (20 MB that only a node with something to play needs)

    context = av.CodecContext.create("libopus", "r")
    context.sample_rate, context.layout = RATE, "mono"

    def decode(packet: bytes) -> Block:
        block = array("h")
        try:
            for frame in context.decode(av.Packet(packet)):
                block.frombytes(memoryview(frame.planes[0])[: frame.samples * 2])
        except av.error.FFmpegError:
            pass  # signed, and still no Opus: silence in its place
        del block[FRAME_SAMPLES:]
        block.extend(array("h", bytes(2 * (FRAME_SAMPLES - len(block)))))
        return block

    return decode
