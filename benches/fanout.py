"""From the second approval to a command accepted by N nodes, with full verification.

Real parts: pages (granian) and link (uvicorn) as processes of their own on loopback, SQLite in WAL
mode, in this process what the pages do with the last signature (every node's verdict foreseen, the
command stored with a row for each node, given to the link), and N simulated nodes, a process for
each core: each with its key, ledger and WebSocket; each verifies both passkeys and the policy as a
real one does and answers with a signed receipt that is stored. Their disks are in memory, as each
real node has its own. Silence after one person's cancel is measured in the same run.

``ratio_to_bare_broker`` is last node over the last of as many bare subscribers of the same bytes
through Mosquitto. Real nodes verify at the same time, each on its own processor; here all share
this machine's. So the parts are given too: ``verdict_ms``, the processor time of one node from
bytes to its signed receipt; ``floor_s``, what all their verdicts take on these cores if nothing
else ran; and ``link_last_s``, the same bytes through our own link to as many bare subscribers,
which compares with the broker like with like.
"""

import argparse
import json
import os
import queue
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import bare
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
CORES = os.cpu_count() or 1


def main(bench: str = "fanout") -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--nodes", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    given = words.parse_args()
    allow_sockets()
    plan.call_command("migrate", verbosity=0)
    unit, nodes = town(given.nodes)
    started = plan.start(plan.DATA, plan.WEB, plan.LINK)
    try:
        found = run(bench, unit, nodes, given.rounds, started)
    finally:
        for process in started.values():
            process.terminate()
    told = {**found.cancels()} if bench == "cancel" else {**found.alerts(), **found.cancels()}
    if bench == "fanout":
        told |= beside_bare(found, told)
    load = round(os.getloadavg()[0], 1)
    told |= {"rounds": given.rounds, "cores": CORES, "load": load}
    print(json.dumps({"bench": bench, "nodes": given.nodes, **told}))


def allow_sockets() -> None:
    """As many as the machine lets us have; the processes started here inherit it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


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


@dataclass
class Found:
    """What the rounds gave: seconds, of every node or the last of each round."""

    accepted: list[list[float]] = field(default_factory=list)
    silent: list[list[float]] = field(default_factory=list)
    stored: list[float] = field(default_factory=list)
    ledger: list[float] = field(default_factory=list)
    link: list[float] = field(default_factory=list)
    broker: list[float] = field(default_factory=list)
    verdicts: list[float] = field(default_factory=list)
    memory_mb: dict[str, float] = field(default_factory=dict)

    def alerts(self) -> dict[str, Any]:
        accepted = sorted(value for one in self.accepted for value in one)
        verdict_s = median(self.verdicts)
        return {
            "accepted_p50_s": percentile(accepted, 50),
            "accepted_p95_s": percentile(accepted, 95),
            "accepted_last_s": last(self.accepted),
            "stored_last_s": round(median(self.stored), 3),
            "ledger_s": round(median(self.ledger), 3),
            "verdict_ms": round(verdict_s * 1000, 2),
            "floor_s": round(verdict_s * len(self.accepted[0]) / CORES, 3),
            "memory_mb": self.memory_mb,
        }

    def cancels(self) -> dict[str, Any]:
        silent = sorted(value for one in self.silent for value in one)
        return {
            "silent_p50_s": percentile(silent, 50),
            "silent_p95_s": percentile(silent, 95),
            "silent_last_s": last(self.silent),
        }


def run(bench: str, unit: Unit, nodes: list[Node], rounds: int, started: dict[str, Any]) -> Found:
    now, found = datetime.now(UTC), Found()
    tokens = {node.pk: session_token(node, now=now) for node in nodes}
    fleet = Fleet(nodes, tokens, policy())
    try:
        for number in range(1, rounds + 1):
            fleet.order(unit, number, found)
        processes = {**started, "nodes": fleet.processes[0]}
        found.memory_mb = {name: plan.rss_mb(one) for name, one in processes.items()}
    finally:
        fleet.close()
    if bench == "fanout":
        row = commands.Command.objects.filter(kind="play").latest("sent_at")
        payload = bytes(row.envelope) + row.manifest.encode()
        push = partial(commands.push, row, units=[UNIT])
        found.link, found.broker = bare.compare(tokens, push, payload, 3 * rounds)
    return found


class Fleet:
    """The processes of the nodes, and what they tell."""

    def __init__(self, nodes: list[Node], tokens: dict[str, str], policy: Policy) -> None:
        self._policy, self._count = policy, len(nodes)
        self._lines: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        shares = [nodes[start::CORES] for start in range(min(CORES, len(nodes)))]
        self.processes = [self._started(share, tokens) for share in shares]
        for process, share in zip(self.processes, shares, strict=True):
            keys = json.loads(process.stdout.readline())
            for node in share:
                node.public_key = keys[node.pk]
        Node.objects.bulk_update(nodes, ["public_key"], batch_size=500)
        for process in self.processes:
            if process.stdout.readline().strip() != "ready":
                raise SystemExit("the nodes did not connect")
            threading.Thread(target=self._read, args=[process.stdout], daemon=True).start()

    def _started(self, nodes: list[Node], tokens: dict[str, str]) -> Any:
        job = {
            "link": f"ws://127.0.0.1:{plan.LINK}/link",
            "policy": encode_policy(self._policy).decode(),
            "nodes": [
                {
                    "node": node.pk,
                    "unit": UNIT,
                    "cluster": node.cluster.code,
                    "token": tokens[node.pk],
                }
                for node in nodes
            ],
        }
        process = subprocess.Popen(
            [sys.executable, "-c", "import order_nodes; order_nodes.main()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        return process

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._lines.put(json.loads(line))

    def order(self, unit: Unit, number: int, found: Found) -> None:
        """One emergency by two people, and its cancel by one."""
        manifest = encode_manifest(a_manifest())
        alert = fresh(a_command(id=f"alert-{number}"), unit)
        envelope = signed(alert, "binh", "hanh")
        begun = time.monotonic()
        shown = commands.foresee(envelope, policy=self._policy, now=datetime.now(UTC))
        if len(shown.accepted) != self._count:
            raise SystemExit("not every node would obey")
        commands.dispatch(envelope, manifest, issuer=unit, now=datetime.now(UTC))
        found.ledger.append(time.monotonic() - begun)
        rows = self._heard(alert.id, "accepted")
        found.accepted.append(sorted(at - begun for at, _work in rows))
        found.verdicts += [work for _at, work in rows]
        found.stored.append(self._stored(alert.id, begun))
        cancel = fresh(a_cancel(id=f"cancel-{number}", ends=(alert.id,)), unit)
        silencing = signed(cancel, "hanh")
        stopped = time.monotonic()
        commands.dispatch(silencing, None, issuer=unit, now=datetime.now(UTC))
        found.silent.append(sorted(at - stopped for at, _ in self._heard(cancel.id, "silent")))
        self._stored(cancel.id, stopped)

    def _heard(self, command: str, said: str) -> list[tuple[float, float]]:
        """(instant, processor time) of every node."""
        found: list[tuple[float, float]] = []
        deadline = time.monotonic() + WAIT_S
        while len(found) < self._count:
            with suppress(queue.Empty):
                name, what, at, work = self._lines.get(timeout=1)
                if (name, what) == (command, said):
                    found.append((at, work))
                elif name == command:
                    raise SystemExit(f"{command}: {what}")
            if time.monotonic() > deadline:
                raise SystemExit(f"{command}: only {len(found)} of {self._count} {said}")
        return found

    def _stored(self, command: str, begun: float) -> float:
        """When the last receipt lay in the database."""
        while CommandDelivery.objects.filter(command=command, state="SENT").exists():
            if time.monotonic() - begun > WAIT_S:
                raise SystemExit("receipts were not stored")
            time.sleep(0.05)
        return time.monotonic() - begun

    def close(self) -> None:
        for process in self.processes:
            process.kill()


def fresh(command: Command, unit: Unit) -> Command:
    from dataclasses import replace

    now = datetime.now(UTC).replace(microsecond=0)
    epoch, seq = commands.next_number(unit)
    return replace(
        command, issued=now, not_before=now, expires=now + timedelta(minutes=10), epoch=epoch,
        seq=seq,
    )  # fmt: skip


def percentile(values: list[float], percent: int) -> float:
    return round(values[min(len(values) - 1, len(values) * percent // 100)], 3)


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def last(rounds: list[list[float]]) -> float:
    """Median over the rounds of the last node."""
    return round(median([one[-1] for one in rounds]), 3)


def beside_bare(found: Found, told: dict[str, Any]) -> dict[str, Any]:
    """What the bare subscribers of our link took, and of the broker if there is one."""
    link = median(found.link)
    if not found.broker:
        print("Without Mosquitto there are no ratios: apt-get install mosquitto", file=sys.stderr)
        return {"link_last_s": round(link, 4), "ratio_to_bare_broker": None}
    bare = median(found.broker)
    return {
        "link_last_s": round(link, 4),
        "bare_last_s": round(bare, 4),
        "ratio_to_bare_broker": round(told["accepted_last_s"] / bare, 2),
        "ratio_floor": round(told["floor_s"] / bare, 2),
        "ratio_link_to_bare_broker": round(link / bare, 2),
    }


if __name__ == "__main__":
    main()
