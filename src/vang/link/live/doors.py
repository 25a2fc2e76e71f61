"""What the pages ask of live voices, and where a microphone comes in."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from vang.link.live.microphone import Microphones
from vang.link.live.sessions import Sessions
from vang_protocol import fields
from vang_protocol.commands import LEAST_BUFFER_MS, MOST_BUFFER_MS
from vang_protocol.instants import to_us
from vang_protocol.live import SessionKey
from vang_protocol.reasons import Reason, Refused

MOST_NODES = 20_000
KEY_CHARS = 1_000
Act = Callable[[Any], object]
Ask = Callable[[Request, Act], Awaitable[Response]]


def live_routes(live: Sessions, secret: bytes, ask: Ask) -> list[BaseRoute]:
    """``ask`` lets only the pages in and answers ``{"told": what the act gives}``."""

    def door(path: str, act: Act) -> Route:
        async def asked(request: Request) -> Response:
            return await ask(request, act)

        return Route(f"/internal/live/{path}", asked, methods=["POST"])

    return [
        WebSocketRoute("/link/microphone", Microphones(live, secret).serve),
        door("make", lambda body: _make(live, body)),
        door("start", lambda body: _start(live, body)),
        door("stop", lambda body: live.stop(*_named(body))),
        door("facts", lambda body: live.facts(_named(body)[0])),
    ]


def _named(body: Any) -> tuple[str, str]:
    """``{"session": hex, "why": text}``."""
    table = fields.table(body, "live", ("session",), ("why",))
    return (
        fields.hexadecimal(table["session"], "session", 8),
        fields.text(table.get("why", ""), "why", 40),
    )


def _make(live: Sessions, body: Any) -> dict[str, str]:
    """``{}``, or ``{"session": hex, "key": PEM}`` for what the plan has named."""
    table = fields.table(body, "live", (), ("session", "key"))
    if not table:
        return live.make()
    name = fields.hexadecimal(table.get("session"), "session", 8)
    try:
        key = SessionKey(fields.text(table.get("key"), "key", KEY_CHARS, 1).encode())
    except ValueError as error:
        raise Refused(Reason.BAD_FIELDS, "key") from error
    return live.make(name, key)


def _start(live: Sessions, body: Any) -> bool:
    """``{"session", "nodes": [id], "until": instant, "buffer_ms"}``."""
    table = fields.table(body, "live", ("session", "nodes", "until", "buffer_ms"))
    rows = fields.rows(table["nodes"], "nodes", MOST_NODES)
    return live.start(
        fields.hexadecimal(table["session"], "session", 8),
        frozenset(fields.identifier(one, "nodes") for one in rows),
        to_us(fields.instant(table["until"], "until")),
        fields.whole(table["buffer_ms"], "buffer_ms", LEAST_BUFFER_MS, MOST_BUFFER_MS) * 1000,
    )
