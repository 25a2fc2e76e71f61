"""Link or broker killed under 5,000 nodes: until all are back, and what was ordered meanwhile.

Real parts: pages (granian), link (uvicorn) and, for MQTT, two Mosquittos as they are shipped with
TLS, all as processes of their own on loopback; the ledger on SQLite, which sends again every second
what is due, as the worker does. Simulated nodes share this machine's cores with all of them: their
TLS handshakes are part of the figures. Killed with SIGKILL, started again a second later as the
supervisor does. While it is dead, one command goes out; ``lost`` are nodes that have not answered
it for good within its ten minutes. Nodes rely on what is pushed: the poll, by which a real one
would find the command sooner, is left out.
"""

import argparse
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fanout
import plan

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.protocol.province import a_command, a_manifest, signed

from bare import mosquitto
from vang.base.shards import USUAL, node_password
from vang.dispatch import commands
from vang.dispatch.broker_files import make_certificates, passwords, rights
from vang.dispatch.models import CommandDelivery
from vang.dispatch.sessions import server_secret, session_token
from vang.dispatch.shards import directory
from vang.stations.models import Node
from vang_protocol.manifests import encode_manifest

CONFIG = Path(__file__).parent.parent / "deploy" / "mosquitto" / "vang.conf"
READY_S, BACK_S, EXPIRY_S, DOWN_S = 400.0, 300.0, 600.0, 1.0


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--nodes", type=int, default=5000)
    words.add_argument("--driver", choices=("websocket", "mqtt", "both"), default="both")
    given = words.parse_args()
    fanout.allow_sockets()
    plan.call_command("migrate", verbosity=0)
    unit, _nodes = fanout.town(given.nodes)
    told: dict[str, Any] = {}
    if given.driver != "mqtt":
        told["websocket"] = measured(unit, [], ("link",))
    if given.driver != "websocket":
        if mosquitto() is None:
            raise SystemExit("apt-get install mosquitto")
        ports = [plan.free_port(), plan.free_port()]
        os.environ["VANG_BROKERS"] = ",".join(f"mqtts://127.0.0.1:{port}" for port in ports)
        os.environ["VANG_BROKER_CA"] = str(plan.DATA / "a" / "ca.crt")
        told["mqtt"] = measured(unit, ports, ("link", "broker"))
    load = round(os.getloadavg()[0], 1)
    print(
        json.dumps({"bench": "reconnect", "nodes": given.nodes, **told, "cores": fanout.CORES,
                    "load": load})
    )  # fmt: skip


def measured(unit: Any, ports: list[int], victims: tuple[str, ...]) -> dict[str, Any]:
    running: dict[str, subprocess.Popen[bytes]] = {}
    fleet = Fleet(list(Node.objects.order_by("pk")), ports)
    try:
        start_brokers(ports, running)
        running |= plan.start(plan.DATA, plan.WEB, plan.LINK)
        return fleet.measure(unit, running, victims)
    finally:
        fleet.close()
        for process in running.values():
            process.terminate()  # killed, granian would leave its worker behind
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def start_brokers(ports: list[int], running: dict[str, subprocess.Popen[bytes]]) -> None:
    if not ports:
        return
    from django.conf import settings

    from vang.config.environment import read_environment

    settings.ENVIRONMENT = read_environment()
    (shard,) = directory().shards
    make_certificates(plan.DATA / "a", ["127.0.0.1"], now=datetime.now(UTC))
    shutil.copytree(plan.DATA / "a", plan.DATA / "b")
    for name, port in zip("ab", ports, strict=True):
        folder = plan.DATA / name
        text = CONFIG.read_text().replace("/etc/mosquitto/vang", str(folder))
        text = text.replace("listener 8883", f"listener {port} 127.0.0.1")
        config = f"user root\npersistence_location {folder}/\n{text}"
        (folder / "mosquitto.conf").write_text(config)
        (folder / "passwords").write_text(passwords(shard, directory(), secret=server_secret()))
        (folder / "acl").write_text(rights(shard))
        running[f"broker-{name}"] = broker(name)


def broker(name: str) -> subprocess.Popen[bytes]:
    config = str(plan.DATA / name / "mosquitto.conf")
    return subprocess.Popen([mosquitto() or "", "-c", config], stderr=subprocess.DEVNULL)


def link() -> subprocess.Popen[bytes]:
    with (plan.DATA / "link.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "vang.link", "--port", str(plan.LINK)], stdout=log, stderr=log
        )


@dataclass
class Watch:
    """Who is up, as the nodes tell it."""

    up: set[str] = field(default_factory=set)
    ordered: dict[str, set[str]] = field(default_factory=dict)
    orders_at: dict[str, float] = field(default_factory=dict)
    last_up: float = 0.0
    lost: set[str] = field(default_factory=set)

    def take(self, line: list[Any]) -> None:
        match line:
            case ["up", node, _path, at]:
                self.up.add(node)
                self.last_up = at
            case ["lost", node, _path, _at]:
                self.up.discard(node)
                self.lost.add(node)
            case ["order", node, command, at]:
                self.ordered.setdefault(command, set()).add(node)
                self.orders_at[command] = at


class Fleet:
    """The processes of the nodes, and what they tell."""

    def __init__(self, nodes: list[Node], ports: list[int]) -> None:
        self._count, self._ports, self._watch = len(nodes), ports, Watch()
        self._lines: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._nodes = nodes
        self.processes: list[subprocess.Popen[str]] = []

    def measure(
        self, unit: Any, running: dict[str, subprocess.Popen[bytes]], victims: tuple[str, ...]
    ) -> dict[str, Any]:
        begun = time.monotonic()
        self._start()
        self._until(lambda: len(self._watch.up) == self._count, READY_S, "come up")
        told: dict[str, Any] = {"first_up_s": round(time.monotonic() - begun, 1)}
        for number, victim in enumerate(victims):
            time.sleep(22)  # longer than what counts as a way that works
            told[f"{victim}_killed"] = self._killed(unit, running, victim, number)
        return told

    def _killed(
        self, unit: Any, running: dict[str, subprocess.Popen[bytes]], victim: str, number: int
    ) -> dict[str, Any]:
        name = "link" if victim == "link" else "broker-a"
        before, self._watch.lost = set(self._watch.up), set()
        killed = time.monotonic()
        running[name].send_signal(signal.SIGKILL)
        running[name].wait()
        self._drain(DOWN_S / 2)
        command = self._order(unit, f"{victim}-{number}-{len(self._ports)}")
        self._drain(DOWN_S / 2)
        running[name] = link() if victim == "link" else broker("a")
        touched = self._count if victim == "link" else self._count // 3
        self._until(lambda: len(self._watch.lost) >= touched, 60, "notice")
        lost = set(self._watch.lost)
        self._until(lambda: before <= self._watch.up, BACK_S, "come back")
        back = self._watch.last_up - killed
        self._until(lambda: self._open(command) == 0, EXPIRY_S, "answer", give_up=True)
        return {
            "lost_connection": len(lost),
            "back_s": round(back, 1),
            "heard_last_s": round(self._watch.orders_at.get(command, killed) - killed, 1),
            "heard": len(self._watch.ordered.get(command, ())),
            "lost": self._open(command),
        }

    def _open(self, command: str) -> int:
        commands.send_again(now=datetime.now(UTC))
        rows = CommandDelivery.objects.filter(command=command).exclude(state="PLAYED")
        return rows.count()

    def _order(self, unit: Any, name: str) -> str:
        command = fanout.fresh(a_command(id=name), unit)
        envelope = signed(command, "binh", "hanh")
        manifest = encode_manifest(a_manifest())
        commands.dispatch(envelope, manifest, issuer=unit, now=datetime.now(UTC))
        return command.id

    def _start(self) -> None:
        now, secret = datetime.now(UTC), server_secret()
        for share in (self._nodes[start :: fanout.CORES] for start in range(fanout.CORES)):
            rows = [
                [
                    node.pk,
                    session_token(node, now=now),
                    node_password(secret, node.pk, node.public_key),
                ]
                for node in share
            ]
            self.processes.append(self._process(rows))
        for process in self.processes:
            keys = json.loads(_out(process).readline())
            # Receipts are verified by these; passwords stay those of the lists.
            Node.objects.bulk_update(
                [Node(pk=node, public_key=key) for node, key in keys.items()],
                ["public_key"], batch_size=500,
            )  # fmt: skip
        for process in self.processes:
            _tell(process, "go")
            threading.Thread(target=self._read, args=[_out(process)], daemon=True).start()

    def _process(self, rows: list[list[str]]) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", "import reconnect_nodes; reconnect_nodes.main()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent,
        )  # fmt: skip
        ca = Path(os.environ["VANG_BROKER_CA"]).read_text() if self._ports else ""
        job = {
            "link": f"ws://127.0.0.1:{plan.LINK}/link", "brokers": self._ports, "ca": ca,
            "shard": USUAL, "unit": fanout.UNIT, "nodes": rows,
        }  # fmt: skip
        _tell(process, json.dumps(job))
        return process

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._lines.put(json.loads(line))

    def _drain(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with suppress(queue.Empty):
                self._watch.take(self._lines.get(timeout=left))

    def _until(
        self, holds: Callable[[], bool], within_s: float, what: str, *, give_up: bool = False
    ) -> None:
        deadline, again = time.monotonic() + within_s, 0.0
        while time.monotonic() < deadline:
            self._drain(0.2)
            if time.monotonic() >= again:
                again = time.monotonic() + 1.0
                commands.send_again(now=datetime.now(UTC))
            if holds():
                return
        if not give_up:
            up = len(self._watch.up)
            raise SystemExit(f"not all nodes {what}: {up} of {self._count} are up")

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def _out(process: "subprocess.Popen[str]") -> Any:
    return process.stdout


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


if __name__ == "__main__":
    main()
