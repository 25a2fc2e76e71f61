"""A real server in miniature: signed plans, Opus files, sessions, journals, the link.

It speaks the protocol over real HTTP and WebSocket on a free port, and can be told to misbehave.
"""

import asyncio
import contextlib
import hashlib
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import av
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.node.repository import Repository
from vang.base.tokens import make_token
from vang_node.sinks import Block
from vang_protocol import strict_json
from vang_protocol.beacons import Beacon, sign_beacon
from vang_protocol.enrolments import EnrolAnswer, answer_table, parse_request
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.instants import format_instant, to_us
from vang_protocol.journals import EMPTY, Head, Record, line_hash, open_batch, verify_chain
from vang_protocol.links import (
    Answer,
    Bye,
    ClockAnswer,
    ClockQuestion,
    Hello,
    Hint,
    Order,
    StateReport,
    encode_message,
    parse_from_node,
)
from vang_protocol.plans import Audio, Plan, PlanItem, Priority, Resume, audio_table, sign_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Receipt, open_receipt
from vang_protocol.releases import Answered, Offer, Told, parse_told
from vang_protocol.releases import answer_table as release_answer
from vang_protocol.sessions import session_is_signed
from vang_protocol.states import NodeState, parse_state
from vang_protocol.topics import Brokers, brokers_table

RATE = 48_000
UNIT = "20641"
ALL_DAY = (("00:00", "24:00"),)


def opus_file(samples: Block) -> bytes:
    """Ogg Opus of 48 kHz mono samples, as the speech pipeline makes it."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 24_000
        for start in range(0, len(samples), 960):
            piece = samples[start : start + 960]
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece))
            frame.rate, frame.pts = RATE, start
            frame.planes[0].update(piece.tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Town:
    """The server's memory. Tests read and change it while it runs."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    codes: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, PublicKey] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    plan: bytes | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    states: dict[str, NodeState] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    break_files_at: int | None = None
    polled: int = 0
    down: bool = False
    without_link: bool = False
    poll_s: int = 1
    port: int = 0
    hints: int = 0
    province: Repository | None = None
    orders: list[Order] = field(default_factory=list)
    pushed: list[Order | Hint] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    ready: list[Audio] = field(default_factory=list)
    withdrawn: Reason | None = None
    counters: tuple[tuple[str, int, int], ...] = ()
    without_beacons: bool = False
    link_port: int = 0
    link_hosts: dict[str, str] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)
    secret: bytes = b"tests-only"
    offer: Offer | None = None
    told: list[Told] = field(default_factory=list)
    without_releases: bool = False
    brokers: Brokers | None = None
    left: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_audio(self, samples: Block) -> Audio:
        data = opus_file(samples)
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        return Audio(sha256, len(data), "opus", len(samples) * 1000 // RATE)

    def publish(self, plan: Plan, *, key: SigningKey | None = None) -> bytes:
        self.plan = sign_plan(plan, key or self.key)
        self.hints += 1
        return self.plan

    def records(self, node: str) -> list[Record]:
        """What the node uploaded, its chain verified from the beginning."""
        return verify_chain(self.lines.get(node, []), node=node)

    def events(self, node: str, kind: str) -> list[Any]:
        return [entry.event for entry in self.records(node) if entry.event.kind == kind]


def an_item(audio: Audio, start: datetime, **changes: Any) -> PlanItem:
    item = PlanItem(
        id=f"p1-{int(start.timestamp() * 1000)}",
        edition="0b2f8c1e-1111-4222-8333-444455556666",
        title="Thông báo lịch cắt điện",
        start=start.replace(microsecond=start.microsecond // 1000 * 1000),
        duration_ms=audio.duration_ms,
        priority=Priority.NORMAL,
        audio=audio,
        clusters=("c1",),
        max_play_ms=audio.duration_ms + 30_000,
        volume_db=0,
        resume=Resume.DROP,
    )
    return replace(item, **changes)


def a_plan(*items: PlanItem, version: int = 1, **changes: Any) -> Plan:
    now = utc_now().replace(microsecond=0)
    plan = Plan(
        unit=UNIT,
        version=version,
        issued=now,
        covers_from=now,
        expires=now + timedelta(days=8),
        zone="Asia/Ho_Chi_Minh",
        hours=ALL_DAY,
        items=items,
        stopped=(),
    )
    return replace(plan, **changes)


def application(town: Town) -> Starlette:
    api = "/api/node/v1"
    doors = _Doors(town)
    return Starlette(
        routes=[
            Route(f"{api}/enrol", doors.enrol, methods=["POST"]),
            Route(f"{api}/challenge", doors.challenge),
            Route(f"{api}/session", doors.session, methods=["POST"]),
            Route(f"{api}/plan", doors.plan),
            Route(f"{api}/files/{{sha256}}", doors.file),
            Route(f"{api}/journal", doors.journal, methods=["POST"]),
            Route(f"{api}/state", doors.state, methods=["POST"]),
            Route(f"{api}/trust/{{path:path}}", doors.trust),
            Route(f"{api}/beacon", doors.beacon, methods=["POST"]),
            Route(f"{api}/commands", doors.commands),
            Route(f"{api}/pinned", doors.pinned),
            Route(f"{api}/internal/receipts", doors.from_link, methods=["POST"]),
            Route(f"{api}/internal/states", doors.from_link, methods=["POST"]),
            Route(f"{api}/internal/live", doors.from_link, methods=["POST"]),
            Route(f"{api}/receipts", doors.answers, methods=["POST"]),
            Route(f"{api}/release", doors.release, methods=["POST"]),
            Route(f"{api}/paths", doors.paths),
            WebSocketRoute("/link", doors.link),
        ]
    )


def error(status: int, reason: Reason) -> Response:
    return JSONResponse({"error": reason.value, "detail": reason.text}, status)


class _Doors:
    def __init__(self, town: Town) -> None:
        self.town = town
        self._told = 0

    def _link_url(self, node: str = "") -> str:
        port = self.town.link_port or self.town.port
        host = self.town.link_hosts.get(node, "127.0.0.1")
        return "" if self.town.without_link else f"ws://{host}:{port}/link"

    def _refused(self, request: Request) -> Response | None:
        town = self.town
        town.requests.append((request.method, request.url.path, dict(request.headers)))
        if town.withdrawn is not None and not request.url.path.endswith("/challenge"):
            return error(403, town.withdrawn)
        return error(503, Reason.SERVER_ERROR) if town.down else None

    def _node(self, request: Request) -> str | None:
        return self.town.tokens.get(
            request.headers.get("authorization", "").removeprefix("Bearer ")
        )

    async def enrol(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        asked = parse_request(await request.body())
        cluster = self.town.codes.pop(asked.code, None)
        if cluster is None:
            return error(403, Reason.CODE_UNKNOWN)
        node = f"n{len(self.town.nodes) + 1}"
        self.town.nodes[node] = PublicKey(asked.public_key)
        answer = EnrolAnswer(
            node, UNIT, cluster, (self.town.key.public,), self._link_url(),
            self.town.poll_s, utc_now(), 0,
            self.town.province.pinned.decode() if self.town.province else "",
        )  # fmt: skip
        return Response(strict_json.canonical(answer_table(answer)))

    async def challenge(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        nonce = secrets.token_hex(16)
        self.town.nonces.add(nonce)
        return JSONResponse({"nonce": nonce, "server_time": format_instant(utc_now())})

    async def session(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        table = strict_json.decode(await request.body(), limit=4096)
        key = self.town.nodes[table["node"]]
        fresh = table["nonce"] in self.town.nonces
        if not fresh or not session_is_signed(
            key, table["node"], table["nonce"], table["signature"]
        ):
            return error(403, Reason.BAD_SIGNATURE)
        self.town.nonces.discard(table["nonce"])
        claims = {"node": table["node"], "unit": UNIT, "cluster": "c1"}
        token = make_token(
            self.town.secret, "node-session", claims, now=utc_now(), lasts_s=3600
        )  # good at a real link too
        self.town.tokens[token] = table["node"]
        return JSONResponse(
            {
                "token": token,
                "expires_in": 3600,
                "server_time": format_instant(utc_now()),
                "link_url": self._link_url(table["node"]),
            }
        )

    async def plan(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        if self._node(request) is None:
            return error(401, Reason.SESSION_EXPIRED)
        if self.town.plan is None:
            return error(404, Reason.NO_PLAN)
        etag = f'"{hashlib.sha256(self.town.plan).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(self.town.plan, headers={"ETag": etag})

    async def file(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        if self._node(request) is None:
            return error(401, Reason.SESSION_EXPIRED)
        sha256 = request.path_params["sha256"]
        data = self.town.files.get(sha256)
        if data is None:
            return error(404, Reason.FILE_NOT_FOUND)
        start = int(request.headers.get("range", "bytes=0-")[6:].split("-")[0])
        head = {"ETag": f'"{sha256}"', "Content-Length": str(len(data) - start)}
        body = self._pieces(data[start:])
        return StreamingResponse(body, 206 if start else 200, headers=head)

    async def _pieces(self, data: bytes) -> AsyncIterator[bytes]:
        """The bytes; the connection breaks after ``break_files_at`` of them, once."""
        end, self.town.break_files_at = self.town.break_files_at, None
        yield data[:end]
        if end is not None:
            raise ConnectionError("the line broke")

    async def journal(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        node = self._node(request)
        if node is None:
            return error(401, Reason.SESSION_EXPIRED)
        batch = open_batch(await request.body(), key=self.town.nodes[node])
        try:
            return JSONResponse({"accepted_through": self._take(node, list(batch.lines))})
        except Refused as refused:
            return error(409, refused.reason)

    def _take(self, node: str, lines: list[str]) -> int:
        kept = self.town.lines.setdefault(node, [])
        fresh = [line for line in lines if line not in set(kept[-2000:])]
        head = self.town.heads.get(node, EMPTY)
        verify_chain(fresh, node=node, after_seq=head.seq, after_hash=head.hash)
        kept.extend(fresh)
        if fresh:
            head = Head(head.seq + len(fresh), line_hash(fresh[-1]))
        self.town.heads[node] = head
        return head.seq

    async def state(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        node = self._node(request)
        if node is None:
            return error(401, Reason.SESSION_EXPIRED)
        table = strict_json.decode(await request.body(), limit=16384)
        self.town.states[node] = parse_state(table)
        self.town.polled += 1
        return JSONResponse({})

    async def trust(self, request: Request) -> Response:
        province = self.town.province
        data = province.fetch(request.path_params["path"]) if province else None
        return error(404, Reason.FILE_NOT_FOUND) if data is None else Response(data)

    async def beacon(self, request: Request) -> Response:
        node = self._node(request)
        if node is None:
            return error(401, Reason.SESSION_EXPIRED)
        if self.town.without_beacons:
            return error(503, Reason.SERVER_ERROR)
        nonce = strict_json.decode(await request.body(), limit=4096)["nonce"]
        said = Beacon(node, nonce, utc_now(), 1, self.town.counters)
        return Response(sign_beacon(said, self.town.key))

    async def commands(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        return JSONResponse({"commands": [vars(order) for order in self.town.orders]})

    async def pinned(self, request: Request) -> Response:
        return JSONResponse({"audio": [audio_table(audio) for audio in self.town.ready]})

    async def answers(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        node = self._node(request)
        if node is None:
            return error(401, Reason.SESSION_EXPIRED)
        told = strict_json.decode(await request.body(), limit=2**20)["receipts"]
        for one in told:
            self._take_receipt(node, one)
        return JSONResponse({"taken": len(told)})

    async def from_link(self, request: Request) -> Response:
        """What a real link hands on."""
        body = await request.json()
        for one in body.get("receipts", ()):
            with contextlib.suppress(Refused):  # a broker may have kept it from a town before
                self._take_receipt(one["node"], one["receipt"])
        for one in body.get("states", ()):
            self.town.states[one["node"]] = parse_state(one["state"])
        self.town.left += [one["node"] for one in body.get("left", ())]
        if "session" in body:
            self.town.ended.append(body)
        return JSONResponse({"refused": [], "taken": 0})

    async def release(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        if self._node(request) is None:
            return error(401, Reason.SESSION_EXPIRED)
        if self.town.without_releases:
            return error(404, Reason.FILE_NOT_FOUND)
        self.town.told.append(parse_told(await request.body()))
        return JSONResponse(release_answer(Answered(self.town.offer, 5)))

    async def paths(self, request: Request) -> Response:
        if (down := self._refused(request)) is not None:
            return down
        if self.town.brokers is None:
            return Response(status_code=404)  # as a server of before there were any
        return JSONResponse(brokers_table(self.town.brokers))

    def _take_receipt(self, node: str, text: str) -> None:
        self.town.receipts.append(open_receipt(text.encode(), key=self.town.nodes[node]))

    async def link(self, socket: WebSocket) -> None:
        token = socket.headers.get("authorization", "").removeprefix("Bearer ")
        node = self.town.tokens.get(token)
        if node is None or self.town.down or self.town.withdrawn:
            await socket.close(4401)
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await self._converse(socket, node)

    async def _converse(self, socket: WebSocket, node: str) -> None:
        self._told = self.town.hints
        listening = asyncio.ensure_future(socket.receive_text())
        try:
            while not self.town.down:
                if self.town.withdrawn is not None:
                    await socket.send_text(encode_message(Bye(Reason.NODE_REVOKED.value)))
                    return
                await self._push(socket)
                done, _waiting = await asyncio.wait([listening], timeout=0.05)
                if done:
                    text = listening.result()
                    listening = asyncio.ensure_future(socket.receive_text())
                    await self._hear(socket, node, text)
        finally:
            listening.cancel()

    async def _push(self, socket: WebSocket) -> None:
        while self.town.pushed:
            await socket.send_text(encode_message(self.town.pushed.pop(0)))
        if self._told != self.town.hints:
            self._told = self.town.hints
            await socket.send_text(encode_message(Hint(self._told)))

    async def _hear(self, socket: WebSocket, node: str, text: str) -> None:
        arrived = to_us(utc_now())
        match parse_from_node(text):
            case Hello(state) | StateReport(state):
                self.town.states[node] = state
            case ClockQuestion(t0):
                answer = ClockAnswer(t0, arrived, to_us(utc_now()))
                await socket.send_text(encode_message(answer))
            case Answer(receipt):
                self._take_receipt(node, receipt)


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def open_town(town: Town) -> Iterator[Town]:
    """Serve until the block ends; a town may be opened again on the same port."""
    config = uvicorn.Config(
        application(town),
        host="127.0.0.1",
        port=town.port,
        log_level="critical",
        ws="websockets-sansio",
        timeout_graceful_shutdown=1,
    )
    server = _QuietServer(config)
    socket = config.bind_socket()
    socket.listen()  # from now on whoever comes waits instead of being sent away
    town.port = socket.getsockname()[1]
    thread = threading.Thread(target=server.run, args=([socket],), daemon=True)
    thread.start()
    try:
        yield town
    finally:
        server.should_exit = True
        thread.join(10)
        socket.close()
