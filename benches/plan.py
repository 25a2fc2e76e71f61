"""From the officer's decision to the plan verified by 200 nodes, over the default transport.

Real parts: the pages (granian) and the link (uvicorn) as processes of their own on loopback, SQLite
in WAL mode, the services that the pages call (release and placing in one transaction; publishing,
signing and the hint on its commit) run in this process, and 200 simulated nodes in another one:
each has its own key, enrolment, session, WebSocket and HTTP connection, waits for the hint, fetches
the envelope and verifies it as a real node does. All share this machine's cores, so the nodes'
own work is part of the figures. Every node must verify every plan, or the run fails.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


FOLDER = tempfile.TemporaryDirectory(prefix="vang-bench-")
DATA = Path(FOLDER.name)
WEB, LINK = free_port(), free_port()
# What every process here is told; Django reads it when it is imported below.
os.environ |= {
    "VANG_DATA": str(DATA),
    "VANG_DATABASE_URL": "",
    "VANG_LINK_URL": f"ws://127.0.0.1:{LINK}/link",
    "VANG_LINK_INTERNAL_URL": f"http://127.0.0.1:{LINK}",
    "VANG_WEB_URL": f"http://127.0.0.1:{WEB}",
    "DJANGO_SETTINGS_MODULE": "vang.config.settings",
}

import django  # noqa: E402

from vang.installation.secret import make_secret  # noqa: E402

make_secret(DATA)
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from vang.airtime.services import broadcast_bulletin  # noqa: E402
from vang.airtime.services.broadcasting import Once  # noqa: E402
from vang.base.files import FileStore  # noqa: E402
from vang.bulletins import services  # noqa: E402
from vang.bulletins.content import Content  # noqa: E402
from vang.bulletins.hashing import content_hash  # noqa: E402
from vang.dispatch.queries import newest_plan  # noqa: E402
from vang.orgs.models import Unit  # noqa: E402
from vang.people.models import Membership, Person  # noqa: E402
from vang.stations.enrolment import issue_enrolment_code  # noqa: E402
from vang.stations.models import Cluster  # noqa: E402
from vang.voice.models import Rendition, VoiceChoice  # noqa: E402

NODES = 200
ROUNDS = 12
API = "/api/node/v1"
READY_S = 120.0


def start(data: Path, web: int, link: int) -> dict[str, Any]:
    granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web)]
    granian += ["--workers", "1", "--blocking-threads", "4", "--backlog", "512", "--no-ws"]
    commands = {
        "web": [*granian, "--log-level", "warning", "vang.config.wsgi:application"],
        "link": ["vang.link", "--port", str(link)],
    }
    started = {}
    for name, words in commands.items():
        with (data / f"{name}.log").open("wb") as log:
            started[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    for port, path in ((web, f"{API}/challenge"), (link, "/health")):
        _wait_for(f"http://127.0.0.1:{port}{path}")
    return started


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(address, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    sys.exit(f"{address} does not answer")


@dataclass
class Office:
    """A commune with 200 clusters, a writer and an approver."""

    unit: Any
    writer: Any
    approver: Any

    @classmethod
    def open(cls, now: datetime) -> "Office":

        begin = datetime(2017, 1, 1, tzinfo=UTC).date()
        unit = Unit.objects.create(
            code="20641", valid_from=begin, level="COMMUNE", kind="XA", name="Quế Sơn"
        )
        people = []
        for username, roles in (("an", ["WRITER", "TECHNICIAN"]), ("binh", ["APPROVER"])):
            person = Person.objects.create(username=username, full_name=username, created_at=now)
            for role in roles:
                Membership.objects.create(person=person, unit=unit, role=role, valid_from=begin)
            people.append(person)
        VoiceChoice.objects.create(unit=unit, voice="espeak-vi", trial_may_air=True, decided_at=now)
        Cluster.objects.bulk_create(
            Cluster(unit=unit, code=f"20641-{number:03}", name=f"Cụm {number}")
            for number in range(1, NODES + 1)
        )
        return cls(unit, *people)

    def codes(self, now: datetime) -> list[str]:

        clusters = Cluster.objects.filter(unit=self.unit).order_by("code")
        return [issue_enrolment_code(c, by=self.writer, now=now).code for c in clusters]

    def submitted(self, number: int) -> Any:
        """A bulletin in review whose sound is ready."""

        now = datetime.now(UTC)
        content = Content(title=f"Thông báo số {number}", text=f"Cắt điện lần thứ {number}.")
        bulletin = services.create_bulletin(
            unit=self.unit, content=content, by=self.writer, now=now
        )
        services.submit_bulletin(bulletin=bulletin, by=self.writer, now=now)
        sound = f"OggS {number}".encode()  # nobody plays it here: the plan is what is measured
        Rendition.objects.filter(versions__bulletin=bulletin).update(
            sha256=FileStore(settings.DATA / "files").put(sound),
            state=Rendition.State.READY,
            size=len(sound),
            duration_ms=60_000,
            worked_until=None,
            finished_at=now,
        )
        bulletin.refresh_from_db()
        return bulletin

    def decide(self, bulletin: Any, start: datetime) -> tuple[float, float, float, int]:
        """Approve and broadcast. Instants: decision, commit, plan stored; and its version."""

        committed: list[float] = []
        decided = time.monotonic()
        now = datetime.now(UTC)
        seen = content_hash(bulletin.current)
        services.approve_bulletin(bulletin=bulletin, content_hash=seen, by=self.approver, now=now)
        bulletin.refresh_from_db()
        with transaction.atomic():
            transaction.on_commit(lambda: committed.append(time.monotonic()))
            broadcast_bulletin(bulletin=bulletin, choice=Once(start), by=self.approver, now=now)
        published = time.monotonic()
        plan = newest_plan(self.unit)
        return decided, committed[0], published, plan.version if plan else 0


def rss_mb(process: "subprocess.Popen[bytes]") -> float:
    """Of the process and its children (granian's worker is one)."""
    pids = [process.pid]
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    pids += [int(pid) for pid in children]
    return round(sum(_rss_kb(pid) for pid in pids) / 1024, 1)


def _rss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(values: Sequence[float]) -> dict[str, float]:
    return {
        "p50": round(quantile(values, 0.5), 3),
        "p95": round(quantile(values, 0.95), 3),
        "max": round(max(values), 3),
    }


def measure(office: Office, lines: Any) -> list[dict[str, Any]]:
    rounds = []
    for number in range(1, ROUNDS + 1):
        bulletin = office.submitted(number)
        # One after another in the morning session of tomorrow, Vietnam's 05:00.
        begin = datetime.now(UTC).replace(hour=22, minute=0, second=0, microsecond=0)
        start = begin + timedelta(days=1, seconds=65 * number)
        decided, committed, published, version = office.decide(bulletin, start)
        rows = json.loads(lines.readline())
        if len(rows) != NODES or {row[0] for row in rows} != {version}:
            sys.exit(f"round {number}: not every node verified plan {version}")
        rounds.append(
            {
                "version": version,
                "publish_s": published - committed,
                "from_commit": [done - committed for _v, _heard, done in rows],
                "from_decision": [done - decided for _v, _heard, done in rows],
                "hint": [heard - committed for _v, heard, _done in rows],
            }
        )
        print(f"round {number}: {summary(rounds[-1]['from_commit'])}", file=sys.stderr)
    return rounds


def result(rounds: list[dict[str, Any]], processes: dict[str, Any]) -> dict[str, Any]:
    def pooled(name: str) -> list[float]:
        return [value for entry in rounds for value in entry[name]]

    return {
        "bench": "plan",
        "nodes": NODES,
        "rounds": len(rounds),
        "verified": sum(len(entry["from_commit"]) for entry in rounds),
        "commit_to_verified_s": summary(pooled("from_commit")),
        "decision_to_verified_s": summary(pooled("from_decision")),
        "commit_to_hint_s": summary(pooled("hint")),
        "publish_s": summary([entry["publish_s"] for entry in rounds]),
        "raw_round_p95_s": [round(quantile(entry["from_commit"], 0.95), 3) for entry in rounds],
        "rss_mb": {name: rss_mb(process) for name, process in processes.items()},
        "cores": os.cpu_count(),
    }


def main() -> None:
    call_command("migrate", verbosity=0)
    office = Office.open(datetime.now(UTC))
    processes = start(DATA, WEB, LINK)
    codes = office.codes(datetime.now(UTC))
    nodes = subprocess.Popen(
        [sys.executable, "-c", "import simulated_nodes; simulated_nodes.main()", str(WEB)],
        cwd=Path(__file__).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert nodes.stdin is not None
    assert nodes.stdout is not None
    try:
        nodes.stdin.write(json.dumps(codes) + "\n")
        nodes.stdin.close()
        if nodes.stdout.readline().strip() != "ready":
            sys.exit("the nodes did not come up")
        rounds = measure(office, nodes.stdout)
        print(json.dumps(result(rounds, processes)))
    finally:
        for process in (nodes, *processes.values()):
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()
