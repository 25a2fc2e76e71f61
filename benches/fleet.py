"""5,000 devices telling of themselves: processor, rows, growth of the database, pages meanwhile.

Time is turned by hand: so many simulated minutes go by as fast as the server's own code allows, and
the processor time that it took is held against the simulated time. Each second the devices whose
turn it is (one in fifteen) report through the very view that the link posts to, in batches of 100;
each device brings a signed journal batch every five minutes through the node's API; once a minute
the round of faults and samples runs. One device in fifty is hot, one in a hundred falls silent.
Another process opens pages on the same database all the while, on the real clock.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
CLUSTERS = 10
EVERY_S = 15
BATCH = 100
LINES = 3
PAGES = ("repairs:board", "repairs:tickets", "repairs:figures", "repairs:mine")
SINCE = date(2017, 1, 1)


def _django(folder: str) -> None:
    os.environ["VANG_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "vang.config.settings"
    import django

    django.setup()


class Fleet:
    """The devices and what they say."""

    def __init__(self, nodes: int) -> None:
        from vang_protocol.envelopes import SigningKey
        from vang_protocol.journals import EMPTY

        self.key = SigningKey.generate()
        self.ids = [f"n{number:015d}" for number in range(nodes)]
        self.heads = dict.fromkeys(self.ids, EMPTY)

    def settle(self) -> None:
        """A province with its communes, clusters, devices and a technician."""
        from vang.orgs.models import Unit
        from vang.people.models import Membership, Person
        from vang.stations.models import Cluster, Node

        def unit(code: str, level: str, kind: str, parent: Unit | None) -> Unit:
            return Unit.objects.create(
                code=code, valid_from=SINCE, level=level, kind=kind, name=f"Đơn vị {code}",
                parent=parent,
            )  # fmt: skip

        province = unit("49", "PROVINCE", "TINH", None)
        communes = [
            unit(str(30000 + n), "COMMUNE", "XA", province)
            for n in range(-(-len(self.ids) // CLUSTERS))
        ]
        clusters = Cluster.objects.bulk_create(
            Cluster(
                unit=communes[n // CLUSTERS], name=f"Cụm {n}",
                code=f"{communes[n // CLUSTERS].code}-{n % CLUSTERS:02}",
            )
            for n in range(len(self.ids))
        )  # fmt: skip
        Node.objects.bulk_create(
            Node(id=node, cluster=cluster, public_key=f"{n:064x}", enrolled_at=NOW)
            for n, (node, cluster) in enumerate(zip(self.ids, clusters, strict=True))
        )
        person = Person.objects.create(username="ky-thuat", full_name="Kỹ thuật", created_at=NOW)
        Membership.objects.create(person=person, unit=province, role="TECHNICIAN", valid_from=SINCE)

    def state(self, number: int, at: datetime) -> dict[str, Any]:
        items = {f"o{number}-2026061{n}": "verified" for n in range(10)}
        return {
            "node": self.ids[number], "boot": "boot-1", "software": "vang-node 0.1",
            "plan_version": 17, "plan_sha256": "ab" * 32, "playing": None, "volume_db": 0,
            "clock": {"source": "server", "offset_us": 120, "error_us": 2100},
            "journal_seq": 12, "journal_head": "cd" * 32, "free_mb": 9000, "sink": "ok",
            "items": items,
            "health": {
                "supply_mv": 5000 + at.second, "undervoltage": False,
                "temperature_c10": 850 if number % 50 == 0 else 450 + at.second,
                "disk_free_mb": 9000, "disk_free_pct": 60, "memory_free_mb": 300,
                "cpu_pct": at.second, "network": {"kind": "mobile", "signal_dbm": -70},
                "silence": {"item": "o1", "clip_cdb": -1800, "sent_cdb": -1900, "silent_ms": 0},
            },
        }  # fmt: skip

    def speaking(self, second: int) -> list[int]:
        """Whose turn it is; one in a hundred falls silent after the first minute."""
        turn = range(second % EVERY_S, len(self.ids), EVERY_S)
        return [n for n in turn if second < 60 or n % 100 != 7]

    def body(self, numbers: list[int], at: datetime) -> bytes:
        from vang_protocol.instants import format_instant

        rows = [
            {"node": self.ids[n], "at": format_instant(at), "state": self.state(n, at)}
            for n in numbers
        ]
        return json.dumps({"states": rows, "left": []}).encode()

    def journal(self, number: int, at: datetime) -> bytes:
        from vang_protocol.journals import (
            Head,
            Record,
            Stamp,
            encode_line,
            line_hash,
            sign_batch,
        )
        from vang_protocol.records import Fetched
        from vang_protocol.states import ClockSource

        node, lines = self.ids[number], []
        for n in range(LINES):
            head = self.heads[node]
            event = Fetched("ef" * 32, 190_000 + n, 900)
            stamp = Stamp(ClockSource.SERVER, 3)
            line = encode_line(Record(node, head.seq + 1, head.hash, at, "boot-1", stamp, event))
            self.heads[node] = Head(head.seq + 1, line_hash(line))
            lines.append(line)
        return sign_batch(node, lines, self.key)


class Meter:
    """Processor seconds of this process by kind of work."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.longest: dict[str, float] = {}

    def run(self, kind: str, act: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = act()
        self.spent[kind] = self.spent.get(kind, 0.0) + time.process_time() - cpu
        took = time.perf_counter() - wall
        self.longest[kind] = max(self.longest.get(kind, 0.0), took)
        return result


def one(nodes: int, minutes: int) -> dict[str, Any]:
    """One size, in this process, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="vang-bench-fleet-") as folder:
        _django(folder)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fleet = Fleet(nodes)
        fleet.settle()
        looker = subprocess.Popen(
            [sys.executable, __file__, "--look", folder], stdout=subprocess.PIPE,
            stdin=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            told = _simulate(fleet, minutes)
        finally:
            pages = looker.communicate("stop\n", timeout=120)[0]
        return {**told, **json.loads(pages.splitlines()[-1])}


def _simulate(fleet: Fleet, minutes: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import RequestFactory

    from vang.base.clock import ManualClock, use_clock
    from vang.dispatch.between import SECRET_HEADER, internal_secret
    from vang.dispatch.internal import states
    from vang.repairs.watching import watch_due

    hand, meter, post = ManualClock(NOW), Meter(), RequestFactory().post
    use_clock(hand)
    secret = {SECRET_HEADER: internal_secret()}
    rows = _rows()
    begun = time.perf_counter()
    reports = 0
    for second in range(minutes * 60):
        at = NOW + timedelta(seconds=second)
        hand.set(at)
        due = fleet.speaking(second)
        for start in range(0, len(due), BATCH):
            body = fleet.body(due[start : start + BATCH], at)
            request = post("/", body, content_type="application/json", headers=secret)
            answer = meter.run("states", lambda request=request: states(request))
            if answer.status_code != 200:
                raise SystemExit(answer.content.decode())
            reports += len(due[start : start + BATCH])
        for number in range(second % 300, len(fleet.ids), 300):
            envelope = fleet.journal(number, at)

            meter.run("journals", partial(_take, fleet, number, envelope, at))
        if second % 60 == 59:
            meter.run("rounds", lambda at=at: watch_due(now=at))
    took = time.perf_counter() - begun
    grown = {name: count - rows.get(name, 0) for name, count in _rows().items()}
    seconds = minutes * 60
    with connection.cursor() as cursor:
        bytes_a_row = _bytes_a_row(cursor)
    return {
        "nodes": len(fleet.ids),
        "simulated_minutes": minutes,
        "took_s": round(took, 1),
        "reports_per_s": round(reports / seconds, 1),
        "cpu_pct": {kind: round(100 * s / seconds, 1) for kind, s in meter.spent.items()},
        "cpu_pct_total": round(100 * sum(meter.spent.values()) / seconds, 1),
        "longest_ms": {kind: round(1000 * s) for kind, s in meter.longest.items()},
        "rows": grown,
        "rows_per_s": round(sum(grown.values()) / seconds, 2),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "bytes_a_row": bytes_a_row,
        "health_mb_a_day": round(_day_bytes(len(fleet.ids), bytes_a_row) / 1e6, 1),
        "health_mb_kept": round(_kept_bytes(len(fleet.ids), bytes_a_row) / 1e6),
    }


def _take(fleet: Fleet, number: int, envelope: bytes, at: datetime) -> None:
    from vang.evidence.intake import take_batch
    from vang.stations.models import Node
    from vang_protocol.journals import open_batch

    node = Node.objects.get(pk=fleet.ids[number])
    take_batch(node, open_batch(envelope, key=fleet.key.public), now=at)


def _rows() -> dict[str, int]:
    from vang.evidence.models import JournalRecord
    from vang.repairs.models import DayHealth, Fault, HourHealth, Outage

    models = (JournalRecord, HourHealth, DayHealth, Fault, Outage)
    return {model.__name__: model.objects.count() for model in models}


def _bytes_a_row(cursor: Any) -> dict[str, int]:
    """Of the hours, with their indexes, as the database stores them; a day is as large."""
    cursor.execute("SELECT count(*) FROM repairs_hourhealth")
    count = cursor.fetchone()[0]
    cursor.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'repairs_hourhealth%' OR name LIKE "
        "'hour_health%' OR name LIKE 'sqlite_autoindex_repairs_hourhealth%'"
    )
    return {"HourHealth": round(cursor.fetchone()[0] / max(1, count))}


def _day_bytes(nodes: int, row: dict[str, int]) -> int:
    """24 hours and one day for each device."""
    return nodes * 25 * row["HourHealth"]


def _kept_bytes(nodes: int, row: dict[str, int]) -> int:
    """A fortnight of hours and three years of days."""
    return nodes * (14 * 24 + 3 * 365) * row["HourHealth"]


def look(folder: str) -> None:
    """Open pages until told to stop; their times in ms."""
    _django(folder)
    import select

    from django.test import Client

    from vang.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    from django.urls import reverse

    took: dict[str, list[float]] = {page: [] for page in PAGES}
    while not select.select([sys.stdin], [], [], 0.2)[0]:
        for page in PAGES:
            begun = time.perf_counter()
            answer = client.get(reverse(page), headers={"host": "localhost"})
            if answer.status_code != 200:
                raise SystemExit(f"{page}: {answer.status_code}")
            took[page].append(1000 * (time.perf_counter() - begun))
    summary = {
        page: {
            "p50_ms": round(statistics.median(times[1:]), 1),
            "p95_ms": round(sorted(times[1:])[round(0.95 * (len(times) - 2))], 1),
            "opened": len(times),
        }
        for page, times in took.items()
        if len(times) > 2
    }
    print(json.dumps({"pages_meanwhile": summary}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5000)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--look", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        look(options.look)
    elif options.one:
        print(json.dumps(one(options.one, options.minutes)))
    else:
        sizes = [max(100, options.nodes // 10), options.nodes]
        small, large = (_child(size, options.minutes) for size in sizes)
        growth = round(large["cpu_pct_total"] / small["cpu_pct_total"], 1)
        scale = f"{options.minutes} simulated minutes of 10, {options.nodes} devices of 5,000"
        told = {"bench": "fleet", "scale": scale, "cpu_growth_x10": growth}
        print(json.dumps({**told, "small": small, "large": large}))


def _child(nodes: int, minutes: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(nodes), "--minutes", str(minutes)]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
