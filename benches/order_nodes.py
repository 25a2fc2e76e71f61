"""Many nodes in one process, each with its own key, ledger, socket and verdict.

Run by fanout.py with a job on its input: where the link is, each node's token, the policy. It
prints the public keys, "ready" when all are connected, and then one line for each command: the
instants (monotonic, seconds) at which the nodes had accepted it, been silenced by it, or refused.
"""

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.fleet import Clock, Node

from vang_protocol.deciding import read_command
from vang_protocol.links import Answer, Hello, Order, encode_message, parse_from_link
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.receipts import Phase
from vang_protocol.states import ClockSource, ClockState, NodeState, SinkState


class Real(Clock):
    """The time as it is."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def read(self) -> None:
        self.now = datetime.now(UTC)


class Listener:
    """One node and its socket. ``told`` gets (command, phase or reason, instant)."""

    def __init__(self, node: Node, told: "asyncio.Queue[tuple[str, str, float]]") -> None:
        self.node, self._told = node, told
        self._receipts: list[str] = []
        node.on_receipt = lambda _name, data: self._receipts.append(data.decode())

    async def run(self, url: str, token: str, up: "asyncio.Queue[str]") -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(
            url, additional_headers=headers, proxy=None, max_size=2**17, compression=None
        ) as link:
            await link.send(encode_message(Hello(state_of(self.node))))
            up.put_nowait(self.node.name)
            async for frame in link:
                message = parse_from_link(frame)
                if isinstance(message, Order):
                    self._hear(message)
                    for receipt in self._receipts:
                        await link.send(encode_message(Answer(receipt)))
                    self._receipts.clear()

    def _hear(self, order: Order) -> None:
        node = self.node
        assert isinstance(node.clock, Real)
        node.clock.read()
        before, sounded = len(node.receipts), list(node.sounding)
        node.hear(order.command.encode(), order.manifest.encode() or None)
        at = time.monotonic()
        for receipt in node.receipts[before:]:
            said = receipt.reason.value if receipt.reason else receipt.phase.value
            self._told.put_nowait((receipt.command, said, at))
        if sounded and not node.sounding:
            self._told.put_nowait((read_command(order.command.encode())[1].id, "silent", at))


def state_of(node: Node) -> NodeState:
    return NodeState(
        node.name, "bench", "bench", 0, None, None, 0, ClockState(ClockSource.SERVER, 0, 1000),
        0, "0" * 64, 1000, SinkState.OK, {},
    )  # fmt: skip


async def serve(job: dict[str, Any]) -> None:
    policy: Policy = parse_policy(job["policy"].encode())
    clock = Real()
    nodes = [Node(one["node"], one["unit"], one["cluster"], clock, policy) for one in job["nodes"]]
    print(json.dumps({node.name: node.key.public.public for node in nodes}), flush=True)
    told: asyncio.Queue[tuple[str, str, float]] = asyncio.Queue()
    up: asyncio.Queue[str] = asyncio.Queue()
    tokens = {one["node"]: one["token"] for one in job["nodes"]}
    tasks = []
    for node in nodes:
        listener = Listener(node, told)
        tasks.append(asyncio.create_task(listener.run(job["link"], tokens[node.name], up)))
        if len(tasks) % 50 == 0:
            await asyncio.sleep(0.2)  # a storm of connections is another bench
    for _node in nodes:
        await up.get()
    print("ready", flush=True)
    wanted = {Phase.ACCEPTED.value, "silent"}
    while not any(task.done() for task in tasks):
        command, said, at = await told.get()
        if said in wanted or said not in {phase.value for phase in Phase}:
            print(json.dumps([command, said, at]), flush=True)


def main() -> None:
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(json.loads(sys.stdin.readline())))
