"""Many nodes in one process, each with its own key, ledger, socket and verdict.

Run by fanout.py with a job on its input: where the link is, each node's token, the policy. It
prints the public keys, "ready" when all are connected, and then one line for each command and node:
the instant (monotonic, seconds) at which it had accepted it, been silenced by it or refused it,
and the processor time of its own work until then.
"""

import asyncio
import base64
import json
import logging
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.fleet import Clock, Node

from vang_protocol.links import Answer, Hello, Order, encode_message, parse_from_link
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.receipts import parse_receipt
from vang_protocol.states import ClockSource, ClockState, NodeState, SinkState


@dataclass(frozen=True)
class Told:
    """One node's line: a receipt, when, and after how much work."""

    receipt: bytes
    at: float
    work_s: float
    silent: bool = False

    def line(self) -> list[object]:
        told = parse_receipt(base64.b64decode(json.loads(self.receipt)["payload"]))
        said = told.reason.value if told.reason else told.phase.value
        return [told.command, "silent" if self.silent else said, self.at, self.work_s]


class Real(Clock):
    """The time as it is."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def read(self) -> None:
        self.now = datetime.now(UTC)


class Listener:
    """One node and its socket. ``told`` gets its first answer, or the last when it fell silent."""

    def __init__(self, node: Node, clock: Real, told: "asyncio.Queue[Told]") -> None:
        self.node, self._clock, self._told = node, clock, told
        self._receipts: list[Told] = []
        self._begun_s = 0.0
        node.on_receipt = lambda _name, data: self._receipts.append(self._now(data))

    def _now(self, receipt: bytes) -> Told:
        return Told(receipt, time.monotonic(), time.thread_time() - self._begun_s)

    async def run(self, url: str, token: str, up: "asyncio.Queue[str]") -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(
            url, additional_headers=headers, proxy=None, max_size=2**17, compression=None
        ) as link:
            await link.send(encode_message(Hello(state_of(self.node.name))))
            up.put_nowait(self.node.name)
            async for frame in link:
                self._begun_s = time.thread_time()
                message = parse_from_link(frame)
                if isinstance(message, Order):
                    self._hear(message)
                    for one in self._receipts:
                        await link.send(encode_message(Answer(one.receipt.decode())))
                    self._receipts.clear()

    def _hear(self, order: Order) -> None:
        node = self.node
        self._clock.read()
        sounded = list(node.sounding)
        node.hear(order.command.encode(), order.manifest.encode() or None)
        silent = bool(sounded and not node.sounding)
        if self._receipts:
            self._told.put_nowait(replace(self._receipts[-1 if silent else 0], silent=silent))


def state_of(node: str) -> NodeState:
    return NodeState(
        node, "bench", "bench", 0, None, None, 0, ClockState(ClockSource.SERVER, 0, 1000),
        0, "0" * 64, 1000, SinkState.OK, {},
    )  # fmt: skip


async def serve(job: dict[str, Any]) -> None:
    policy: Policy = parse_policy(job["policy"].encode())
    clock = Real()
    nodes = [Node(one["node"], one["unit"], one["cluster"], clock, policy) for one in job["nodes"]]
    print(json.dumps({node.name: node.key.public.public for node in nodes}), flush=True)
    told: asyncio.Queue[Told] = asyncio.Queue()
    up: asyncio.Queue[str] = asyncio.Queue()
    tokens = {one["node"]: one["token"] for one in job["nodes"]}
    tasks = []
    for node in nodes:
        listener = Listener(node, clock, told)
        tasks.append(asyncio.create_task(listener.run(job["link"], tokens[node.name], up)))
        if len(tasks) % 50 == 0:
            await asyncio.sleep(0.2)  # a storm of connections is another bench
    for _node in nodes:
        await up.get()
    print("ready", flush=True)
    while not any(task.done() for task in tasks):
        rows = [await told.get() for _node in nodes]  # told when all have answered: costs nothing
        print("\n".join(json.dumps(row.line()) for row in rows), flush=True)


def main() -> None:
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(json.loads(sys.stdin.readline())))
