"""Sessions on the air: each has a key that never leaves this process, and one pump.

The pump takes 60 ms from the source, has them made even and encoded once, stamps them with the
instant at which they are to be heard, signs and seals them once, and gives the same bytes to every
node: by UDP where the node has shown itself, else over its WebSocket.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vang.base import clock
from vang.link.hub import Hub
from vang.link.lines import binary_frame
from vang.link.live.sound import Desk
from vang.link.live.sources import Ring, Source
from vang.link.udp import Post
from vang_protocol.instants import to_us
from vang_protocol.links import FromLink, Joined
from vang_protocol.live import FRAME_SAMPLES, FRAME_US, Frame, SessionKey, seal_frame

LOG = logging.getLogger(__name__)
DEAF_US = 2_000_000
"""Nothing from the source for so long: no frames either, and loudspeakers go back to the plan."""
ALONE_US = 60_000_000
"""Nothing for so long: the session is over."""
LAST_TIMES = 5
BEHIND_US = 1_000_000
UNUSED_US = 15 * 60 * 1_000_000
MOST = 32


@dataclass(eq=False)
class Session:
    """``nodes``: whom the order was for. ``base_us``: play-at of frame 0, once it is known."""

    name: str
    key: SessionKey
    group_key: bytes
    made_us: int
    source: Source = field(default_factory=Ring)
    nodes: frozenset[str] = frozenset()
    until_us: int = 0
    buffer_us: int = 1_000_000
    base_us: int = 0
    seq: int = -1
    sent: int = 0
    by_udp: int = 0
    by_link: int = 0
    level_db: float = -96.0
    joined: set[str] = field(default_factory=set)
    stopping: str = ""
    pump: "asyncio.Task[None] | None" = None

    @property
    def octets(self) -> bytes:
        return bytes.fromhex(self.name)


class Sessions:
    """``folder``: where recordings go. ``ended`` hears of a session that is over."""

    def __init__(
        self, hub: Hub, post: Post, folder: Path, *, ended: Callable[[dict[str, Any]], None]
    ) -> None:
        self._hub, self._post, self._folder, self._ended = hub, post, folder, ended
        self._sessions: dict[str, Session] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")

    def make(self, name: str = "", key: SessionKey | None = None) -> dict[str, str]:
        """A session that nobody has ordered yet: its name and its public key.

        A relay's has both from the plan; one that is on the air already stays as it is.
        """
        if (known := self._sessions.get(name)) is not None and known.pump is not None:
            return {"session": name, "key": known.key.public}
        now_us = to_us(clock.now())
        stale = [one for one in self._sessions.values() if now_us - one.made_us > UNUSED_US]
        for old in [*stale, *list(self._sessions.values())[: 1 - MOST or None]]:
            if old.pump is None:
                self._sessions.pop(old.name, None)
        name = name or secrets.token_hex(8)
        session = Session(name, key or SessionKey(), secrets.token_bytes(32), now_us)
        self._sessions[name] = session
        return {"session": name, "key": session.key.public}

    def start(self, name: str, nodes: Collection[str], until_us: int, buffer_us: int) -> bool:
        """It was ordered: let these nodes in, and pump as soon as its source brings sound."""
        session = self._sessions.get(name)
        if session is None or session.pump is not None:
            return False
        session.nodes, session.until_us = frozenset(nodes), until_us
        session.buffer_us = buffer_us
        session.pump = asyncio.create_task(self._run(session))
        return True

    def stop(self, name: str, why: str) -> bool:
        session = self._sessions.get(name)
        if session is None or session.pump is None:
            return False
        session.stopping = session.stopping or why
        return True

    def find(self, name: str) -> Session | None:
        """For whoever brings its sound."""
        return self._sessions.get(name)

    def join(self, node: str, name: str) -> list[FromLink]:
        """A node accepted the order: what it is answered. Only those it was for are let in."""
        session = self._sessions.get(name)
        if session is None or node not in session.nodes:
            return []
        session.joined.add(node)
        welcome = None if self._post.knows(node) else self._post.welcome(node)
        joined = Joined(name, session.group_key.hex())
        return [joined] if welcome is None else [welcome, joined]

    def restarted(self, node: str) -> None:
        """Its program was started anew: it has forgotten its way for datagrams."""
        self._post.forget(node)

    def facts(self, name: str) -> dict[str, Any]:
        """What the page of the speaker asks."""
        session = self._sessions.get(name)
        if session is None:
            return {"known": False}
        return {
            "known": True,
            "microphone": session.source.connected,
            "level_db": round(session.level_db),
            "joined": len(session.joined),
            "by_udp": session.by_udp,
            "by_link": session.by_link,
            "frames": session.sent,
        }

    async def close(self) -> None:
        for session in self._sessions.values():
            if session.pump is not None:
                session.stopping = session.stopping or "shutdown"
        pumps = [one.pump for one in self._sessions.values() if one.pump is not None]
        if pumps:
            await asyncio.wait(pumps, timeout=2)
        self._thread.shutdown(wait=False)

    async def _run(self, session: Session) -> None:
        file = self._folder / f"{session.name}.opus"
        why = "error"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            desk = await self._worked(Desk, file)
            why = await self._pump(session, desk)
            await self._worked(desk.close)
        except Exception:
            LOG.exception("the live session %s broke", session.name)
        finally:
            self._sessions.pop(session.name, None)
            told = {"session": session.name, "why": why, "frames": session.sent}
            self._ended({**told, "file": file.name if session.sent else ""})

    async def _pump(self, session: Session, desk: Desk) -> str:
        """Until it is stopped, its time is over, or nothing comes; says which."""
        before, began_us = b"", to_us(clock.now())
        while True:
            now_us = to_us(clock.now())
            if (why := _over(session, now_us, began_us)) is not None:
                self._say_last(session, now_us)
                return why
            if now_us - session.source.last_us > DEAF_US:
                before = b""
                await asyncio.sleep(FRAME_US / 1e6)
                continue
            await self._wait_for_next(session, now_us)
            sound = session.source.take(FRAME_SAMPLES)
            packet = await self._worked(desk.packet, sound)
            session.level_db = desk.level_db
            if packet:
                self._send(session, packet, before)
                session.sent += 1
            before = packet

    async def _wait_for_next(self, session: Session, now_us: int) -> None:
        """Frames leave at their own pace, one every 60 ms; after a standstill some are left out."""
        if session.base_us == 0:
            session.base_us = now_us + session.buffer_us
        session.seq += 1
        due_us = session.base_us - session.buffer_us + session.seq * FRAME_US
        if now_us - due_us > BEHIND_US:
            session.seq += (now_us - due_us) // FRAME_US
        elif due_us > now_us:
            await asyncio.sleep((due_us - now_us) / 1e6)

    def _say_last(self, session: Session, now_us: int) -> None:
        """An end that can be lost is said some times over, and in its time also after silence."""
        if session.base_us == 0:
            return
        due = (now_us + session.buffer_us - session.base_us) // FRAME_US
        session.seq = max(session.seq, due)
        for _time in range(LAST_TIMES):
            session.seq += 1
            self._send(session, b"", b"")

    def _send(self, session: Session, packet: bytes, before: bytes) -> None:
        play_at = session.base_us + session.seq * FRAME_US
        frame = Frame(session.octets, session.seq, play_at, packet, before)
        data = seal_frame(frame, sign=session.key.sign, group_key=session.group_key)
        whole, now_us = binary_frame(data), to_us(clock.now())
        session.by_udp = session.by_link = 0
        for node in session.joined:
            place = self._post.place_of(node, session.octets, now_us)
            if place is not None:
                session.by_udp += self._post.send(data, place)
            elif (connection := self._hub.find(node)) is not None:
                session.by_link += connection.write(whole)

    async def _worked(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _over(session: Session, now_us: int, began_us: int) -> str | None:
    if session.stopping:
        return session.stopping
    if now_us + session.buffer_us >= session.until_us:
        return "time"
    if now_us - max(session.source.last_us, began_us) > ALONE_US:
        return "nobody"
    return None
