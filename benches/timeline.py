"""How long it takes to lay out the air of 500, 1,000 and 5,000 communes, 7 days of 10 items each.

A *day-plan set* is one day of every commune. The first figure is the pure timeline from wishes in
memory; the second begins in the database (SQLite, the rows as the services write them) and reads
and lays out the week. Every item must find its place, or the run fails: an empty day is quick.
Seconds are of one process on one core; ``cpu`` is the processor time of the same work, which
other programs on the machine do not lengthen.
"""

import json
import os
import resource
import sys
import tempfile
import time as clock
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = tempfile.TemporaryDirectory(prefix="vang-bench-")
os.environ["VANG_DATA"] = FOLDER.name
os.environ["VANG_DATABASE_URL"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "vang.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from vang.airtime.models import Placement, Programme  # noqa: E402
from vang.airtime.policies import DEFAULT_POLICY  # noqa: E402
from vang.airtime.queries import wishes_of  # noqa: E402
from vang.airtime.recurrence import Rule  # noqa: E402
from vang.airtime.timeline import Schedule, UnitAirtime  # noqa: E402
from vang.airtime.wishes import Kind, Wish  # noqa: E402
from vang.bulletins.models import Bulletin, Edition, Version  # noqa: E402
from vang.orgs.models import Unit  # noqa: E402
from vang.people.models import Person  # noqa: E402
from vang.stations.models import Cluster  # noqa: E402
from vang_protocol.plans import Priority  # noqa: E402

SIZES = (500, 1000, 5000)
CLUSTERS = 20
DAYS = 7
ITEMS = 10
FIRST = date(2026, 6, 8)  # a Monday
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PLACED = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
SESSIONS = ("05:00", "10:30", "17:00")
BATCH = 500
TARGET_S = 2.0


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall and of the processor."""

    wall: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    wall, cpu = clock.perf_counter(), clock.process_time()
    work()
    return Spent(clock.perf_counter() - wall, clock.process_time() - cpu)


def sounds(commune: int) -> Iterator[tuple[str, int, str, tuple[str, ...], int]]:
    """(hour, seconds, priority, audience, day or -1 for daily) of one commune's wishes.

    Six items every day in three programmes, four more on each day, one of them of priority and
    two for a few villages only.
    """
    for number in range(6):
        yield SESSIONS[number % 3], 120 + 30 * (number % 4), "NORMAL", (), -1
    for day in range(DAYS):
        yield "17:00", 60 + commune % 30, "PRIORITY", (), day
        yield "17:05", 90, "NORMAL", (), day
        yield "05:05", 120, "NORMAL", (_village(commune, 1), _village(commune, 2)), day
        yield "05:05", 120, "NORMAL", (_village(commune, 3),), day


def _village(commune: int, number: int) -> str:
    return f"{commune:05}.{number:02}"


def _start(day: int, hour: str) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), time.fromisoformat(hour), VIETNAM)


def in_memory(commune: int) -> UnitAirtime:
    wishes = [_wish(number, *sound) for number, sound in enumerate(sounds(commune), start=1)]
    clusters = {
        f"c{commune:05}-{n:02}": frozenset({_village(commune, n)}) for n in range(1, CLUSTERS + 1)
    }
    return UnitAirtime(f"{commune:05}", DEFAULT_POLICY, wishes, {}, clusters)


def _wish(
    number: int, hour: str, seconds: int, priority: str, audience: tuple[str, ...], day: int
) -> Wish:
    rule = Rule(time.fromisoformat(hour), VIETNAM.key, "1111111", FIRST)
    return Wish(
        placement=number,
        edition=f"edition-{number}",
        title="Thông báo",
        priority=Priority(priority),
        duration_ms=seconds * 1000,
        audience=audience,
        kind=Kind.PROGRAMME if day < 0 else Kind.ONCE,
        when=rule if day < 0 else _start(day, hour),
        placed_at=PLACED + timedelta(seconds=number),
    )


def lay_out(air: UnitAirtime) -> None:
    schedule = Schedule(air)
    for number in range(DAYS):
        day = schedule.day(FIRST + timedelta(days=number))
        if len(day.items) != ITEMS or day.unplaced:
            sys.exit(f"{air.unit} {day.day}: {len(day.items)} items, {len(day.unplaced)} unplaced")


def lay_out_all(airs: Iterable[UnitAirtime]) -> None:
    for air in airs:
        lay_out(air)


def pure(size: int) -> dict[str, Any]:
    airs = [in_memory(commune) for commune in range(size)]
    return _figures(size, spent(lambda: lay_out_all(airs)))


def _figures(size: int, took: Spent) -> dict[str, Any]:
    return {
        "communes": size,
        "week_s": round(took.wall, 3),
        "day_set_s": round(took.wall / DAYS, 3),
        "day_set_cpu_s": round(took.cpu / DAYS, 3),
        "us_per_commune_day": round(took.cpu / DAYS / size * 1e6, 1),
    }


def fill(first: int, last: int) -> None:
    """The rows of the communes ``first`` to ``last`` − 1, written in bulk."""
    person, _made = Person.objects.get_or_create(username="an", defaults={"created_at": PLACED})
    for begin in range(first, last, BATCH):
        _fill_batch(range(begin, min(begin + BATCH, last)), person)


def _fill_batch(communes: range, person: Person) -> None:
    units = Unit.objects.bulk_create(_unit(f"{n:05}", "COMMUNE", "XA", None) for n in communes)
    for unit, number in zip(units, communes, strict=True):
        unit.number = number  # type: ignore[attr-defined]
    _fill_clusters(units)
    _fill_placements(units, person)


def _fill_clusters(units: list[Unit]) -> None:
    numbered = [(unit, n) for unit in units for n in range(1, CLUSTERS + 1)]
    villages = Unit.objects.bulk_create(
        _unit(f"{unit.code}.{n:02}", "VILLAGE", "THON", unit) for unit, n in numbered
    )
    clusters = Cluster.objects.bulk_create(
        Cluster(unit=unit, code=f"c{unit.code}-{n:02}", name=f"Cụm {n}") for unit, n in numbered
    )
    through = Cluster.villages.through
    through.objects.bulk_create(
        through(cluster_id=cluster.pk, unit_id=village.pk)
        for cluster, village in zip(clusters, villages, strict=True)
    )


def _unit(code: str, level: str, kind: str, parent: Unit | None) -> Unit:
    return Unit(
        code=code, valid_from=date(2020, 1, 1), level=level, kind=kind, name=code, parent=parent
    )


def _fill_placements(units: list[Unit], person: Person) -> None:
    programmes = Programme.objects.bulk_create(
        Programme(
            unit=unit, name=hour, starts_at=time.fromisoformat(hour), valid_from=date(2026, 1, 1)
        )
        for unit in units
        for hour in SESSIONS
    )
    of_hour = {(p.unit_id, f"{p.starts_at:%H:%M}"): p for p in programmes}
    rows = [(unit, n, sound) for unit in units for n, sound in enumerate(_sounds_of(unit), start=1)]
    # What is said on the first day is said again on the others.
    said = [row for row in rows if row[2][4] <= 0]
    editions = {
        _said(row): edition for row, edition in zip(said, _editions(said, person), strict=True)
    }
    Placement.objects.bulk_create(
        _placement(*row, editions[_said(row)], of_hour, person) for row in rows
    )


def _said(row: tuple[Unit, int, Any]) -> tuple[object, ...]:
    """What tells one commune's bulletins apart."""
    unit, number, sound = row
    return (unit.pk, *sound[:4], number if sound[4] < 0 else 0)


def _sounds_of(unit: Unit) -> Iterator[tuple[str, int, str, tuple[str, ...], int]]:
    return sounds(unit.number)  # type: ignore[attr-defined]


def _editions(rows: list[tuple[Unit, int, Any]], person: Person) -> list[Edition]:
    bulletins = Bulletin.objects.bulk_create(
        Bulletin(unit=unit, created_by=person, created_at=PLACED, changed_at=PLACED)
        for unit, _n, _s in rows
    )
    content = [
        {
            "title": "Thông báo",
            "text": "Thông báo lịch cắt điện. " * 10,
            "category": "LOCAL_LIFE",
            "priority": priority,
            "audience": list(audience),
        }
        for _u, _n, (_hour, _s, priority, audience, _day) in rows
    ]
    versions = Version.objects.bulk_create(
        Version(bulletin=bulletin, number=1, edited_by=person, created_at=PLACED, **said)
        for bulletin, said in zip(bulletins, content, strict=True)
    )
    return Edition.objects.bulk_create(
        Edition(
            bulletin=version.bulletin,
            version=version,
            unit=unit,
            audio_sha256="ab" * 32,
            audio_size=40_000,
            duration_ms=seconds * 1000,
            trial_voice=True,
            content_hash="cd" * 32,
            approved_by=person,
            released_by=person,
            released_at=PLACED,
            **said,
        )
        for version, (unit, _n, (_h, seconds, _p, _a, _d)), said in zip(
            versions, rows, content, strict=True
        )
    )


def _placement(
    unit: Unit,
    number: int,
    sound: tuple[str, int, str, tuple[str, ...], int],
    edition: Edition,
    of_hour: dict[tuple[int, str], Programme],
    person: Person,
) -> Placement:
    hour, _seconds, _priority, _audience, day = sound
    recurring = day < 0
    return Placement(
        unit=unit,
        edition=edition,
        kind=Placement.Kind.PROGRAMME if recurring else Placement.Kind.ONCE,
        start=None if recurring else _start(day, hour),
        programme=of_hour[unit.pk, hour] if recurring else None,
        from_day=FIRST if recurring else None,
        placed_by=person,
        placed_at=PLACED + timedelta(seconds=number),
    )


def from_database(size: int) -> dict[str, Any]:
    """Read and lay out the week of ``size`` communes, 500 at a time."""
    units = list(Unit.objects.filter(level="COMMUNE").order_by("code")[:size])
    last = FIRST + timedelta(days=DAYS - 1)
    reading: list[float] = []

    def work() -> None:
        for begin in range(0, size, BATCH):
            before = clock.process_time()
            airs = wishes_of(units[begin : begin + BATCH], FIRST, last)
            reading.append(clock.process_time() - before)
            lay_out_all(airs.values())

    figures = _figures(size, spent(work))
    return {**figures, "read_cpu_s": round(sum(reading), 3)}


def measured_database() -> list[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    figures, filled = [], 0
    for size in SIZES:
        fill(filled, size)
        filled = size
        figures.append(from_database(size))
    return figures


def main() -> None:
    rss_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = [pure(size) for size in SIZES]
    rss_pure = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    database = measured_database()
    largest = memory[-1]
    line = {
        "bench": "timeline",
        "days": DAYS,
        "items_a_day": ITEMS,
        "clusters": CLUSTERS,
        "day_set_s": largest["day_set_s"],
        "target_s": TARGET_S,
        "within_target": largest["day_set_s"] <= TARGET_S,
        "growth_per_commune": _growth(memory),
        "pure": memory,
        "database_day_set_s": database[-1]["day_set_s"],
        "database_growth_per_commune": _growth(database),
        "database": database,
        "rss_mb": {"start": rss_before // 1024, "after_pure": rss_pure // 1024},
        "load_average": os.getloadavg()[0],
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
        "database_mb": round((Path(FOLDER.name) / "db.sqlite3").stat().st_size / 1e6),
    }
    print(json.dumps(line, ensure_ascii=False))


def _growth(figures: list[dict[str, Any]]) -> float:
    """Processor time a commune at the largest size against the smallest: 1 is linear."""
    smallest, largest = (float(figures[at]["us_per_commune_day"]) for at in (0, -1))
    return round(largest / smallest, 2)


if __name__ == "__main__":
    main()
