"""Two hundred nodes in one process: each with its own key, session, socket and connection.

Run by plan.py with the port of the pages and, on its input, a JSON list of enrolment codes.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from websockets.asyncio.client import connect

from vang_protocol import strict_json
from vang_protocol.acceptance import accept_plan
from vang_protocol.enrolments import EnrolAnswer, EnrolRequest, encode_request, parse_answer
from vang_protocol.envelopes import SigningKey
from vang_protocol.links import Hello, Hint, encode_message, parse_from_link
from vang_protocol.sessions import sign_session
from vang_protocol.states import ClockSource, ClockState, NodeState, SinkState

API = "/api/node/v1"


@dataclass
class Lane:
    """One keep-alive HTTP connection, as a node holds one."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: str = ""
    ) -> tuple[int, bytes]:
        head = f"{method} {API}{path} HTTP/1.1\r\nHost: {self.host}\r\n{headers}"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        status = int((await self.reader.readline()).split()[1])
        length = 0
        while (line := await self.reader.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, await self.reader.readexactly(length)


@dataclass
class Simulated:
    """A node from its enrolment on. ``current`` is version and hash of the plan it follows."""

    lane: Lane
    key: SigningKey
    answer: EnrolAnswer
    token: str = ""
    link_url: str = ""
    current: tuple[int, str] | None = None

    async def sign_in(self) -> None:
        challenge = json.loads((await self.lane.ask("GET", "/challenge"))[1])
        signature = sign_session(self.key, self.answer.node, challenge["nonce"])
        body = {"node": self.answer.node, "nonce": challenge["nonce"], "signature": signature}
        status, told = await self.lane.ask("POST", "/session", strict_json.canonical(body))
        if status != HTTPStatus.OK:
            raise SystemExit(f"no session: {told!r}")
        self.token, self.link_url = json.loads(told)["token"], json.loads(told)["link_url"]

    async def verified_plan(self) -> int:
        """Fetch and verify; the version now followed."""
        status, data = await self.lane.ask(
            "GET", "/plan", headers=f"Authorization: Bearer {self.token}\r\n"
        )
        if status != HTTPStatus.OK:
            raise SystemExit(f"no plan: {data!r}")
        accepted = accept_plan(
            data,
            unit=self.answer.unit,
            routine_keys=self.answer.routine_keys,
            current=self.current,
            now=datetime.now(UTC),
        )
        if accepted.refused_items or self.answer.cluster not in accepted.plan.items[-1].clusters:
            raise SystemExit("the plan does not say what was ordered")
        self.current = accepted.plan.version, accepted.sha256
        return accepted.plan.version

    def state(self) -> NodeState:
        return NodeState(
            node=self.answer.node,
            boot="bench",
            software="bench",
            plan_version=self.current[0] if self.current else 0,
            plan_sha256=self.current[1] if self.current else None,
            playing=None,
            volume_db=0,
            clock=ClockState(ClockSource.SERVER, 0, 1000),
            journal_seq=0,
            journal_head="0" * 64,
            free_mb=1000,
            sink=SinkState.OK,
            items={},
        )

    async def listen(
        self, told: "asyncio.Queue[tuple[int, float, float]]", up: "asyncio.Queue[str]"
    ) -> None:
        """For ever: a hint, the plan, the verdict; the instants of each go to ``told``."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(self.link_url, additional_headers=headers, proxy=None) as link:
            await link.send(encode_message(Hello(self.state())))
            up.put_nowait(self.answer.node)
            async for frame in link:
                if isinstance(parse_from_link(frame), Hint):
                    heard = time.monotonic()
                    version = await self.verified_plan()
                    told.put_nowait((version, heard, time.monotonic()))


async def enrolled(host: str, port: int, code: str) -> Simulated:
    lane = Lane(*await asyncio.open_connection(host, port), f"{host}:{port}")
    key = SigningKey.generate()
    request = encode_request(EnrolRequest(code, key.public.public, "bench", "bench"))
    status, answer = await lane.ask("POST", "/enrol", request)
    if status != HTTPStatus.OK:
        raise SystemExit(f"not enrolled: {answer!r}")
    node = Simulated(lane, key, parse_answer(answer))
    await node.sign_in()
    return node


async def simulate(host: str, port: int, codes: Sequence[str]) -> None:
    """Prints a line when all are connected, then one for each node and version."""
    nodes = [await enrolled(host, port, code) for code in codes]
    told: asyncio.Queue[tuple[int, float, float]] = asyncio.Queue()
    up: asyncio.Queue[str] = asyncio.Queue()
    tasks = [asyncio.create_task(node.listen(told, up)) for node in nodes]
    for _node in nodes:
        await up.get()
    print("ready", flush=True)
    while not any(task.done() for task in tasks):
        rows = [await told.get() for _node in nodes]
        print(json.dumps(rows), flush=True)


def main() -> None:
    """``python -c "import simulated_nodes; simulated_nodes.main()" PORT``, codes on the input."""
    asyncio.run(simulate("127.0.0.1", int(sys.argv[1]), json.loads(sys.stdin.readline())))
