"""The register of equipment at 5,000 devices, and a roll-out to all of them.

Sizes: 500 and 5,000 devices on SQLite, opened through Django's handler with all middleware by
a technician of the province. ``ms`` is the middle of ten calls, ``cpu_ms`` the same without
waiting for a busy machine. Then the roll-out goes to its end: each device asks, says that it tries
the version, and that it has it, through the service behind the node's API.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
AIM_MS, AIM_QUERIES = 150, 12
A_COMMUNE = 50
PAGES = {
    "list": ("equipment:list", {}),
    "list of those offline": ("equipment:list", {"state": "offline"}),
    "list by words": ("equipment:list", {"q": "thuan 7"}),
    "list of warranties that end": ("equipment:list", {"ending": "warranty"}),
    "devices": ("equipment:devices", {}),
    "last page of devices": ("equipment:devices", {"page": "last"}),
    "map": ("equipment:map", {}),
    "dots from afar": ("equipment:points", {"z": "8", "box": "8,102,24,110"}),
    "dots of a street": ("equipment:points", {"z": "16", "box": "15.0,108.0,15.2,108.2"}),
    "station": ("equipment:station", {}),
    "roll-outs": ("rollouts:list", {}),
    "a roll-out": ("rollouts:detail", {}),
    "its last page": ("rollouts:detail", {"page": "last"}),
    "a new roll-out": ("rollouts:new", {}),
}


def fill(communes: int) -> Any:
    """A province at work; a technician of it is returned."""
    from vang.equipment.models import Device, Place, Stay, looked_for
    from vang.orgs.models import Unit
    from vang.people.services import create_person, grant_role
    from vang.stations.models import Attendance, Cluster, Node

    since = date(2017, 1, 1)
    province = Unit.objects.create(
        code="49", valid_from=since, level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    for username in ("mai", "tu"):
        keeper = create_person(
            username=username, full_name=username, password=f"{username}-" + os.urandom(6).hex(),
            by=None, unit=None, now=NOW,
        )  # fmt: skip
        grant_role(person=keeper, unit=province, role="TECHNICIAN", since=since, by=None, now=NOW)
    for n in range(communes):
        code = f"{20000 + n}"
        unit = Unit.objects.create(
            code=code, valid_from=since, level="COMMUNE", kind="XA", name=f"Xã số {n}",
            parent=province,
        )  # fmt: skip
        village = Unit.objects.create(
            code=f"{code}.01", valid_from=since, level="VILLAGE", kind="THON", name="Thuận",
            parent=unit, households=120,
        )  # fmt: skip
        clusters = Cluster.objects.bulk_create(
            Cluster(
                unit=unit, code=f"{code}-{k}", name=f"Cụm Thuận {k}",
                latitude=15 + n * 0.01, longitude=108 + k * 0.01,
            )
            for k in range(A_COMMUNE)
        )  # fmt: skip
        nodes = Node.objects.bulk_create(
            Node(
                id=f"N{code}{k:03}", cluster=cluster, public_key=f"{code}{k:03}".ljust(64, "a"),
                enrolled_at=NOW, last_seen_at=NOW - timedelta(seconds=0 if k % 10 else 900),
                state={"playing": None, "filler": "x" * 800, "release": _release("0.1.0")},
            )
            for k, cluster in enumerate(clusters)
        )  # fmt: skip
        places = Place.objects.bulk_create(
            Place(
                unit=unit, cluster=cluster, name=cluster.name, latitude=cluster.latitude,
                longitude=cluster.longitude, speakers=4, watts=200, key=looked_for(cluster.name),
            )
            for cluster in clusters
        )  # fmt: skip
        Place.villages.through.objects.bulk_create(
            Place.villages.through(place=place, unit=village) for place in places
        )
        devices = Device.objects.bulk_create(
            Device(
                unit=unit, kind="RECEIVER", name="Hộp thu IP", vendor="MH", serial=f"{code}-{k}",
                state="SERVING", place=place, node=node, key=looked_for("Hộp thu IP", code),
                warranty_until=NOW.date() + timedelta(days=k * 20),
            )
            for k, (place, node) in enumerate(zip(places, nodes, strict=True))
        )  # fmt: skip
        Stay.objects.bulk_create(
            Stay(device=one, place=place, since=NOW)
            for one, place in zip(devices, places, strict=True)
        )
    Attendance.objects.create(began_at=NOW - timedelta(days=1), last_at=NOW)
    return keeper


def _release(version: str) -> dict[str, Any]:
    return {"version": version, "configuration": 0, "installed_at": None, "healthy": True}


def propose() -> dict[str, float]:
    """A version for every device, in eleven groups; how long that took (s)."""
    from vang.orgs.models import Unit
    from vang.people.models import Person
    from vang.rollouts.models import Release, Rollout
    from vang.rollouts.services import Shape, approve_rollout, propose_rollout

    for version in ("0.1.0", "0.2.0"):
        release = Release.objects.create(
            sort="software", version=version, sha256=version * 12 + "0000", bytes=9, listed_at=NOW
        )
    tu, mai = Person.objects.get(username="tu"), Person.objects.get(username="mai")
    shape = Shape(canary=20, groups=10, success_pct=90, error_pct=10, minutes=10)
    begun = time.perf_counter()
    propose_rollout(
        release=release, unit=Unit.objects.get(level="PROVINCE"), shape=shape, why="Sửa đồng hồ",
        by=tu, now=NOW,
    )  # fmt: skip
    proposed = time.perf_counter()
    approve_rollout(rollout=Rollout.objects.get(), by=mai, now=NOW)
    return {
        "propose_s": round(proposed - begun, 2),
        "approve_s": round(time.perf_counter() - proposed, 2),
    }


def roll_out() -> dict[str, float]:
    """Until it is done: the processor time (ms) of one device's asking and of one look at all."""
    from vang.rollouts.models import Rollout, Turn
    from vang.rollouts.progress import advance_due, take_told
    from vang_protocol.releases import Phase, Sort, Told, a_release

    asks, looks, ask_s, look_s = 0, 0, 0.0, 0.0
    wanted = a_release(Sort.SOFTWARE, "0.2.0")
    says = [
        Told("0.1.0", 0, managed=True, phase=Phase.IDLE),
        Told("0.1.0", 0, managed=True, phase=Phase.TRYING, trial=wanted),
        Told("0.2.0", 0, managed=True, phase=Phase.IDLE),
    ]
    while Rollout.objects.get().state != Rollout.State.DONE:
        turns = Turn.objects.exclude(state=Turn.State.WAITING).filter(open=True)
        nodes = [one.node for one in turns.select_related("node")]
        begun = time.process_time()
        for node in nodes:
            for told in says:
                take_told(node, told, now=NOW)
        ask_s, asks = ask_s + time.process_time() - begun, asks + len(says) * len(nodes)
        begun = time.process_time()
        advance_due(now=NOW)
        look_s, looks = look_s + time.process_time() - begun, looks + 1
    return {
        "ask_cpu_ms": round(1000 * ask_s / asks, 2),
        "look_cpu_ms": round(1000 * look_s / looks, 1),
    }


def measure(keeper: Any, calls: int) -> dict[str, dict[str, float]]:
    """Each page a few times."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from vang.orgs.models import Unit
    from vang.rollouts.models import Rollout

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
    province, rollout = Unit.objects.get(level="PROVINCE"), Rollout.objects.get()
    client.post(reverse("people:choose-unit"), {"unit": province.pk})
    told = {}
    for name, (view, asked) in PAGES.items():
        named = [rollout.pk] if view == "rollouts:detail" else []
        address = reverse(view, args=named)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, asked)
        count = len(queries)
        if answer.status_code != 200:
            raise SystemExit(f"{name} answered {answer.status_code}")
        walls, works = [], []
        for _call in range(calls):
            wall, work = time.perf_counter(), time.process_time()
            client.get(address, asked)
            works.append((time.process_time() - work) * 1000)
            walls.append((time.perf_counter() - wall) * 1000)
        told[name] = {
            "ms": round(statistics.median(walls), 1),
            "cpu_ms": round(statistics.median(works), 1),
            "queries": count,
            "kb": round(len(answer.content) / 1000),
        }
    return told


def child(communes: int, calls: int) -> None:
    """One size in one process."""
    import logging

    from vang.installation.secret import make_secret

    make_secret(Path(os.environ["VANG_DATA"]))
    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.core.management import call_command
    from django.db import transaction

    from vang.base.clock import ManualClock, use_clock

    use_clock(ManualClock(NOW))
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        keeper = fill(communes)
    proposed = propose()
    pages = measure(keeper, calls)
    print(json.dumps({"pages": pages, "rollout": {**proposed, **roll_out()}}))


def main() -> None:
    import subprocess

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=10)
    options.add_argument("--child", type=int, default=0, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        child(given.child, given.calls)
        return
    sizes = {}
    for communes in (10, 100):
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "vang.config.settings",
                "PYTHONPATH": str(ROOT),
                "VANG_DATA": folder,
            }
            line = [sys.executable, __file__, "--child", str(communes), "--calls", str(given.calls)]
            done = subprocess.run(
                line, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
            )
            if done.returncode:
                raise SystemExit(done.stderr[-3000:])
            sizes[communes * A_COMMUNE] = json.loads(done.stdout.splitlines()[-1])
    large = sizes[max(sizes)]["pages"]
    for name, one in large.items():
        told = f"{one['ms']:7.1f} ms {one['cpu_ms']:7.1f} ms CPU {one['queries']:3} queries"
        print(f"{name:30} {told}")
    fits = all(o["cpu_ms"] < AIM_MS and o["queries"] <= AIM_QUERIES for o in large.values())
    print(json.dumps({"sizes": sizes, "aim_ms": AIM_MS, "aim_queries": AIM_QUERIES, "fits": fits}))


if __name__ == "__main__":
    main()
