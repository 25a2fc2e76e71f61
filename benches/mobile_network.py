"""A mobile network between nodes and the link: delay, jitter, asymmetry and loss, in user space.

One address of the loopback for each node: TCP and UDP to it go to the link, later. TCP keeps its
order and loses nothing; UDP may overtake itself and loses some.
"""

import asyncio
import contextlib
import os
import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """``up_ms`` from the node, ``down_ms`` to it, at their best; ``jitter_ms`` the mean of what is
    added to each; ``spike`` the share that waits ``spike_ms`` longer."""

    up_ms: float
    down_ms: float
    jitter_ms: float = 8.0
    spike: float = 0.02
    spike_ms: float = 150.0
    loss: float = 0.01

    def delay_s(self, dice: random.Random, *, up: bool) -> float:
        late = dice.expovariate(1 / self.jitter_ms) if self.jitter_ms else 0.0
        if dice.random() < self.spike:
            late += self.spike_ms
        return ((self.up_ms if up else self.down_ms) + late) / 1000


class Network:
    """``line``'s end at ``host``; the link at 127.0.0.1, on the same port."""

    def __init__(self, host: str, port: int, line: Line, seed: int) -> None:
        self._host, self._port, self._line = host, port, line
        self._dice = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self.lost = self.carried = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._tcp, self._host, self._port)
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(
            lambda: _Inner(self), local_addr=(self._host, self._port)
        )

    async def _tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._go(self._pump(reader, back, up=True))
        self._go(self._pump(there, writer, up=False))

    def _go(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool
    ) -> None:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not data:
                    writer.close()
                    return
                writer.write(data)

        self._go(deliver())
        last = 0.0
        while True:
            try:
                data = await reader.read(65536)
            except OSError:
                data = b""
            last = max(last, loop.time() + self._line.delay_s(self._dice, up=up))
            waiting.put_nowait((last, data))
            if not data:
                return

    def datagram(self, data: bytes, send: Any, *, up: bool) -> None:
        self.carried += 1
        if self._dice.random() < self._line.loss:
            self.lost += 1
            return
        delay = self._line.delay_s(self._dice, up=up)
        asyncio.get_running_loop().call_later(delay, send, data)


class _Inner(asyncio.DatagramProtocol):
    """The node's side; for each of its ports one to the link."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._outer: dict[Any, asyncio.DatagramTransport] = {}

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        self._network._go(self._carry(data, address))

    async def _carry(self, data: bytes, address: Any) -> None:
        if address not in self._outer:
            made, _protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Outer(self._network, self._transport, address),
                remote_addr=("127.0.0.1", self._network._port),
            )
            self._outer.setdefault(address, made)
        self._network.datagram(data, self._outer[address].sendto, up=True)


class _Outer(asyncio.DatagramProtocol):
    def __init__(self, network: Network, inner: Any, address: Any) -> None:
        self._network, self._inner, self._address = network, inner, address

    def datagram_received(self, data: bytes, _address: Any) -> None:
        self._network.datagram(data, lambda late: self._inner.sendto(late, self._address), up=False)


def prefer(pid: int) -> None:
    """What plays the network and the server must not itself be late; refusal is not fatal."""
    policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
    with contextlib.suppress(OSError):
        os.sched_setscheduler(pid, policy, os.sched_param(5))
