"""What comes as it is spoken: joined, heard when its frames come, closed in time.

A microphone that people opened stands between an emergency and everything planned; another
station's programme, which the plan names, below it. What is interrupted, by something more
important or because nothing comes, is taken up again as the next part while it is wanted.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vang_node.decoder import Feed
from vang_node.live.frames import Frames, LiveSound
from vang_node.live.openings import Opening, of_command, of_relay
from vang_node.memory import Memory
from vang_node.orders import OrderBook
from vang_node.outlet import Outlet
from vang_node.schedule import Schedule
from vang_protocol.commands import Command, command_of, item_of
from vang_protocol.instants import from_us, to_us
from vang_protocol.live import session_of
from vang_protocol.plans import Audio, PlanItem, Resume
from vang_protocol.reasons import Reason
from vang_protocol.records import End, LiveHeard, Missed

JOIN_EVERY, JOIN_AGAIN = timedelta(seconds=5), timedelta(seconds=2)
"""How often it is asked for, let in already and not yet."""
JOIN_AHEAD = timedelta(seconds=8)
"""So long before its time a relay is joined."""

log = logging.getLogger(__name__)


@dataclass
class Session:
    """One that may be heard. ``part``: how often it has begun to sound."""

    opening: Opening
    frames: Frames
    part: int = 0
    sounding: bool = False
    asked: datetime | None = None

    @property
    def name(self) -> str:
        return self.opening.session

    def feed(self, made: type[Feed]) -> LiveSound:  # noqa: ARG002 - no file is decoded ahead
        return LiveSound(self.frames, until_us=to_us(self.opening.until))


class LiveReceiver:
    """Main loop only, but for ``hear``, which any thread may call."""

    def __init__(
        self, outlet: Outlet, schedule: Schedule, book: OrderBook, *,
        over: Callable[[str, End | Reason], None], now: Callable[[], datetime],
        memory: Memory,
    ) -> None:  # fmt: skip
        self._outlet, self._schedule, self._book = outlet, schedule, book
        self._close_order, self._now, self._memory = over, now, memory
        self._sessions: dict[str, Session] = {}
        self._by_name: dict[bytes, Frames] = {}
        self.on_join: Callable[[str], None] = lambda _session: None
        self.on_sessions: Callable[[list[str]], None] = lambda _sessions: None

    def forbidden(self, command: Command) -> Reason | None:
        """Why nobody may speak here from its beginning to its end; for the deciding of commands."""
        return self._schedule.rules.closed(command.not_before, command.max_play_ms)

    def open(self, command: Command, sha256: str) -> None:
        """People opened it, and the ledger has it."""
        if command.live is not None:
            self._open(of_command(command, command.live, sha256))

    def joined(self, session: str, key: str) -> None:
        """The link let this node in."""
        frames = self._by_name.get(bytes.fromhex(session))
        if frames is not None:
            frames.admit(bytes.fromhex(key))

    def hear(self, data: bytes) -> bool:
        """A frame, from the network's thread; whether it was good and new."""
        frames = self._by_name.get(session_of(data))
        return frames is not None and frames.offer(data)

    def tick(self) -> None:
        """Begin what can be heard, close what is over. Every quarter of a second."""
        now = self._now()
        self._open_relays(now)
        wanted = {one.id for one in self._schedule.rules.relays()} | {
            item_of(key) for key in self._book.ledger.standing
        }
        for item, one in list(self._sessions.items()):
            stands = item in wanted
            if not stands and one.opening.planned is not None:
                self._end_relay(one)
            elif not one.sounding and (not stands or _is_over(one, now)):
                self._close(one, End.STOPPED if not stands else _ended(one))
            elif not one.sounding:
                self._may_begin(one)
            every = JOIN_EVERY if one.frames.group_key else JOIN_AGAIN
            if stands and (one.asked is None or now - one.asked >= every):
                self._ask(one)

    def over(self, item: str, how: End | Reason) -> bool:
        """A part has ended, or could not begin. Whether no command is closed by it."""
        one = self._sessions.get(item)
        if one is None:
            return not command_of(item)
        one.sounding = False
        self._record(one, item)
        goes_on = how in {End.PRE_EMPTED, End.ERROR} or isinstance(how, Reason)
        if goes_on and self._now() < one.opening.until:
            log.warning("%s is broken off: %s.", one.opening.title, how.value)
            return True
        self._forget(one)
        return one.opening.planned is not None

    def _open(self, opening: Opening) -> None:
        name = bytes.fromhex(opening.session)
        frames = Frames(
            session=name,
            public=opening.key,
            until_us=to_us(opening.until),
            now_us=lambda: to_us(self._now()),
        )
        one = Session(opening, frames)
        known = self._memory.started.get(opening.item)
        one.part = known.part if known is not None and opening.planned is not None else 0
        self._sessions[opening.item] = one
        self._by_name = {**self._by_name, name: frames}
        self._tell_sessions()
        self._ask(one)

    def _open_relays(self, now: datetime) -> None:
        for relay in self._schedule.rules.relays():
            opening = of_relay(relay)
            near = relay.start - JOIN_AHEAD <= now < opening.until
            missed = self._memory.has_missed(relay.id, relay.start)
            stopped = self._memory.ended.get(relay.id) in {End.DONE, End.STOPPED}
            if near and relay.id not in self._sessions and not missed and not stopped:
                self._open(opening)

    def _end_relay(self, one: Session) -> None:
        """A newer plan stops it, moves it or leaves it out."""
        self._forget(one)
        if one.sounding:
            self._record(one, one.opening.item)
            self._outlet.end_orders([one.opening.item])

    def _may_begin(self, one: Session) -> None:
        opening = one.opening
        first_us = one.frames.starts_at(not_before_us=to_us(opening.begins))
        if first_us is None or not self._schedule.lets_in(opening.rank):
            return
        one.part += 1
        one.sounding = True
        log.warning("%s is heard, part %d.", opening.title, one.part)
        item = _item(opening, from_us(first_us))
        self._outlet.order_live(item, one, until=opening.until, part=one.part, lift=opening.lift)

    def _ask(self, one: Session) -> None:
        one.asked = self._now()
        self.on_join(one.name)

    def _close(self, one: Session, how: End | Reason) -> None:
        self._forget(one)
        opening = one.opening
        if opening.planned is None:
            self._close_order(opening.item, how)
        elif not one.part:
            self._outlet.record(
                Missed(opening.item, opening.edition, opening.planned, Reason.NOTHING_CAME)
            )

    def _forget(self, one: Session) -> None:
        self._sessions.pop(one.opening.item, None)
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


def _item(opening: Opening, start: datetime) -> PlanItem:
    left_ms = max(1, (opening.until - start) // timedelta(milliseconds=1))
    return PlanItem(
        id=opening.item,
        edition=opening.edition,
        title=opening.title,
        start=start,
        duration_ms=left_ms,
        priority=opening.priority,
        audio=Audio(opening.sha256, 1, "opus", left_ms),
        clusters=("live",),
        max_play_ms=left_ms,
        volume_db=opening.volume_db,
        resume=Resume.DROP,
    )


def _is_over(one: Session, now: datetime) -> bool:
    """Its time is, or a person's voice has said that it ends."""
    said = one.frames.ended and one.opening.planned is None
    return said or now >= one.opening.until


def _ended(one: Session) -> End | Reason:
    """Its time is over while it was silent: it was heard, or never was."""
    return End.DONE if one.part else Reason.EXPIRED
