"""The register of equipment at 5,000 devices: lists, filters and map of a whole province.

Sizes: 500 and 5,000 devices on SQLite, opened through Django's handler with all middleware by
somebody who watches over the province. ``ms`` is the middle of ten calls, ``cpu_ms`` the same
without waiting for a busy machine.
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
    "list": ("list", {}),
    "list of those offline": ("list", {"state": "offline"}),
    "list by words": ("list", {"q": "thuan 7"}),
    "list of warranties that end": ("list", {"ending": "warranty"}),
    "devices": ("devices", {}),
    "last page of devices": ("devices", {"page": "last"}),
    "map": ("map", {}),
    "dots from afar": ("points", {"z": "8", "box": "8,102,24,110"}),
    "dots of a street": ("points", {"z": "16", "box": "15.0,108.0,15.2,108.2"}),
    "station": ("station", {}),
}


def fill(communes: int) -> Any:
    """A province at work; whoever watches over it is returned."""
    from vang.equipment.models import Device, Place, Stay, looked_for
    from vang.orgs.models import Unit
    from vang.people.services import create_person, grant_role
    from vang.stations.models import Attendance, Cluster, Node

    since = date(2017, 1, 1)
    province = Unit.objects.create(
        code="49", valid_from=since, level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    reader = create_person(
        username="dung", full_name="Phạm Dũng", password="dung-" + os.urandom(6).hex(),
        by=None, unit=None, now=NOW,
    )  # fmt: skip
    grant_role(person=reader, unit=province, role="READER", since=since, by=None, now=NOW)
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
                state={"playing": None, "filler": "x" * 800},
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
    return reader


def measure(reader: Any, calls: int) -> dict[str, dict[str, float]]:
    """Each page a few times."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from vang.orgs.models import Unit

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    province = Unit.objects.get(level="PROVINCE")
    client.post(reverse("people:choose-unit"), {"unit": province.pk})
    told = {}
    for name, (view, asked) in PAGES.items():
        address = reverse(f"equipment:{view}")
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
        reader = fill(communes)
    print(json.dumps(measure(reader, calls)))


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
    large = sizes[max(sizes)]
    for name, one in large.items():
        told = f"{one['ms']:7.1f} ms {one['cpu_ms']:7.1f} ms CPU {one['queries']:3} queries"
        print(f"{name:30} {told}")
    fits = all(o["cpu_ms"] < AIM_MS and o["queries"] <= AIM_QUERIES for o in large.values())
    print(json.dumps({"sizes": sizes, "aim_ms": AIM_MS, "aim_queries": AIM_QUERIES, "fits": fits}))


if __name__ == "__main__":
    main()
