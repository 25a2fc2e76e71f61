"""Public pages: what a reader costs, how soon a release is there, how long all first pages take.

- *Readers*: the first page of a commune from the files, through the product's own granian (the
  WSGI front that sets the safety headers), through granian's static mount (no headers: for
  comparison only) and through nginx with the product's configuration, against the same bytes
  rendered by Django from the database for each reader. Requests a second over 16 connections
  that are kept open, and processor time of the server's processes for one request. wrk and nginx
  are installed when this runs as root and they are missing.
- *Release*: from the call that releases an approved bulletin (transaction, edition, deliveries)
  to all files in place: pages, lists, feeds, search index.
- *Rebuild*: the pages of the day of 3,321 communes with ten notices each, as the worker does every
  midnight, in turns of 200.

Prints one JSON line; ``./bench portal release`` takes only that part. Seconds depend on the machine
and on what else it does; ratios travel.
"""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = tempfile.TemporaryDirectory(prefix="vang-bench-")
DATA = Path(FOLDER.name)
NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
os.environ |= {
    "VANG_DATA": str(DATA),
    "VANG_DATABASE_URL": "",
    "VANG_BENCH_NOW": NOW.isoformat(),
    "DJANGO_SETTINGS_MODULE": "vang.config.settings",
}

import django  # noqa: E402

from vang.installation.secret import make_secret  # noqa: E402

make_secret(DATA)
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from vang.base.clock import ManualClock, use_clock  # noqa: E402
from vang.base.files import FileStore  # noqa: E402
from vang.bulletins import services as newsroom  # noqa: E402
from vang.bulletins.content import Content  # noqa: E402
from vang.bulletins.hashing import content_hash  # noqa: E402
from vang.bulletins.models import Bulletin, Delivery, Edition, Version  # noqa: E402
from vang.channels.portal import services, sites  # noqa: E402
from vang.channels.portal.freshness import refresh_due  # noqa: E402
from vang.channels.portal.serving import POLICY  # noqa: E402
from vang.orgs.models import Unit  # noqa: E402
from vang.people.models import Membership, Person  # noqa: E402
from vang.voice.models import Rendition, VoiceChoice  # noqa: E402

SECONDS = 5
CONNECTIONS = 16
RELEASES = 60
COMMUNES = 3321
EACH = 10
CODE = "20662"
TEXT = (
    "Điện lực Quế Sơn tạm ngừng cấp điện tại thôn 1 và thôn 2 từ 7h30 đến 11h30 ngày 12/6/2026 "
    "để sửa chữa đường dây. Đề nghị người dân tắt các thiết bị điện trước giờ ngừng cấp điện; "
    "không lại gần đường dây và trạm biến áp, kể cả khi không có điện. "
) * 4


def main() -> None:
    """All three parts, or those that are named: release, readers, rebuild."""
    call_command("migrate", verbosity=0)
    cast = people()
    parts = {
        "release": lambda: releases(*cast),
        "readers": lambda: compared(reading()),
        "rebuild": lambda: rebuild(cast[0]),
    }
    wanted = [name for name in parts if name in (sys.argv[1:] or parts)]
    found = {name: said(name, parts[name]()) for name in wanted}
    told = {"bench": "portal", **found, "load_of_the_machine": round(os.getloadavg()[0], 1)}
    if "release" in found:
        released = found["release"]
        told["within_target"] = released["p95_ms"] <= released["target_p95_ms"]
    print(json.dumps(told))


def compared(readers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each way's processor time beside that of the rendered page."""
    rendered = readers["django_rendered"]["cpu_us"]
    for told in readers.values():
        told["cheaper_than_django"] = (
            round(rendered / told["cpu_us"], 1) if told["cpu_us"] else None
        )
    if "nginx_files" not in readers:
        readers["nginx_files"] = {"absent": "neither here nor to be installed"}
    return readers


def said(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """What is known already: the whole takes minutes."""
    sys.stderr.write(f"{name}: {json.dumps(found)}\n")
    return found


def people() -> tuple[Unit, Person, Person]:
    since = NOW.date() - timedelta(days=900)
    district = Unit.objects.create(
        code="509", valid_from=since, level="DISTRICT", kind="HUYEN", name="Quế Sơn"
    )
    unit = Unit.objects.create(
        code=CODE, valid_from=since, level="COMMUNE", kind="XA", name="Quế Thuận", parent=district
    )
    VoiceChoice.objects.create(unit=unit, voice="espeak-vi", trial_may_air=True, decided_at=NOW)
    staff = []
    for name, role in (("an", "WRITER"), ("binh", "APPROVER")):
        person = Person.objects.create(username=name, full_name=name, created_at=NOW)
        Membership.objects.create(person=person, unit=unit, role=role, valid_from=since)
        staff.append(person)
    return unit, staff[0], staff[1]


def releases(unit: Unit, writer: Person, approver: Person) -> dict[str, Any]:
    """Milliseconds from the call of the service to the last file."""
    wall, cpu = [], []
    for number in range(RELEASES):
        at = NOW - timedelta(hours=RELEASES - number)
        use_clock(ManualClock(at))
        bulletin = approved(unit, writer, approver, number, at)
        begun, spent = time.perf_counter(), time.process_time()
        edition = newsroom.release_bulletin(bulletin=bulletin, by=approver, now=at)
        wall.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - spent))
        done = set(
            Delivery.objects.filter(edition=edition, state="DONE").values_list("channel", flat=True)
        )
        if done != {"portal", "feed"} or edition.title not in (folder() / "index.html").read_text():
            raise SystemExit(f"release {number} was not published: {done}")
    return {
        "releases": RELEASES,
        "p50_ms": percentile(wall, 50),
        "p95_ms": percentile(wall, 95),
        "cpu_p50_ms": percentile(cpu, 50),
        "cpu_p95_ms": percentile(cpu, 95),
        "target_p95_ms": 200,
        "files_of_the_site": sum(1 for path in folder().rglob("*") if path.is_file()),
    }


def approved(unit: Unit, writer: Person, approver: Person, number: int, at: datetime) -> Bulletin:
    content = Content(title=f"Lịch ngừng cấp điện số {number}", text=TEXT)
    bulletin = newsroom.create_bulletin(unit=unit, content=content, by=writer, now=at)
    newsroom.submit_bulletin(bulletin=bulletin, by=writer, now=at)
    version = Version.objects.get(bulletin=bulletin)
    opus = b"OggS" + number.to_bytes(4, "big") * 4000
    sha256 = FileStore(DATA / "files").put(opus)
    Rendition.objects.filter(pk=version.rendition_id).update(
        state="READY", sha256=sha256, size=len(opus), duration_ms=65_000, finished_at=at
    )
    version = Version.objects.select_related("rendition").get(pk=version.pk)
    newsroom.approve_bulletin(
        bulletin=bulletin, content_hash=content_hash(version), by=approver, now=at
    )
    return bulletin


def folder() -> Path:
    return Path(settings.DATA) / "portal" / CODE


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def reading() -> dict[str, dict[str, Any]]:
    """Requests a second and processor time a request, for each way to the same page."""
    unit = Unit.objects.select_related("parent__parent").get(code=CODE)
    services.write_site(unit, now=NOW)
    page = (folder() / "index.html").read_bytes()
    missing = [tool for tool in ("wrk", "nginx") if shutil.which(tool) is None]
    if missing and os.geteuid() == 0:
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", *missing], check=False, capture_output=True
        )
    found: dict[str, dict[str, Any]] = {}
    with granian() as (pid, port):
        ways = {
            "granian_files": f"/pages/{CODE}/index.html",
            "granian_static_mount": f"/mount/{CODE}/index.html",
            "django_rendered": f"/rendered/{CODE}/",
        }
        for name, path in ways.items():
            found[name] = measured(f"http://127.0.0.1:{port}{path}", page, pid)
    if shutil.which("nginx"):
        with nginx() as (pid, port):
            found["nginx_files"] = measured(f"http://127.0.0.1:{port}/pages/{CODE}/", page, pid)
    return found


def measured(url: str, page: bytes, pid: int) -> dict[str, Any]:
    """After a short warming up; the same bytes must come by every way."""
    if (got := urllib.request.urlopen(url, timeout=20).read()) != page:
        raise SystemExit(f"{url}: {len(got)} bytes are not the page of {len(page)}")
    load(url, 1)
    before = cpu_of(pid)
    requests, seconds = load(url, SECONDS)
    spent = cpu_of(pid) - before
    return {
        "requests_per_s": round(requests / seconds),
        "cpu_us": round(1e6 * spent / requests, 1) if requests else None,
        "requests": requests,
    }


def load(url: str, seconds: int) -> tuple[int, float]:
    """(requests answered, seconds): wrk where it is, else a small client of our own."""
    if shutil.which("wrk"):
        told = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        counted = re.search(r"(\d+) requests in ([\d.]+)s", told)
        if counted is None or "Non-2xx" in told:
            raise SystemExit(told)
        return int(counted[1]), float(counted[2])
    return plain_load(url, seconds)


def plain_load(url: str, seconds: int) -> tuple[int, float]:
    """One connection that is kept open: enough for processor time, too slow for the rate."""
    import http.client

    host, _slash, path = url.removeprefix("http://").partition("/")
    connection, count, begun = http.client.HTTPConnection(host), 0, time.monotonic()
    while time.monotonic() - begun < seconds:
        connection.request("GET", f"/{path}")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{url}: {answer.status}")
        count += 1
    return count, time.monotonic() - begun


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process and all below it."""
    total = 0.0
    children = [pid]
    while children:
        one = children.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            children += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except FileNotFoundError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


@contextmanager
def granian() -> Iterator[tuple[int, int]]:
    """As the product starts it, with the rendering view and the static mount beside."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal_rendered",
        "VANG_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "4", "--backlog", "512"),
        *("--static-path-route", "/mount", "--static-path-mount", str(DATA / "portal")),
        *("--no-ws", "--log-level", "warning", "vang.config.wsgi:application"),
    ]
    with running(command, environment, port) as pid:
        yield pid, port


@contextmanager
def nginx() -> Iterator[tuple[int, int]]:
    """The configuration of deploy/nginx for the public pages, without HTTPS."""
    port = free_port()
    source = (Path(__file__).parent.parent / "deploy/nginx/vang.conf").read_text()
    block = source[source.index("location /pages/") :]
    block = block[: block.index("\n    }") + 6].replace("/var/lib/vang/portal/", f"{DATA}/portal/")
    kept = source[source.index("map $uri") :]
    kept = kept[: kept.index("}\n") + 2]
    home = DATA / "nginx"
    home.mkdir()
    DATA.chmod(0o755)  # nginx's workers run as a user of their own
    configuration = home / "nginx.conf"
    configuration.write_text(
        f"daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log;\n"
        "events { worker_connections 512; }\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 1000000;\n"
        f"include /etc/nginx/mime.types; {kept} server {{\n"
        f"listen 127.0.0.1:{port};\n{block}\n}} }}\n"
    )
    assert POLICY in source, "deploy/nginx/vang.conf has another content security policy"
    with running(["nginx", "-c", str(configuration)], dict(os.environ), port) as pid:
        yield pid, port


@contextmanager
def running(command: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _attempt in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended: {process.returncode}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rebuild(home: Unit) -> dict[str, Any]:
    """Every commune's pages of the day, and how the time grows with their number."""
    fill(home)
    for unit in Unit.objects.filter(level="COMMUNE").select_related("parent__parent"):
        sites.open_site(unit)
    wrote = write_all()  # assets, archive and the pages about the unit are written once
    again = write_all(NOW + timedelta(days=1))
    pages = list((DATA / "portal").glob("*/index.html"))
    if len(pages) < COMMUNES:
        raise SystemExit(f"only {len(pages)} first pages")
    return {
        "communes": len(pages),
        "notices": Edition.objects.count(),
        "first_s": wrote["wall_s"],
        "first_cpu_s": wrote["cpu_s"],
        "daily_s": again["wall_s"],
        "daily_cpu_s": again["cpu_s"],
        "daily_cpu_ms_a_commune": round(1000 * again["cpu_s"] / len(pages), 2),
        "files_a_commune": 3,
    }


def write_all(now: datetime = NOW) -> dict[str, float]:
    begun, spent = time.perf_counter(), used()
    while refresh_due(now=now):
        pass
    return {
        "wall_s": round(time.perf_counter() - begun, 1),
        "cpu_s": round(used() - spent, 1),
    }


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def fill(home: Unit) -> None:
    """Row by row as the services write them, many at once."""
    since = home.valid_from
    parent, person = home.parent, Person.objects.earliest("pk")
    Unit.objects.bulk_create(
        Unit(
            code=f"{30000 + n}",
            valid_from=since,
            level="COMMUNE",
            kind="XA",
            name=f"Xã số {n}",
            parent=parent,
        )
        for n in range(COMMUNES - 1)
    )
    units = list(Unit.objects.filter(code__gte="30000", level="COMMUNE"))
    wanted = [
        (unit, NOW - timedelta(days=7 * n, minutes=unit.pk % 1000))
        for unit in units
        for n in range(EACH)
    ]
    bulletins = Bulletin.objects.bulk_create(
        [
            Bulletin(unit=unit, state="RELEASED", created_by=person, created_at=at, changed_at=at)
            for unit, at in wanted
        ],
        batch_size=500,
    )
    told = {"title": "Thông báo tiêm chủng mở rộng", "text": TEXT, "category": "SCIENCE"}
    versions = Version.objects.bulk_create(
        [
            Version(bulletin=one, number=1, edited_by=person, created_at=one.created_at, **told)
            for one in bulletins
        ],
        batch_size=500,
    )
    editions = Edition.objects.bulk_create(
        [
            Edition(
                bulletin=version.bulletin,
                version=version,
                unit_id=version.bulletin.unit_id,
                priority="NORMAL",
                audio_sha256="ab" * 32,
                audio_size=40_000,
                duration_ms=65_000,
                trial_voice=False,
                content_hash="cd" * 32,
                approved_by=person,
                released_by=person,
                released_at=version.created_at,
                **told,
            )
            for version in versions
        ],
        batch_size=300,
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                edition=edition,
                channel="portal",
                state="DONE",
                delivered_at=edition.released_at,
                changed_at=edition.released_at,
            )
            for edition in editions
        ],
        batch_size=500,
    )


if __name__ == "__main__":
    main()
