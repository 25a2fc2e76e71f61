"""From the second approval to a command accepted by N nodes, with full verification.

Real parts: pages (granian) and link (uvicorn) as processes of their own on loopback, SQLite in WAL
mode, the ledger's own services in this process, and N simulated nodes in another: each with its
key, ledger and WebSocket; each verifies both passkeys and the policy as a real one does and answers
with a signed receipt that is stored. Their disks are in memory, as each real node has its own.
``cancel`` is measured in the same run: one person's order, silence on all.

Beside it the same bytes through Mosquitto to as many bare subscribers, if Mosquitto is installed:
``ratio_to_bare_broker`` is last node over last subscriber.
"""

import argparse
import asyncio
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import plan  # processes, folder and Django of the bench for plans

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.protocol.province import (
    DAY,
    a_cancel,
    a_command,
    a_manifest,
    a_policy,
    key_of,
    signed,
)

from vang.dispatch import commands
from vang.dispatch.models import CommandDelivery
from vang.dispatch.sessions import session_token
from vang.orgs.models import Unit
from vang.stations.models import Cluster, Node
from vang_protocol.commands import Command
from vang_protocol.manifests import encode_manifest
from vang_protocol.policies import Policy, encode_policy

ROUNDS = 5
WAIT_S = 90.0
UNIT = "20662"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--nodes", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    given = words.parse_args()
    plan.call_command("migrate", verbosity=0)
    unit, nodes = town(given.nodes)
    started = plan.start(plan.DATA, plan.WEB, plan.LINK)
    try:
        told = run(unit, nodes, given.rounds)
    finally:
        for process in started.values():
            process.terminate()
    bare = bare_broker(given.nodes, given.rounds)
    if bare:
        told["bare_last_s"] = bare
        told["ratio_to_bare_broker"] = round(told["accepted_last_s"] / bare, 2)
    print(json.dumps({"bench": "fanout", "nodes": given.nodes, **told}))


def town(count: int) -> tuple[Unit, list[Node]]:
    begin = datetime(2017, 1, 1, tzinfo=UTC)
    unit = Unit.objects.create(
        code=UNIT, valid_from=begin.date(), level="COMMUNE", kind="XA", name="Quế Thuận"
    )
    Cluster.objects.bulk_create(
        Cluster(unit=unit, code=f"{UNIT}-{n:05}", name=f"Cụm {n}") for n in range(count)
    )
    now = datetime.now(UTC)
    Node.objects.bulk_create(
        Node(id=f"n{n:05}", cluster=cluster, public_key=f"{n:064x}", enrolled_at=now)
        for n, cluster in enumerate(Cluster.objects.order_by("code"))
    )
    return unit, list(Node.objects.select_related("cluster__unit").order_by("pk"))


def policy() -> Policy:
    """The province of the tests, with keys that have counted for a week."""
    now = datetime.now(UTC).replace(microsecond=0)
    usual = a_policy(issued=now - DAY, expires=now + 90 * DAY)
    keys = tuple(
        key_of(one.person, since=now - 9 * DAY, counts_from=now - 8 * DAY) for one in usual.keys
    )
    return a_policy(issued=usual.issued, expires=usual.expires, keys=keys)


def run(unit: Unit, nodes: list[Node], rounds: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    job = {
        "link": f"ws://127.0.0.1:{plan.LINK}/link",
        "policy": encode_policy(policy()).decode(),
        "nodes": [
            {
                "node": node.pk,
                "unit": UNIT,
                "cluster": node.cluster.code,
                "token": session_token(node, now=now),
            }
            for node in nodes
        ],
    }
    fleet = Fleet(job, nodes)
    orders = [fleet.order(unit, number) for number in range(1, rounds + 1)]
    fleet.close()
    return summary(orders)


class Fleet:
    """The process of the nodes, and what it tells."""

    def __init__(self, job: dict[str, Any], nodes: list[Node]) -> None:
        code = "import order_nodes; order_nodes.main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parent,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        keys = json.loads(self._process.stdout.readline())
        for node in nodes:
            node.public_key = keys[node.pk]
        Node.objects.bulk_update(nodes, ["public_key"], batch_size=500)
        if self._process.stdout.readline().strip() != "ready":
            raise SystemExit("the nodes did not connect")
        self._count = len(nodes)
        self._lines: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def order(self, unit: Unit, number: int) -> dict[str, Any]:
        """One emergency by two people, and its cancel by one."""
        manifest = encode_manifest(a_manifest())
        alert = fresh(a_command(id=f"alert-{number}"), unit)
        envelope = signed(alert, "binh", "hanh")
        begun = time.monotonic()
        commands.dispatch(envelope, manifest, issuer=unit, now=datetime.now(UTC))
        accepted = self._heard(alert.id, "accepted", begun)
        stored = self._stored(alert.id, begun)
        cancel = fresh(a_cancel(id=f"cancel-{number}", ends=(alert.id,)), unit)
        silencing = signed(cancel, "hanh")
        stopped = time.monotonic()
        commands.dispatch(silencing, None, issuer=unit, now=datetime.now(UTC))
        silent = self._heard(cancel.id, "silent", stopped)
        return {"accepted": accepted, "stored": stored, "silent": silent}

    def _heard(self, command: str, said: str, begun: float) -> list[float]:
        found: list[float] = []
        deadline = time.monotonic() + WAIT_S
        while len(found) < self._count:
            with suppress(queue.Empty):
                name, what, at = self._lines.get(timeout=1)
                if (name, what) == (command, said):
                    found.append(at - begun)
                elif name == command:
                    raise SystemExit(f"{command}: {what}")
            if time.monotonic() > deadline:
                raise SystemExit(f"{command}: only {len(found)} of {self._count} {said}")
        return sorted(found)

    def _stored(self, command: str, begun: float) -> float:
        """When the last receipt lay in the database."""
        while CommandDelivery.objects.filter(command=command, state="SENT").exists():
            if time.monotonic() - begun > WAIT_S:
                raise SystemExit("receipts were not stored")
            time.sleep(0.05)
        return time.monotonic() - begun

    def close(self) -> None:
        self._process.kill()


def fresh(command: Command, unit: Unit) -> Command:
    from dataclasses import replace

    now = datetime.now(UTC).replace(microsecond=0)
    epoch, seq = commands.next_number(unit)
    return replace(
        command, issued=now, not_before=now, expires=now + timedelta(minutes=10), epoch=epoch,
        seq=seq,
    )  # fmt: skip


def summary(orders: list[dict[str, Any]]) -> dict[str, Any]:
    accepted = sorted(value for one in orders for value in one["accepted"])
    silent = sorted(value for one in orders for value in one["silent"])
    return {
        "rounds": len(orders),
        "accepted_p50_s": percentile(accepted, 50),
        "accepted_p95_s": percentile(accepted, 95),
        "accepted_last_s": round(median([one["accepted"][-1] for one in orders]), 3),
        "stored_last_s": round(median([one["stored"] for one in orders]), 3),
        "silent_p50_s": percentile(silent, 50),
        "silent_p95_s": percentile(silent, 95),
        "load": round(os.getloadavg()[0], 1),
    }


def percentile(values: list[float], percent: int) -> float:
    return round(values[min(len(values) - 1, len(values) * percent // 100)], 3)


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def bare_broker(count: int, rounds: int) -> float | None:
    """Median over the rounds of the last of ``count`` bare subscribers, in seconds."""
    if shutil.which("mosquitto") is None:
        return None
    port = plan.free_port()
    config = plan.DATA / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\nlog_type none\n"
        "set_tcp_nodelay true\n"
    )
    broker = subprocess.Popen(
        [shutil.which("mosquitto") or "", "-c", str(config)], stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(0.5)
        payload = signed(a_command(), "binh", "hanh") + encode_manifest(a_manifest())
        return round(median(asyncio.run(_bare(port, count, rounds, payload))), 3)
    finally:
        broker.terminate()


async def _bare(port: int, count: int, rounds: int, payload: bytes) -> list[float]:
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count + 1)]
    for number, (reader, writer) in enumerate(lines):
        name = f"c{number}".encode()
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
        writer.write(b"\x10" + bytes([len(body)]) + body)
        await reader.readexactly(4)
        if number:
            topic = b"\x00\x01\x00\x01c\x01"
            writer.write(b"\x82" + bytes([len(topic)]) + topic)
            await reader.readexactly(5)
    found = []
    for _round in range(rounds):
        body = b"\x00\x01c" + payload
        begun = time.monotonic()
        lines[0][1].write(b"\x30" + _length(len(body)) + body)
        ends = await asyncio.gather(*(_one(reader) for reader, _writer in lines[1:]))
        found.append(max(ends) - begun)
    return found


async def _one(reader: asyncio.StreamReader) -> float:
    """Read one PUBLISH of MQTT 3.1.1, QoS 0."""
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


if __name__ == "__main__":
    main()
