"""Many nodes in one process that lose their connection and come back as the product's do.

Run by reconnect.py with a job on its input. Each has its key, its path (WebSocket, or MQTT 5 with
TLS by a codec of our own, so that five thousand fit), the product's back-off and the product's turn
of ways; it answers an order with one signed receipt. A line for each change: ["up"|"lost", node,
instant, path], and ["order", node, instant, command] for the first time it heard one.
"""

import asyncio
import contextlib
import json
import logging
import random
import ssl
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from order_nodes import state_of
from vang_node.backoff import Backoff
from vang_protocol.commands import payload_of
from vang_protocol.deciding import read_command
from vang_protocol.envelopes import SigningKey
from vang_protocol.links import (
    Answer,
    ClockAnswer,
    ClockQuestion,
    FromNode,
    Hello,
    Order,
    encode_message,
    parse_from_link,
)
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.strict_json import digest
from vang_protocol.topics import (
    Presence,
    Said,
    Topic,
    encode_presence,
    for_unit,
    of_node,
    of_server,
    parse_presence,
    topic_for,
)

SPREAD_S = 2.0
ALONE_S = 10.0
CONNECT_S = 30.0
PINGS_S = 45.0
GONE = (OSError, WebSocketException, asyncio.IncompleteReadError, TimeoutError, ssl.SSLError)


def _text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(2, "big") + data


def _packet(kind: int, body: bytes) -> bytes:
    size, head = len(body), bytes([kind])
    while True:
        size, low = divmod(size, 128)
        head += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + body


@dataclass
class Mqtt:
    """One MQTT 5 connection, as much of it as a node uses."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    ids: int = 0

    @classmethod
    async def open(
        cls, port: int, name: str, password: str, context: ssl.SSLContext, will: bytes
    ) -> "Mqtt":
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, limit=2**17)
        talk = cls(reader, writer)
        session = b"\x05\x11" + (3600).to_bytes(4, "big")
        delay = b"\x05\x18" + (15).to_bytes(4, "big")
        flags = 0x80 | 0x40 | 0x20 | 0x08 | 0x04  # name, password, will retained, QoS 1
        body = _text("MQTT") + bytes([5, flags]) + (60).to_bytes(2, "big") + session
        body += _text(name) + delay + _text(of_node(name, Topic.STATE)) + _text(will)
        writer.write(_packet(0x10, body + _text(name) + _text(password)))
        kind, answer = await talk.read()
        if kind != 0x20 or answer[1]:
            raise OSError(f"not let in: {answer!r}")
        return talk

    def subscribe(self, *topics: str) -> None:
        self.ids += 1
        wanted = b"".join(_text(topic) + b"\x01" for topic in topics)
        self.writer.write(_packet(0x82, self.ids.to_bytes(2, "big") + b"\x00" + wanted))

    def publish(
        self, topic: str, payload: bytes, *, sure: bool = False, keep: bool = False
    ) -> None:
        self.ids = self.ids % 60_000 + 1
        number = self.ids.to_bytes(2, "big") if sure else b""
        kind = 0x30 | (0x02 if sure else 0) | (0x01 if keep else 0)
        self.writer.write(_packet(kind, _text(topic) + number + b"\x00" + payload))

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        while True:
            kind, body = await self.read()
            if kind & 0xF0 != 0x30:
                continue
            size = int.from_bytes(body[:2], "big")
            topic, at = body[2 : 2 + size].decode(), 2 + size
            if kind & 0x06:
                self.writer.write(_packet(0x40, body[at : at + 2]))
                at += 2
            at += 1 + body[at]  # properties are shorter than 128 bytes
            yield topic, body[at:]

    async def read(self) -> tuple[int, bytes]:
        (kind,) = await self.reader.readexactly(1)
        size = shift = 0
        while True:
            (byte,) = await self.reader.readexactly(1)
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return kind, await self.reader.readexactly(size)


@dataclass
class Node:
    """One node; ``job`` says where the ways are."""

    name: str
    token: str
    password: str
    job: dict[str, Any]
    context: ssl.SSLContext | None
    key: SigningKey = field(default_factory=SigningKey.generate)
    seen: set[str] = field(default_factory=set)
    up: bool = False

    async def run(self) -> None:
        backoff, turn = Backoff(), 0
        brokers = self.job["brokers"]
        first = crc32(self.name.encode()) % max(1, len(brokers))
        while True:
            place = turn % (len(brokers) + 1)
            port = brokers[(first + place) % len(brokers)] if place < len(brokers) else 0
            begun = time.monotonic()
            with contextlib.suppress(*GONE):
                await (self._by_broker(port) if port else self._by_socket())
            was_up, self.up = self.up, False
            if was_up:
                tell("lost", self.name, port)
                backoff.succeeded()
            steady = was_up and time.monotonic() - begun > 20
            turn = 0 if steady else turn + 1
            await asyncio.sleep(backoff.failed())

    def _came_up(self, path: int) -> None:
        if not self.up:
            self.up = True
            tell("up", self.name, path)

    async def _by_socket(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        options: dict[str, Any] = {"proxy": None, "max_size": 2**17, "compression": None}
        async with connect(
            self.job["link"], additional_headers=headers, open_timeout=CONNECT_S, **options
        ) as link:
            await link.send(encode_message(Hello(state_of(self.name))))
            await link.send(encode_message(ClockQuestion(1)))
            async for frame in link:
                for message in self._heard(frame, 0):
                    await link.send(encode_message(message))

    async def _by_broker(self, port: int) -> None:
        assert self.context is not None
        session = f"{random.getrandbits(64):016x}"
        will = encode_presence(Presence(Said.LOST, session))
        talk = await asyncio.wait_for(
            Mqtt.open(port, self.name, self.password, self.context, will), CONNECT_S
        )
        life = asyncio.create_task(self._live(talk))
        try:
            status = of_server(self.job["shard"])
            talk.subscribe(of_node(self.name, Topic.CMD), for_unit(self.job["unit"]), status)
            born = encode_presence(Presence(Said.ONLINE, session))
            talk.publish(of_node(self.name, Topic.STATE), born, sure=True, keep=True)
            self._say(talk, Hello(state_of(self.name)))
            alone = asyncio.get_running_loop().time()
            async with asyncio.timeout(ALONE_S) as patience:
                async for topic, payload in talk.messages():
                    if topic != status:
                        for message in self._heard(payload, port):
                            self._say(talk, message)
                    elif parse_presence(payload).said is Said.ONLINE:
                        patience.reschedule(None)
                        await asyncio.sleep(random.uniform(0, 0.2))
                        self._say(talk, ClockQuestion(1))
                    else:
                        if self.up:
                            self.up = False
                            tell("lost", self.name, port)
                        alone = asyncio.get_running_loop().time()
                        patience.reschedule(alone + ALONE_S)
        finally:
            life.cancel()
            talk.writer.transport.abort()

    async def _live(self, talk: Mqtt) -> None:
        while True:
            await asyncio.sleep(PINGS_S)
            talk.writer.write(b"\xc0\x00")

    def _say(self, talk: Mqtt, message: FromNode) -> None:
        sure = isinstance(message, Answer | Hello)
        frame = encode_message(message).encode()
        talk.publish(of_node(self.name, topic_for(message)), frame, sure=sure)

    def _heard(self, frame: str | bytes, path: int) -> list[FromNode]:
        """What is answered."""
        message = parse_from_link(frame)
        if isinstance(message, ClockAnswer):
            self._came_up(path)
        if not isinstance(message, Order):
            return []
        _envelope, command = read_command(message.command.encode())
        if command.id not in self.seen:
            self.seen.add(command.id)
            tell("order", self.name, command.id)
        sha256 = digest(payload_of(command))
        receipt = Receipt(self.name, command.id, sha256, Phase.PLAYED, datetime.now(UTC))
        return [Answer(sign_receipt(receipt, self.key).decode())]


def tell(*words: object) -> None:
    print(json.dumps([*words, time.monotonic()]), flush=True)


async def serve(job: dict[str, Any]) -> None:
    context = ssl.create_default_context(cadata=job["ca"]) if job["brokers"] else None
    nodes = [Node(*one, job, context) for one in job["nodes"]]
    print(json.dumps({node.name: node.key.public.public for node in nodes}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)  # keys are known
    tasks = []
    for node in nodes:
        tasks.append(asyncio.create_task(node.run()))
        if len(tasks) % 25 == 0:
            await asyncio.sleep(0.1)
    await asyncio.gather(*tasks)


def main() -> None:
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(json.loads(sys.stdin.readline())))
