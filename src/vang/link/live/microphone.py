"""A browser's microphone: who may speak is in the token that the pages gave, and nowhere else.

The first message is ``{"token": …}``. Then binary messages: ``P`` and 16-bit little-endian PCM,
48 kHz, mono; or ``O`` and one Opus packet. Twice a second the browser is told what arrives.
"""

import asyncio
import contextlib
import json
from typing import Any

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from vang.base import clock
from vang.base.tokens import TokenRefused, read_token
from vang.link.live.sessions import Session, Sessions
from vang.link.live.sound import rms_db
from vang.link.live.sources import RATE, Pcm, Ring
from vang.link.pace import Pace
from vang_protocol.instants import to_us

PURPOSE = "live-microphone"
TOKEN_WITHIN_S = 10
TOKEN_CHARS = 1_000
TELL_EVERY_S = 0.5
BURST, PER_S = 200, 120.0
POLICY_VIOLATION = 1008


class Microphones:
    """Serves browsers' sockets; ``secret`` is the installation's, which also signed the tokens."""

    def __init__(self, sessions: Sessions, secret: bytes) -> None:
        self._sessions, self._secret = sessions, secret

    async def serve(self, socket: WebSocket) -> None:
        """One microphone, from its token to its end."""
        await socket.accept()
        session = await self._authorised(socket)
        if session is None or not isinstance(session.source, Ring):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(POLICY_VIOLATION)
            return
        ring = session.source
        ring.connected = True
        telling = asyncio.create_task(_tell(socket, session))
        try:
            await _listen(socket, ring)
        except (WebSocketDisconnect, KeyError, RuntimeError, ValueError):
            pass  # the browser is gone, or sends what is no sound
        finally:
            ring.connected = False
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _authorised(self, socket: WebSocket) -> Session | None:
        try:
            async with asyncio.timeout(TOKEN_WITHIN_S):
                told = json.loads((await socket.receive_text())[:TOKEN_CHARS])
            claims = read_token(self._secret, PURPOSE, str(told["token"]), now=clock.now())
        except (TokenRefused, TimeoutError, ValueError, KeyError, TypeError, WebSocketDisconnect):
            return None
        return self._sessions.find(str(claims["session"]))


async def _listen(socket: WebSocket, ring: Ring) -> None:
    pace = Pace(burst=BURST, per_s=PER_S, now=clock.now())
    decoder: _Opus | None = None
    while True:
        data = await socket.receive_bytes()
        moment = clock.now()
        if not pace.allows(moment):
            continue
        kind, body = data[:1], data[1:]
        if kind == b"P":
            sound = np.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(np.int16)
        elif kind == b"O":
            decoder = decoder or _Opus()
            sound = decoder.sound(body)
        else:
            raise ValueError(kind)
        ring.peak = max(ring.peak, int(np.max(np.abs(sound.astype(np.int32)), initial=0)))
        ring.put(sound, now_us=to_us(moment))


async def _tell(socket: WebSocket, session: Session) -> None:
    """What arrives here: the browser's own meter cannot know that."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            ring = session.source
            peak = ring.peak if isinstance(ring, Ring) else 0
            if isinstance(ring, Ring):
                ring.peak = 0
            over = session.pump is not None and session.pump.done()
            told = {
                "peak_db": round(rms_db(np.array([peak]))),
                "frames": session.sent,
                "over": over,
            }
            await socket.send_text(json.dumps(told))
            if over:
                await socket.close()
                return


class _Opus:
    """Packets of one browser's encoder."""

    def __init__(self) -> None:
        import av  # noqa: PLC0415 - only where a browser encodes

        self._av: Any = av
        self._context = av.CodecContext.create("libopus", "r")
        self._context.sample_rate, self._context.layout = RATE, "mono"

    def sound(self, packet: bytes) -> Pcm:
        """Raises ValueError for what is no Opus."""
        try:
            frames = self._context.decode(self._av.Packet(packet))
        except self._av.error.FFmpegError as error:
            raise ValueError("no Opus") from error
        pieces = [frame.to_ndarray().reshape(-1).astype(np.int16) for frame in frames]
        return np.concatenate([*pieces, np.zeros(0, np.int16)]).astype(np.int16)
