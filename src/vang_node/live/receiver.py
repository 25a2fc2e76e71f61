"""The microphones that people opened here: joined, heard when their frames come, closed in time.

Between an emergency and everything planned. What is interrupted, by an emergency or because nothing
comes, is taken up again as the next part while the order stands.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vang_node.decoder import Feed
from vang_node.live.frames import Frames, LiveSound
from vang_node.orders import OrderBook
from vang_node.outlet import Outlet
from vang_node.schedule import Schedule
from vang_protocol.commands import Command, command_of, item_of
from vang_protocol.instants import from_us, to_us
from vang_protocol.live import session_of
from vang_protocol.plans import Audio, PlanItem, Resume
from vang_protocol.reasons import Reason
from vang_protocol.records import End, LiveHeard

JOIN_EVERY = timedelta(seconds=5)

log = logging.getLogger(__name__)


@dataclass
class Session:
    """One opened microphone. ``part``: how often it has begun to sound."""

    command: Command
    sha256: str
    frames: Frames
    part: int = 0
    sounding: bool = False
    asked: datetime | None = None

    @property
    def name(self) -> str:
        return self.command.live.session if self.command.live else ""

    def feed(self, made: type[Feed]) -> LiveSound:  # noqa: ARG002 - no file is decoded ahead
        return LiveSound(self.frames, until_us=to_us(self.command.expires))


class LiveReceiver:
    """Main loop only, but for ``hear``, which any thread may call."""

    def __init__(
        self, outlet: Outlet, schedule: Schedule, book: OrderBook, *,
        over: Callable[[str, End | Reason], None], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._outlet, self._schedule, self._book = outlet, schedule, book
        self._close_order, self._now = over, now
        self._sessions: dict[str, Session] = {}
        self._by_name: dict[bytes, Frames] = {}
        self.on_join: Callable[[str], None] = lambda _session: None
        self.on_sessions: Callable[[list[str]], None] = lambda _sessions: None

    def forbidden(self, command: Command) -> Reason | None:
        """Why nobody may speak here from its beginning to its end; for the deciding of commands."""
        return self._schedule.live_forbidden(command.not_before, command.max_play_ms)

    def open(self, command: Command, sha256: str) -> None:
        """People opened it, and the ledger has it."""
        live = command.live
        if live is None:
            return
        name = bytes.fromhex(live.session)
        frames = Frames(
            session=name,
            public=live.key,
            until_us=to_us(live.until),
            now_us=lambda: to_us(self._now()),
        )
        self._sessions[command.id] = Session(command, sha256, frames)
        self._by_name = {**self._by_name, name: frames}
        self._tell_sessions()
        self._ask(self._sessions[command.id])

    def joined(self, session: str, key: str) -> None:
        """The link let this node in."""
        frames = self._by_name.get(bytes.fromhex(session))
        if frames is not None:
            frames.group_key = bytes.fromhex(key)

    def hear(self, data: bytes) -> bool:
        """A frame, from the network's thread; whether it was good and new."""
        frames = self._by_name.get(session_of(data))
        return frames is not None and frames.offer(data)

    def tick(self) -> None:
        """Begin what can be heard, close what is over. Every quarter of a second."""
        now = self._now()
        for command_id, one in list(self._sessions.items()):
            stands = command_id in self._book.ledger.standing
            if not one.sounding and (not stands or now >= one.command.expires):
                self._close(one, End.STOPPED if not stands else _ended(one))
            elif not one.sounding:
                self._may_begin(one)
            if stands and (one.asked is None or now - one.asked >= JOIN_EVERY):
                self._ask(one)

    def over(self, item: str, how: End | Reason) -> bool:
        """A part has ended, or could not begin. Whether the order stands on."""
        one = self._sessions.get(command_of(item))
        if one is None:
            return False
        one.sounding = False
        self._record(one, item)
        goes_on = how in {End.PRE_EMPTED, End.ERROR} or isinstance(how, Reason)
        if goes_on and self._now() < one.command.expires:
            log.warning("The voice %s is broken off: %s.", one.name, how.value)
            return True
        self._forget(one)
        return False

    def _may_begin(self, one: Session) -> None:
        first_us = one.frames.starts_at()
        if first_us is None or not self._schedule.lets_in_live():
            return
        one.part += 1
        one.sounding = True
        item = self._item(one, from_us(first_us))
        log.warning("A voice is heard: %s, part %d.", one.name, one.part)
        self._outlet.order_live(item, one, until=one.command.expires, part=one.part)

    def _item(self, one: Session, start: datetime) -> PlanItem:
        command = one.command
        left_ms = max(1, (command.expires - start) // timedelta(milliseconds=1))
        return PlanItem(
            id=item_of(command.id),
            edition=item_of(command.id),
            title=one.name,
            start=start,
            duration_ms=left_ms,
            priority=command.priority,
            audio=Audio(one.sha256, 1, "opus", left_ms),
            clusters=("live",),
            max_play_ms=left_ms,
            volume_db=command.volume_db,
            resume=Resume.DROP,
        )

    def _ask(self, one: Session) -> None:
        one.asked = self._now()
        self.on_join(one.name)

    def _close(self, one: Session, how: End | Reason) -> None:
        self._forget(one)
        self._close_order(item_of(one.command.id), how)

    def _forget(self, one: Session) -> None:
        self._sessions.pop(one.command.id, None)
        kept = {key: frames for key, frames in self._by_name.items() if frames is not one.frames}
        self._by_name = kept
        self._tell_sessions()

    def _tell_sessions(self) -> None:
        self.on_sessions([one.name for one in self._sessions.values()])

    def _record(self, one: Session, item: str) -> None:
        counts = one.frames.taken_counts()
        self._outlet.record(
            LiveHeard(
                item=item,
                session=one.name,
                received=counts.received,
                repaired=counts.repaired,
                concealed=counts.concealed,
                late=counts.late,
                refused=counts.refused,
                longest_gap_ms=counts.longest_gap_us // 1000,
            )
        )


def _ended(one: Session) -> End | Reason:
    """Its time is over while it was silent: it was heard, or never was."""
    return End.DONE if one.part else Reason.EXPIRED
