"""The link's own small server: ``/link`` for nodes, ``/internal/hint`` for the pages."""

import asyncio
import contextlib
import hmac
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from vang.base import clock
from vang.base.shards import USUAL, Shard, link_password, one_link, read_directory
from vang.base.tokens import derived_secret
from vang.link.brokers import Account, BrokerPath
from vang.link.hub import Hub
from vang.link.inbox import Inbox
from vang.link.lines import Line
from vang.link.live.doors import live_routes
from vang.link.live.sessions import Sessions
from vang.link.live.telling import Herald
from vang.link.paths import Paths, Whereabouts
from vang.link.receipts import Courier, Receipts
from vang.link.reports import SECRET_HEADER, Reporter, Reports
from vang.link.socket import Conversations
from vang.link.udp import Post
from vang_protocol import fields, strict_json
from vang_protocol.limits import LINK_MESSAGE_BYTES
from vang_protocol.links import parse_order
from vang_protocol.reasons import Reason, Refused

HINT_BYTES = 1024
SESSION_LASTS = timedelta(hours=1)
ORDER_BYTES = 512 * 1024
MOST_NAMED = 20_000
MOST_LASTING_S = 7 * 24 * 3600
MOST_TURNS = 32_767
PING_EVERY_S, PING_WITHIN_S = 25.0, 60.0


def serve(
    *,
    bind: str,
    port: int,
    data: Path | None = None,
    web_url: str | None = None,
    name: str = USUAL,
) -> None:
    """Run until SIGTERM or Ctrl-C. Reads ``data/secret.key``; reports to the pages at web_url.

    Both default to the installation's ``VANG_DATA`` and ``VANG_WEB_URL``. ``name``: which of the
    links in ``VANG_LINKS_FILE`` this is. Raises ShardsUnfit.
    """
    folder = data or Path(os.environ.get("VANG_DATA", "data"))
    pages = web_url or os.environ.get("VANG_WEB_URL", "http://127.0.0.1:8000")
    secret = (folder / "secret.key").read_text().encode()
    udp = int(os.environ.get("VANG_LINK_UDP_PORT", str(port)))
    server(
        bind=bind, port=port, secret=secret, web_url=pages, shard=_shard(name), udp=udp or None,
        recordings=folder / "live",
    ).run()  # fmt: skip


def _shard(name: str) -> Shard:
    if file := os.environ.get("VANG_LINKS_FILE", ""):
        return read_directory(Path(file)).named(name)
    brokers = list(filter(None, os.environ.get("VANG_BROKERS", "").split(",")))
    ca = os.environ.get("VANG_BROKER_CA", "")
    return one_link(address="", internal="", brokers=brokers, ca=ca).named(name)


def server(
    *, bind: str, port: int, secret: bytes, web_url: str, shard: Shard | None = None,
    udp: int | None = None, recordings: Path | None = None,
) -> uvicorn.Server:  # fmt: skip
    """A server not yet running: message size, pings and queues are bounded here.

    ``udp``: the port for datagrams, None: there are none. ``recordings``: where live voices are
    kept as aired.
    """
    datagrams = None if udp is None else (bind, udp)
    config = uvicorn.Config(
        application(
            secret=secret, web_url=web_url, shard=shard, datagrams=datagrams, recordings=recordings
        ),
        host=bind,
        port=port,
        ws=Line,
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


def application(
    *, secret: bytes, web_url: str, shard: Shard | None = None,
    datagrams: tuple[str, int] | None = None, recordings: Path | None = None,
) -> Starlette:  # fmt: skip
    """The ASGI application with its own hub, and with the brokers of its shard, if any."""
    hub, reports, receipts, whereabouts = Hub(), Reports(), Receipts(), Whereabouts()
    internal, post = derived_secret(secret, "link-internal"), Post()
    herald = Herald(web_url=web_url, secret=internal)
    folder = recordings or Path(tempfile.gettempdir()) / "vang-live"
    live = Sessions(hub, post, folder, ended=herald.tell)
    inbox = Inbox(reports, receipts, whereabouts, live)
    brokers = _brokers(shard, secret, inbox) if shard else []
    paths = Paths([*brokers, hub], whereabouts)
    reporter = Reporter(
        reports,
        web_url=web_url,
        secret=internal,
        refuse=lambda node: paths.end(node, Reason.NODE_REVOKED.value),
    )

    courier = Courier(receipts, web_url=web_url, secret=internal)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        works = [reporter.run(), courier.run(), herald.run(), *(one.run() for one in brokers)]
        tasks = [asyncio.create_task(work) for work in works]
        post.open(datagrams)
        yield
        await live.close()
        post.close()
        hub.end_all("shutdown")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    conversations = Conversations(
        hub, reports, receipts, whereabouts, secret=secret, post=post, live=live
    )

    async def hint(request: Request) -> Response:
        return await _asked(request, internal, HINT_BYTES, lambda body: _hint(paths, body))

    async def order(request: Request) -> Response:
        return await _asked(request, internal, ORDER_BYTES, lambda body: _order(paths, body))

    async def end(request: Request) -> Response:
        return await _asked(request, internal, HINT_BYTES, lambda body: _end(hub, paths, body))

    async def ask(request: Request, act: Callable[[Any], object]) -> Response:
        return await _asked(request, internal, ORDER_BYTES, act)

    async def health(_request: Request) -> Response:
        connected = {broker.name: broker.up for broker in brokers}
        return JSONResponse({"connections": len(hub), "brokers": connected})

    return Starlette(
        routes=[
            WebSocketRoute("/link", conversations.serve),
            Route("/internal/hint", hint, methods=["POST"]),
            Route("/internal/order", order, methods=["POST"]),
            Route("/internal/end", end, methods=["POST"]),
            *live_routes(live, secret, ask),
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


async def _asked(
    request: Request, secret: str, limit: int, act: Callable[[Any], object]
) -> Response:
    """What the pages ask, from this computer and with the secret → ``{"told": answer}``."""
    given = request.headers.get(SECRET_HEADER, "")
    if not _is_local(request) or not hmac.compare_digest(given.encode(), secret.encode()):
        return Response(status_code=403)
    try:
        told = act(strict_json.decode(await _body(request, limit), limit=limit))
    except Refused as refused:
        return JSONResponse({"error": refused.reason.value}, status_code=400)
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({"told": told})


def _brokers(shard: Shard, secret: bytes, inbox: Inbox) -> list[BrokerPath]:
    password, ca = link_password(secret, shard.name), shard.ca_text()
    account = Account(shard.name, shard.user, password, ca)
    return [BrokerPath(address, account, inbox) for address in shard.brokers]


def _hint(paths: Paths, body: Any) -> int:
    """``{"unit": code, "plan": version}``."""
    table = fields.table(body, "hint", ("unit", "plan"))
    unit = fields.identifier(table["unit"], "unit")
    return paths.hint(unit, fields.whole(table["plan"], "plan", 0, 2**53))


def _order(paths: Paths, body: Any) -> int:
    """``{"units": [code], "nodes": [id], "command": text, "manifest": text, "lasts_s": seconds,
    "turn": how often it was sent before}``."""
    names = ("units", "nodes", "command", "manifest", "lasts_s", "turn")
    table = fields.table(body, "order", names)
    return paths.order(
        parse_order({name: table[name] for name in ("command", "manifest")}),
        units=_names(table, "units"),
        nodes=_names(table, "nodes"),
        lasts_s=fields.whole(table["lasts_s"], "lasts_s", 1, MOST_LASTING_S),
        turn=fields.whole(table["turn"], "turn", 0, MOST_TURNS),
    )


def _end(hub: Hub, paths: Paths, body: Any) -> int:
    """``{"node": id}``: no longer trusted. Sessions last an hour at most."""
    node = fields.identifier(fields.table(body, "end", ("node",))["node"], "node")
    now = clock.now()
    told = hub.bar(node, now=now, until=now + SESSION_LASTS)
    paths.end(node, Reason.NODE_REVOKED.value)
    return told


def _names(table: dict[str, Any], where: str) -> frozenset[str]:
    rows = fields.rows(table[where], where, MOST_NAMED)
    return frozenset(fields.identifier(one, where) for one in rows)


def _is_local(request: Request) -> bool:
    """From loopback, or from the very address this server answers on."""
    client = request.client.host if request.client else ""
    server_address = request.scope.get("server") or ("",)
    try:
        return ip_address(client).is_loopback or client == server_address[0]
    except ValueError:
        return False


async def _body(request: Request, limit: int) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise Refused(Reason.TOO_LARGE)
    return content
