"""The same bytes to as many bare subscribers: through our link, and through Mosquitto in turn.

A bare subscriber is a TCP stream that reads one message and notes when it was whole; it verifies
nothing. All of them are in one process, so that both carriers are read by the same hand.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from websockets.frames import Frame, Opcode

import plan
from order_nodes import state_of
from vang_protocol.links import Hello, encode_message

UPGRADE = (
    "GET /link HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Authorization: Bearer {token}\r\n\r\n"
)
WITHIN_S = 60
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def compare(
    tokens: dict[str, str], push: Callable[[], bool], payload: bytes, rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds to the last subscriber, a round each: of the link, of the broker ([] without it).

    ``push`` gives the link the bytes; ``payload`` is as long for the broker.
    """
    return asyncio.run(_compare(tokens, push, payload, rounds))


def mosquitto() -> str | None:
    """Debian has it where only root looks."""
    return shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")


async def _compare(
    tokens: dict[str, str], push: Callable[[], bool], payload: bytes, rounds: int
) -> tuple[list[float], list[float]]:
    async def order() -> None:
        if not await asyncio.to_thread(push):
            raise SystemExit("the link did not take it")

    async with _broker(len(tokens)) as (publisher, subscribers):

        async def publish() -> None:
            body = b"\x00\x01c" + payload
            publisher.write(b"\x30" + _length(len(body)) + body)

        nodes = [await _node(number, *one) for number, one in enumerate(tokens.items())]
        link, broker = [], []
        for _round in range(rounds):
            link.append(await _last(nodes, _text_frame, order))
            if subscribers:
                broker.append(await _last(subscribers, _published, publish))
    return link, broker


async def _last(
    streams: Sequence[Stream],
    one: Callable[[asyncio.StreamReader], Awaitable[float]],
    give: Callable[[], Awaitable[None]],
) -> float:
    waiting = asyncio.gather(*(one(reader) for reader, _writer in streams))
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    await give()
    return max(await asyncio.wait_for(waiting, WITHIN_S)) - begun


async def _node(number: int, name: str, token: str) -> Stream:
    if number % 50 == 49:
        await asyncio.sleep(0.2)  # a storm of connections is another bench
    reader, writer = await asyncio.open_connection("127.0.0.1", plan.LINK)
    writer.write(UPGRADE.format(token=token).encode())
    await reader.readuntil(b"\r\n\r\n")
    hello = encode_message(Hello(state_of(name))).encode()
    writer.write(Frame(Opcode.TEXT, hello).serialize(mask=True))
    return reader, writer


async def _text_frame(reader: asyncio.StreamReader) -> float:
    """Read one text frame of 126 to 65,535 bytes; a ping before it is passed over."""
    while True:
        kind, size = await reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await reader.readexactly(2), "big")
        await reader.readexactly(size)
        if kind & 0x0F == Opcode.TEXT:
            return time.monotonic()


@asynccontextmanager
async def _broker(
    count: int,
) -> AsyncIterator[tuple[asyncio.StreamWriter, Collection[Stream]]]:
    """A publisher and ``count`` subscribers of a Mosquitto of our own, none without Mosquitto."""
    program, port = mosquitto(), plan.free_port()
    if program is None:
        yield None, []  # type: ignore[misc]  # nobody publishes where nobody subscribes
        return
    config = plan.DATA / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\nlog_type none\n"
        "set_tcp_nodelay true\n"
    )
    running = await asyncio.create_subprocess_exec(
        program, "-c", str(config), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await asyncio.sleep(1)
        streams = [await _client(port, number) for number in range(count + 1)]
        yield streams[0][1], streams[1:]
    finally:
        running.terminate()
        await running.wait()


async def _client(port: int, number: int) -> Stream:
    """Connected by MQTT 3.1.1; all but the first subscribe at QoS 0."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    name = f"c{number}".encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
    writer.write(b"\x10" + bytes([len(body)]) + body)
    await reader.readexactly(4)
    if number:
        topic = b"\x00\x01\x00\x01c\x00"
        writer.write(b"\x82" + bytes([len(topic)]) + topic)
        await reader.readexactly(5)
    return reader, writer


async def _published(reader: asyncio.StreamReader) -> float:
    """Read one PUBLISH of QoS 0."""
    await reader.readexactly(1)
    size = shift = 0
    while True:
        (byte,) = await reader.readexactly(1)
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    await reader.readexactly(size)
    return time.monotonic()


def _length(size: int) -> bytes:
    found = b""
    while True:
        size, low = divmod(size, 128)
        found += bytes([low | (0x80 if size else 0)])
        if not size:
            return found
