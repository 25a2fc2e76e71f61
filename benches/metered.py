"""What a node sends and receives, byte by byte: TLS over TCP and UDP, told apart by purpose.

One address of the loopback stands for the server as the node reaches it. Each port there goes on to
the same port of 127.0.0.1, TLS taken off. Counted is what the network of a mobile carrier would
carry: the encrypted bytes, and for every segment and datagram its headers (the kernel counts the
segments of each connection, acknowledgements and handshakes too).
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vang.dispatch.broker_files import make_certificates
from vang_protocol.clock_datagrams import ASKS, TELLS

SEGMENT_HEADERS = 20 + 32
"""IPv4, and TCP with its timestamps."""
DATAGRAM_HEADERS = 20 + 8
SEGMENT_BYTES = 1360
"""As a mobile network lets through."""
_SEGMENTS = struct.Struct("@II")
_SEGMENTS_AT = 136
"""``tcpi_segs_out`` and ``tcpi_segs_in`` in the kernel's tcp_info."""
HANDSHAKE = "connecting"

Purpose = str


@dataclass
class Count:
    """``times``: requests, connections or datagrams."""

    up: int = 0
    down: int = 0
    times: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.up + other.up, self.down + other.down, self.times + other.times)

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.up - other.up, self.down - other.down, self.times - other.times)


@dataclass
class _Line:
    """One connection of the node."""

    socket: Any
    purpose: Purpose = HANDSHAKE
    up: int = 0
    segments: tuple[int, int] = (0, 0)

    def headers(self) -> tuple[int, int]:
        """Bytes of the headers since it was last asked, to the server and to the node."""
        told = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
        out, came = _SEGMENTS.unpack_from(told, _SEGMENTS_AT)
        before, self.segments = self.segments, (came, out)
        return (came - before[0]) * SEGMENT_HEADERS, (out - before[1]) * SEGMENT_HEADERS


@dataclass
class Meter:
    """``counts`` grows while it runs on a thread of its own."""

    host: str
    folder: Path
    counts: dict[Purpose, Count] = field(default_factory=lambda: defaultdict(Count))
    _lines: dict[int, _Line] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.crt"

    def open(self, *, pages: int, link: int) -> None:
        """Both ports over TCP, the link's over UDP as well."""
        ready = threading.Event()

        async def serve() -> None:
            make_certificates(self.folder, [self.host], now=datetime.now(UTC))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.folder / "server.crt", self.folder / "server.key")
            await self._tls(pages, context, path_of)
            await self._tls(link, context, lambda _head: "link")
            await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(self, link), local_addr=(self.host, link)
            )
            ready.set()
            await asyncio.Event().wait()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        if not ready.wait(20):
            raise SystemExit("the meter did not start")

    def read(self) -> dict[Purpose, Count]:
        """As it stands now."""
        with self._lock:
            for line in self._lines.values():
                self._settle(line)
            return {name: Count(one.up, one.down, one.times) for name, one in self.counts.items()}

    def note(self, purpose: Purpose, *, up: int = 0, down: int = 0, times: int = 0) -> None:
        with self._lock:
            self._add(purpose, Count(up, down, times))

    def _add(self, purpose: Purpose, more: Count) -> None:
        self.counts[purpose] = self.counts[purpose] + more

    def _settle(self, line: _Line) -> None:
        up, down = line.headers()
        self._add(line.purpose, Count(up + line.up, down))
        line.up = 0

    async def _tls(
        self, port: int, context: ssl.SSLContext, purpose: Callable[[bytes], Purpose]
    ) -> None:
        async def inside(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._inside(reader, writer, port, purpose)

        async def outside(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._outside(reader, writer, behind)

        plain = await asyncio.start_server(inside, "127.0.0.1", 0, ssl=context)
        behind = int(plain.sockets[0].getsockname()[1])
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        listening.bind((self.host, port))
        await asyncio.start_server(outside, sock=listening)

    async def _outside(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, behind: int
    ) -> None:
        """The node's side: encrypted bytes are counted and handed on."""
        there, back = await asyncio.open_connection("127.0.0.1", behind)
        own = int(back.get_extra_info("sockname")[1])
        line = _Line(writer.get_extra_info("socket"))
        with self._lock:
            self._lines[own] = line
            self._add(HANDSHAKE, Count(times=1))

        def sent(count: int) -> None:
            line.up += count

        def came(count: int) -> None:
            self.note(line.purpose, down=count)

        with contextlib.suppress(OSError):
            await _both(_pump(reader, back, sent), _pump(there, writer, came))
        with self._lock, contextlib.suppress(OSError):
            del self._lines[own]
            self._settle(line)
        writer.close()
        back.close()

    async def _inside(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int,
        purpose: Callable[[bytes], Purpose],
    ) -> None:  # fmt: skip
        """Behind the TLS: what each request is for."""
        line = self._lines[int(writer.get_extra_info("peername")[1])]
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with self._lock:
            self._settle(line)

        async def forth() -> None:
            while data := await reader.read(65536):
                with self._lock:
                    if data.startswith((b"GET ", b"POST ")):
                        line.purpose = purpose(data)
                        self._add(line.purpose, Count(times=1))
                    self._settle(line)
                back.write(data)
            back.write_eof()

        with contextlib.suppress(OSError):
            await _both(forth(), _pump(there, writer, lambda _count: None))
        writer.close()
        back.close()


async def _both(one: Any, other: Any) -> None:
    """Until either side ends."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    _done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)  # a cut line is an end like another


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: Callable[[int], None]
) -> None:
    while data := await reader.read(65536):
        count(len(data))
        writer.write(data)
        await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    """The node's side; one socket to the link for each of its ports."""

    def __init__(self, meter: Meter, port: int) -> None:
        self._meter, self._port = meter, port
        self._there: dict[Any, socket.socket] = {}

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        if address not in self._there:
            self._there[address] = self._opened(address)
        self._there[address].send(data)
        self._meter.note(datagram_of(data), up=len(data) + DATAGRAM_HEADERS, times=1)

    def _opened(self, address: Any) -> socket.socket:
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.settimeout(0)
        line.connect(("127.0.0.1", self._port))

        def come() -> None:
            with contextlib.suppress(OSError):
                while True:
                    data = line.recv(2048)
                    self._transport.sendto(data, address)
                    self._meter.note(datagram_of(data), down=len(data) + DATAGRAM_HEADERS)

        asyncio.get_running_loop().add_reader(line.fileno(), come)
        return line


def path_of(head: bytes) -> Purpose:
    """The last fixed part of the path: ``files``, ``trust``, ``plan`` …"""
    return head.split(b" ", 2)[1].split(b"/api/node/v1/")[-1].split(b"/")[0].decode()


def datagram_of(data: bytes) -> Purpose:
    """The time is asked and told; the rest belongs to a voice."""
    return "time" if data[:1] in {ASKS, TELLS} else "voice"
