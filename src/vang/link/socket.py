"""One node's conversation: authorised, greeted, listened to, told, and let go with a reason."""

import asyncio
import contextlib
from datetime import UTC, datetime

from starlette.websockets import WebSocket, WebSocketDisconnect

from vang.base import clock
from vang.base.tokens import TokenRefused, read_token
from vang.link.hub import Connection, Hub, Ready
from vang.link.lines import EXTENSION
from vang.link.live.sessions import Sessions
from vang.link.pace import Pace
from vang.link.paths import WEBSOCKET, Whereabouts
from vang.link.receipts import Receipts
from vang.link.reports import Reports
from vang.link.udp import Post
from vang_protocol.instants import to_us
from vang_protocol.links import (
    Answer,
    Bye,
    ClockAnswer,
    ClockQuestion,
    FromNode,
    Hello,
    Join,
    encode_message,
    parse_from_node,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState, state_table

PURPOSE = "node-session"
HELLO_WITHIN_S = 10
GOODBYE_WITHIN_S = 1
POLICY_VIOLATION = 1008
GOING_AWAY = 1001
BURST, PER_S = 40, 4.0


class Conversations:
    """Serves sockets; ``secret`` is the installation's, which also signed the tokens."""

    def __init__(
        self, hub: Hub, reports: Reports, receipts: Receipts, whereabouts: Whereabouts, *,
        secret: bytes, post: Post, live: Sessions,
    ) -> None:  # fmt: skip
        self._hub, self._reports, self._receipts = hub, reports, receipts
        self._whereabouts, self._secret = whereabouts, secret
        self._post, self._live = post, live

    async def serve(self, socket: WebSocket) -> None:
        """One socket from its token to its end."""
        connection = self._authorised(socket, clock.now())
        if connection is None or not self._hub.lets_in(connection):
            await socket.close(POLICY_VIOLATION)  # before accepting: the client sees 403
            return
        await socket.accept()
        self._hub.add(connection)
        self._whereabouts.here(connection.node, WEBSOCKET, connection.session)
        try:
            await self._converse(socket, connection)
        finally:
            if self._hub.remove(connection):
                self._post.forget(connection.node)
            if self._whereabouts.left(connection.node, WEBSOCKET, connection.session):
                self._reports.gone(connection.node, now=clock.now())
        await _part(socket, connection.reason)

    def _authorised(self, socket: WebSocket, now: datetime) -> Connection | None:
        scheme, _, token = socket.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = read_token(self._secret, PURPOSE, token.strip(), now=now)
        except TokenRefused:
            return None
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        write = socket.scope["extensions"][EXTENSION]["write"]
        return Connection(node=claims["node"], unit=claims["unit"], expires=expires, write=write)

    async def _converse(self, socket: WebSocket, connection: Connection) -> None:
        """Until one side ends it or the session is over."""
        tasks = [
            asyncio.create_task(self._listen(socket, connection)),
            asyncio.create_task(_tell(socket, connection)),
            asyncio.create_task(connection.ending.wait()),
        ]
        left = (connection.expires - clock.now()).total_seconds()
        try:
            done, _ = await asyncio.wait(
                tasks, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                connection.end(Reason.SESSION_EXPIRED.value)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, socket: WebSocket, connection: Connection) -> None:
        try:
            async with asyncio.timeout(HELLO_WITHIN_S):
                self._greeted(connection, await socket.receive_text())
            pace = Pace(burst=BURST, per_s=PER_S, now=clock.now())
            while True:
                self._paced(connection, await socket.receive_text(), pace)
        except Refused as refused:
            connection.end(refused.reason.value)
        except (WebSocketDisconnect, TimeoutError, KeyError, RuntimeError):
            connection.end("")  # gone, mute, or a binary frame: nothing to say to that

    def _greeted(self, connection: Connection, frame: str) -> None:
        first = parse_from_node(frame)
        if not isinstance(first, Hello):
            raise Refused(Reason.BAD_FIELDS, "the first message is hello")
        self._heard(connection, first)
        if (datagrams := self._post.welcome(connection.node)) is not None:
            connection.offer(datagrams)

    def _paced(self, connection: Connection, frame: str, pace: Pace) -> None:
        if not pace.allows(clock.now()):
            raise Refused(Reason.TOO_MANY)
        self._heard(connection, parse_from_node(frame))

    def _heard(self, connection: Connection, message: FromNode) -> None:
        arrived = clock.now()
        match message:
            case ClockQuestion(t0):
                connection.offer(ClockAnswer(t0, to_us(arrived), to_us(arrived)))
            case Answer(receipt):
                self._receipts.put(connection.node, receipt)
            case Join(session):
                for answer in self._live.join(connection.node, session):
                    connection.offer(answer)
            case _:
                self._note(connection, message.state, arrived)

    def _note(self, connection: Connection, state: NodeState, now: datetime) -> None:
        if state.node != connection.node:
            raise Refused(Reason.WRONG_NODE, state.node)
        self._whereabouts.here(connection.node, WEBSOCKET, connection.session)
        self._reports.heard(connection.node, state_table(state), now=now)


async def _tell(socket: WebSocket, connection: Connection) -> None:
    """Send what waits. A clock answer gets its last time stamp as it leaves."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            message = await connection.queue.get()
            if isinstance(message, ClockAnswer):
                message = ClockAnswer(message.t0, message.t1, to_us(clock.now()))
            text = message.text if isinstance(message, Ready) else encode_message(message)
            await socket.send_text(text)
    connection.end("")


async def _part(socket: WebSocket, reason: str) -> None:
    """Say why, if there is something to say and somebody to hear it."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(GOODBYE_WITHIN_S):
            if reason:
                await socket.send_text(encode_message(Bye(reason)))
            await socket.close(GOING_AWAY)
