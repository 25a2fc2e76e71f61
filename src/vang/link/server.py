"""The link's own small server: ``/link`` for nodes, ``/internal/hint`` for the pages."""

import asyncio
import contextlib
import hmac
import os
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from vang.base.tokens import derived_secret
from vang.link.hub import Hub
from vang.link.reports import SECRET_HEADER, Reporter, Reports
from vang.link.socket import Conversations
from vang_protocol import fields, strict_json
from vang_protocol.limits import LINK_MESSAGE_BYTES
from vang_protocol.reasons import Reason, Refused

HINT_BYTES = 1024
PING_EVERY_S, PING_WITHIN_S = 25.0, 60.0


def serve(*, bind: str, port: int, data: Path | None = None, web_url: str | None = None) -> None:
    """Run until SIGTERM or Ctrl-C. Reads ``data/secret.key``; reports to the pages at web_url.

    Both default to the installation's ``VANG_DATA`` and ``VANG_WEB_URL``.
    """
    folder = data or Path(os.environ.get("VANG_DATA", "data"))
    pages = web_url or os.environ.get("VANG_WEB_URL", "http://127.0.0.1:8000")
    secret = (folder / "secret.key").read_text().encode()
    server(bind=bind, port=port, secret=secret, web_url=pages).run()


def server(*, bind: str, port: int, secret: bytes, web_url: str) -> uvicorn.Server:
    """A server not yet running: message size, pings and queues are bounded here."""
    config = uvicorn.Config(
        application(secret=secret, web_url=web_url),
        host=bind,
        port=port,
        ws="websockets-sansio",
        ws_max_size=LINK_MESSAGE_BYTES,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PING_WITHIN_S,
        ws_per_message_deflate=False,  # 25 kB a connection instead of 300
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def application(*, secret: bytes, web_url: str) -> Starlette:
    """The ASGI application with its own hub."""
    hub, reports = Hub(), Reports()
    internal = derived_secret(secret, "link-internal")
    reporter = Reporter(
        reports,
        web_url=web_url,
        secret=internal,
        refuse=lambda node: hub.end(node, Reason.NODE_REVOKED.value),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(reporter.run())
        yield
        hub.end_all("shutdown")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def hint(request: Request) -> Response:
        return await _hint(request, hub, internal)

    async def health(_request: Request) -> Response:
        return JSONResponse({"connections": len(hub)})

    return Starlette(
        routes=[
            WebSocketRoute("/link", Conversations(hub, reports, secret).serve),
            Route("/internal/hint", hint, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


async def _hint(request: Request, hub: Hub, secret: str) -> Response:
    """``{"unit": code, "plan": version}`` from this computer with the secret → ``{"told": n}``."""
    given = request.headers.get(SECRET_HEADER, "")
    if not _is_local(request) or not hmac.compare_digest(given.encode(), secret.encode()):
        return Response(status_code=403)
    try:
        unit, version = _read_hint(await _body(request))
    except Refused as refused:
        return JSONResponse({"error": refused.reason.value}, status_code=400)
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({"told": hub.hint(unit, version)})


def _is_local(request: Request) -> bool:
    """From loopback, or from the very address this server answers on."""
    client = request.client.host if request.client else ""
    server_address = request.scope.get("server") or ("",)
    try:
        return ip_address(client).is_loopback or client == server_address[0]
    except ValueError:
        return False


async def _body(request: Request) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > HINT_BYTES:
            raise Refused(Reason.TOO_LARGE)
    return content


def _read_hint(body: bytes) -> tuple[str, int]:
    table = fields.table(strict_json.decode(body, limit=HINT_BYTES), "hint", ("unit", "plan"))
    return (
        fields.identifier(table["unit"], "unit"),
        fields.whole(table["plan"], "plan", 0, 2**53),
    )
