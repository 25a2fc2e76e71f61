"""One microphone to a thousand loudspeakers by UDP and two hundred by WebSocket.

The link is the product's, in a process of its own; the loudspeakers are sockets of another process,
which unseal every frame (one in fifty is verified too) and note when it came. Late is what comes
less than 250 ms before it is to be heard, or not at all. Mouth to ear is measured on one of them:
what was spoken is found again in what it decoded, second by second. All run with real-time priority
where that is granted: a shared machine's other work is not theirs. Beside it, where it is
installed, Debian's snapserver with as many clients of its own protocol. Prints one JSON line.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from tests.link.conftest import RunningLink, free_port
from tests.node.tape import noise
from tests.protocol.test_conversations import STATE
from websockets.asyncio.client import connect as connect_link
from websockets.sync.client import connect

from mobile_network import prefer
from vang.base.tokens import make_token
from vang_node.live.frames import opus_decoder
from vang_protocol.clock_datagrams import Here, here
from vang_protocol.instants import format_instant
from vang_protocol.links import Datagrams, Hello, Join, Joined, encode_message, parse_from_link
from vang_protocol.live import FRAME_US, open_frame

RATE = 48_000
MARGIN_US = 250_000
VERIFIED = 50
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def now_us() -> int:
    return time.time_ns() // 1000


class Town:
    """All simulated nodes, in this process's loop."""

    def __init__(self, link: RunningLink, udp: int, sockets: int, session: dict[str, str]) -> None:
        self.link, self.udp, self.sockets = link, udp, sockets
        self.session, self.name = session, bytes.fromhex(session["session"])
        self.seal: ChaCha20Poly1305 | None = None
        self.group_key = b""
        self.margins: list[int] = []
        self.received = [0, 0]
        self.verified = self.wrong = 0
        self.heard: dict[int, tuple[int, bytes]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.joined = self.connected = 0
        self.go = asyncio.Event()

    async def open(self) -> None:
        for number in range(self.udp + self.sockets):
            self._tasks.append(asyncio.create_task(self._node(number)))
            if number % 40 == 39:
                await asyncio.sleep(0.2)

    async def _node(self, number: int) -> None:
        token = self.link.token(f"n{number}")
        async with connect_link(
            f"ws://127.0.0.1:{self.link.port}/link",
            additional_headers={"Authorization": f"Bearer {token}"},
            proxy=None, compression=None, open_timeout=60, ping_interval=None,
        ) as line:  # fmt: skip
            from dataclasses import replace

            await line.send(encode_message(Hello(replace(STATE, node=f"n{number}"))))
            async for frame in line:
                if isinstance(frame, bytes):
                    self._frame(frame, number)
                else:
                    await self._message(parse_from_link(frame), line, number)

    async def _message(self, message: Any, line: Any, number: int) -> None:
        match message:
            case Datagrams():
                self.connected += 1
                await self.go.wait()
                await line.send(encode_message(Join(self.session["session"])))
                if number < self.udp:
                    self._listen(message, number)
            case Joined(_session, key):
                self.joined += 1
                self.group_key = bytes.fromhex(key)
                self.seal = ChaCha20Poly1305(self.group_key)

    def _listen(self, told: Datagrams, number: int) -> None:
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.settimeout(0)
        line.connect(("127.0.0.1", told.port))
        loop = asyncio.get_running_loop()

        def come() -> None:
            try:
                while True:
                    self._frame(line.recv(1300), number)
            except OSError:
                return

        loop.add_reader(line.fileno(), come)

        async def show() -> None:
            while True:
                mark = Here(bytes.fromhex(told.id), self.name, time.monotonic_ns() // 1000)
                line.send(here(mark, bytes.fromhex(told.key)))
                await asyncio.sleep(10)

        self._tasks.append(asyncio.create_task(show()))

    def _frame(self, data: bytes, number: int) -> None:
        if self.seal is None:
            return
        arrived = now_us()
        seq = int.from_bytes(data[9:13], "big")
        inner = self.seal.decrypt(bytes(8) + data[9:13], data[13:], data[:13])
        (play_at,) = struct.unpack_from(">Q", inner)
        self.received[number >= self.udp] += 1
        self.margins.append(play_at - arrived)
        if len(self.margins) % VERIFIED == 0:
            self._verify(data)
        if number == 0:
            (count,) = struct.unpack_from(">H", inner, 8)
            self.heard[seq] = (play_at, inner[10 : 10 + count])

    def _verify(self, data: bytes) -> None:
        try:
            open_frame(
                data, session=self.name, public=self.session["key"], group_key=self.group_key
            )
            self.verified += 1
        except Exception:  # noqa: BLE001 - counted
            self.wrong += 1

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


def speak(port: int, session: str, sound: "array[int]", begun: list[int]) -> None:
    """As a browser does, 20 ms at a time."""
    token = make_token(
        b"tests-only", "live-microphone", {"session": session, "person": 1},
        now=datetime.now(UTC), lasts_s=600,
    )  # fmt: skip
    with connect(f"ws://127.0.0.1:{port}/link/microphone", proxy=None) as line:
        line.send(json.dumps({"token": token}))
        began = time.monotonic()
        begun.append(now_us())
        for start in range(0, len(sound), 960):
            time.sleep(max(0.0, began + start / RATE - time.monotonic()))
            line.send(b"P" + sound[start : start + 960].tobytes())


def mouth_to_ear_ms(town: Town, sound: "array[int]", begun_us: int) -> list[float]:
    """Each second of what was spoken, found again in what one loudspeaker decoded."""
    decode, pieces = opus_decoder(), []
    first = min(town.heard)
    for seq in range(first, max(town.heard) + 1):
        packet = town.heard.get(seq, (0, b""))[1]
        pieces.append(decode(packet) if packet else array("h", bytes(2 * 2880)))
    heard = np.concatenate([np.array(piece, float) for piece in pieces])
    play_at = town.heard[first][0]
    found = []
    for second in range(2, len(sound) // RATE - 3):
        wanted = np.array(sound[second * RATE : (second + 1) * RATE], float)
        size = 1 << (len(heard) + RATE).bit_length()
        alike = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
        lag = int(np.argmax(alike[: len(heard)]))
        ear_us = play_at + lag * 1_000_000 / RATE
        found.append((ear_us - begun_us - second * 1_000_000) / 1000)
    return found


def node_cost(town: Town) -> float:
    """Share of one core that a node spends on unsealing, verifying and decoding."""
    from vang_protocol.live import Frame, SessionKey, seal_frame

    key, decode = SessionKey(), opus_decoder()
    packets = [packet for _at, packet in list(town.heard.values())[:80] if packet]
    frames = [
        seal_frame(
            Frame(town.name, n, n * FRAME_US, packet, packet), sign=key.sign, group_key=bytes(32)
        )
        for n, packet in enumerate(packets)
    ]
    before = time.process_time()
    for data in frames:
        frame = open_frame(data, session=town.name, public=key.public, group_key=bytes(32))
        decode(frame.packet)
    return round((time.process_time() - before) / len(frames) / (FRAME_US / 1e6) * 100, 2)


async def when(done: Any) -> None:
    """Two minutes at the most."""
    for _turn in range(600):
        if done():
            return
        await asyncio.sleep(0.2)
    raise SystemExit("it did not happen in time")


async def ours(given: argparse.Namespace, root: Path) -> dict[str, Any]:
    data = root / "link"
    data.mkdir()
    (data / "secret.key").write_text("tests-only")
    port = free_port()
    words = ["--port", str(port), "--data", str(data), "--web", "http://127.0.0.1:9"]
    process = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
        [sys.executable, "-m", "vang.link", *words], stderr=subprocess.DEVNULL
    )
    link = RunningLink(port)
    prefer(process.pid)
    prefer(0)
    try:
        for _turn in range(300):
            await asyncio.sleep(0.2)
            try:
                await asyncio.to_thread(link.connections)
                break
            except Exception:  # noqa: BLE001 - not up yet
                continue
        session = link.live("make")
        nodes = [f"n{n}" for n in range(given.udp + given.websocket)]
        town = Town(link, given.udp, given.websocket, session)
        await town.open()
        await when(lambda: town.connected == len(nodes))
        until = datetime.now(UTC) + timedelta(seconds=given.seconds + 240)
        link.live(
            "start", session=session["session"], nodes=nodes, buffer_ms=1000,
            until=format_instant(until.replace(microsecond=0)),
        )  # fmt: skip
        town.go.set()
        await when(lambda: town.joined == len(nodes))
        await asyncio.sleep(2)
        begun: list[int] = []
        sound = noise(given.seconds, seed=7, level=3500, head_s=0)
        before, spent = cpu_s(process.pid), time.monotonic()
        own = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.to_thread(speak, port, session["session"], sound, begun)
        used = cpu_s(process.pid) - before
        spent = time.monotonic() - spent
        town_used = resource.getrusage(resource.RUSAGE_SELF)
        facts = link.live("facts", session=session["session"])
        await asyncio.sleep(2)
        link.live("stop", session=session["session"], why="speaker")
        await asyncio.sleep(1)
        expected = facts["frames"] * len(nodes)
        in_time = sum(1 for margin in town.margins if margin >= MARGIN_US)
        ears = mouth_to_ear_ms(town, sound, begun[0])
        town.close()
        return {
            "frames": facts["frames"],
            "by_udp": facts["by_udp"],
            "by_websocket": facts["by_link"],
            "late_pct": round(max(0.0, 100 - 100 * in_time / expected), 3),
            "spare_p1_ms": round(float(np.percentile(town.margins, 1)) / 1000),
            "mouth_to_ear_p50_ms": round(float(np.percentile(ears, 50))),
            "mouth_to_ear_p99_ms": round(float(np.percentile(ears, 99))),
            "link_cpu_pct": round(100 * used / spent, 1),
            "link_cpu_us_a_frame_and_node": round(1e6 * used / max(1, expected), 1),
            "verified": town.verified,
            "wrong": town.wrong,
            "node_cpu_pct": node_cost(town),
            "simulated_nodes_cpu_pct": round(
                100
                * (town_used.ru_utime + town_used.ru_stime - own.ru_utime - own.ru_stime)
                / spent,
                1,
            ),
        }
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


SNAP_BASE = struct.Struct("<HHHiiiiI")


async def snap_client(port: int, number: int, margins: list[int], counts: list[int]) -> None:
    """A client of snapserver's own protocol: says hello, keeps the time, counts chunks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    mac = f"02:00:00:00:{number // 256:02x}:{number % 256:02x}"
    hello = json.dumps(
        {
            "Arch": "x86_64", "ClientName": "Snapclient", "HostName": f"n{number}", "ID": mac,
            "Instance": 1, "MAC": mac, "OS": "bench", "SnapStreamProtocolVersion": 2,
            "Version": "0.26.0",
        }
    ).encode()  # fmt: skip
    body = struct.pack("<I", len(hello)) + hello
    sent = time.time()
    writer.write(SNAP_BASE.pack(5, 1, 0, 0, 0, int(sent), 0, len(body)) + body)
    buffer_us, offset = 1_000_000, None
    while True:
        head = await reader.readexactly(SNAP_BASE.size)
        kind, _id, _ref, _rs, _ru, at_s, at_us, size = SNAP_BASE.unpack(head)
        data = await reader.readexactly(size)
        if kind == 3:
            (count,) = struct.unpack_from("<I", data)
            buffer_us = json.loads(data[4 : 4 + count])["bufferMs"] * 1000
        if kind == 2:
            seconds, micro = struct.unpack_from("<ii", data)
            # The server's clock is this computer's own; chunk and message bear the same scale.
            stamp = seconds * 1_000_000 + micro
            left = at_s * 1_000_000 + at_us
            offset = now_us() - left if offset is None else min(offset, now_us() - left)
            margins.append(stamp + buffer_us - (now_us() - offset))
            counts[0] += 1
            counts[1] += size + SNAP_BASE.size


async def snapcast(given: argparse.Namespace, root: Path) -> dict[str, Any] | None:
    """None where it is not installed."""
    program = shutil.which("snapserver")
    if program is None:
        return None
    stream, control, http = free_port(), free_port(), free_port()
    pipe = root / "fifo"
    os.mkfifo(pipe)
    config = root / "snap.conf"
    config.write_text(
        f"[http]\nenabled = false\nport = {http}\n[tcp]\nenabled = true\nport = {control}\n"
        f"[stream]\nbind_to_address = 127.0.0.1\nport = {stream}\n"
        f"source = pipe://{pipe}?name=x&sampleformat=48000:16:2&codec=opus&chunk_ms=60\n"
        "buffer = 1000\n"
    )
    process = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
        [program, "-c", str(config), "--server.datadir", str(root)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    prefer(process.pid)
    stopping = threading.Event()

    def feed() -> None:
        sound = np.repeat(np.array(noise(10, head_s=0), np.int16), 2).tobytes()
        with pipe.open("wb", buffering=0) as line:
            began, at = time.monotonic(), 0
            while not stopping.is_set():
                piece = sound[at % len(sound) : at % len(sound) + 3840]
                try:
                    line.write(piece)
                except OSError:
                    return
                at += len(piece)
                time.sleep(max(0.0, began + at / 192_000 - time.monotonic()))

    threading.Thread(target=feed, daemon=True).start()
    try:
        await asyncio.sleep(2)
        margins: list[int] = []
        counts = [0, 0]
        tasks = []
        for number in range(given.udp + given.websocket):
            tasks.append(asyncio.create_task(snap_client(stream, number, margins, counts)))
            if number % 40 == 39:
                await asyncio.sleep(0.2)
        await asyncio.sleep(3)
        margins.clear()
        counts[:] = [0, 0]
        before, spent = cpu_s(process.pid), time.monotonic()
        await asyncio.sleep(given.seconds)
        used, spent = cpu_s(process.pid) - before, time.monotonic() - spent
        alive = sum(not task.done() for task in tasks)
        late = sum(1 for margin in margins if margin < MARGIN_US)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return {
            "clients": alive,
            "late_pct": round(100 * late / max(1, len(margins)), 3),
            "cpu_pct": round(100 * used / spent, 1),
            "cpu_us_a_chunk_and_client": round(1e6 * used / max(1, counts[0]), 1),
            "kbit_s_a_client": round(counts[1] * 8 / spent / max(1, alive) / 1000, 1),
            "buffer_ms": 1000,
        }
    finally:
        stopping.set()
        process.send_signal(signal.SIGKILL)
        process.wait(10)


async def both(given: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        found = await ours(given, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        beside = await snapcast(given, Path(folder))
    nodes = {"udp": given.udp, "websocket": given.websocket, "seconds": given.seconds}
    return {"bench": "live", **nodes, **found, "snapserver": beside or "not installed"}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--udp", type=int, default=1000)
    words.add_argument("--websocket", type=int, default=200)
    words.add_argument("--seconds", type=int, default=30)
    given = words.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 20_000), most))
    print(json.dumps(asyncio.run(both(given))))


if __name__ == "__main__":
    main()
