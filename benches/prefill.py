"""A commune's half-year of records turned into the figures of its report; a round for the nation.

One commune with 20,000 rows of the as-run log and 1,000 bulletins: all system figures of the
half-year form together (median of several), and with half as many records to show the growth. Then
the opening of a round for 3,321 communes of 34 provinces. On SQLite, and the same on a private
PostgreSQL.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
FIRST, LAST = date(2025, 11, 1), date(2026, 5, 31)
PLAYS, BULLETINS, CLUSTERS, COMMUNES, PROVINCES = 20_000, 1_000, 10, 3_321, 34
AIM_FIGURES_MS, AIM_OPENING_S = 300, 10


def measure(plays: int, bulletins: int, communes: int, samples: int) -> dict[str, Any]:
    """In the database at hand."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from vang.reports.facts import Asked, fact_named, figures
    from vang.reports.models import Form, Report
    from vang.reports.services import begin_report
    from vang.reports.services.shipping import ship_forms

    ship_forms(now=NOW)
    form = Form.objects.get(unit=None, code="BC-TTCS")
    unit, writer = commune(plays // 2, bulletins // 2)
    asked = Asked(unit, FIRST, LAST, NOW)
    names = [one.formula for one in form.versions.get().indicators.exclude(formula="")]
    half = _median(lambda: figures(asked, names), samples)
    more(unit, writer, plays - plays // 2, bulletins - bulletins // 2)
    whole = _median(lambda: figures(asked, names), samples)
    told = figures(asked, names)
    if set(told) != set(names) or told["content.written"].milli != bulletins * 1000:
        raise SystemExit("the figures are not those of the records")
    opening_s, round_ = opening(form, communes)
    report = Report.objects.get(round=round_, unit__code="C00001")
    began = time.perf_counter()
    begin_report(report=report, by=_writer_of(report.unit), now=NOW)
    return {
        "database": connection.vendor,
        "figures": len(told),
        "figures_ms": whole,
        "half_as_many_ms": half,
        "growth": round(whole / half, 2),
        "with_records": sum(
            1 for name in names if (fact := fact_named(name)) is not None and fact.records
        ),
        "opening_s": opening_s,
        "reports": Report.objects.filter(round=round_).count(),
        "begin_ms": round((time.perf_counter() - began) * 1000),
    }


def _median(question: Any, samples: int) -> float:
    took = []
    for _sample in range(samples + 1):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took[1:]), 1)


def commune(plays: int, bulletins: int) -> tuple[Any, Any]:
    """A commune with ten clusters and the first half of its records."""
    from vang.orgs.models import Unit
    from vang.people.models import Membership
    from vang.people.services import create_person
    from vang.stations.models import Cluster

    unit = Unit.objects.create(
        code="20662", valid_from=date(2017, 1, 1), level="COMMUNE", kind="XA", name="Quế Thuận"
    )
    writer = create_person(
        username="an", full_name="Nguyễn Văn An", password=os.urandom(9).hex(), by=None, unit=None,
        now=NOW,
    )  # fmt: skip
    Membership.objects.create(person=writer, unit=unit, role="WRITER", valid_from=FIRST)
    Cluster.objects.bulk_create(
        Cluster(unit=unit, code=f"20662-{n:02}", name=f"Cụm {n}") for n in range(CLUSTERS)
    )
    more(unit, writer, plays, bulletins)
    return unit, writer


def more(unit: Any, writer: Any, plays: int, bulletins: int) -> None:
    """Bulletins released through the half-year, each played on every cluster, and counted."""
    from vang.airtime.models import Placement
    from vang.bulletins.models import Bulletin, Category, Edition, Version
    from vang.dispatch.models import PlannedItem
    from vang.evidence.models import AsRun
    from vang.figures.services import mark_everything, recount_due
    from vang.stations.models import Cluster

    kinds = [one.value for one in Category]
    days = (LAST - FIRST).days
    begin = datetime(FIRST.year, FIRST.month, FIRST.day, 10, 0, tzinfo=UTC)
    at = [begin + timedelta(days=n * days // bulletins, minutes=n % 50) for n in range(bulletins)]
    rows = [
        Bulletin(unit=unit, state="RELEASED", created_by=writer, created_at=when, changed_at=when)
        for when in at
    ]
    Bulletin.objects.bulk_create(rows, batch_size=500)
    versions = [
        Version(bulletin=row, number=1, title=f"Tin {row.pk}", text="Nội dung", edited_by=writer,
                category=kinds[n % len(kinds)], created_at=row.created_at)
        for n, row in enumerate(rows)
    ]  # fmt: skip
    Version.objects.bulk_create(versions, batch_size=500)
    editions = [
        Edition(bulletin=one.bulletin, version=one, unit=unit, title=one.title, text=one.text,
                category=one.category, priority="NORMAL", audio_sha256="a" * 64, audio_size=1,
                duration_ms=60_000, trial_voice=False, content_hash="b" * 64, approved_by=writer,
                released_by=writer, released_at=one.created_at)
        for one in versions
    ]  # fmt: skip
    Edition.objects.bulk_create(editions, batch_size=500)
    clusters = list(Cluster.objects.filter(unit=unit))
    each = plays // CLUSTERS
    placements = [
        Placement(
            unit=unit, edition=one, kind="ONCE", start=one.released_at + timedelta(hours=1),
            placed_by=writer, placed_at=one.released_at,
        )
        for one in editions
    ]  # fmt: skip
    Placement.objects.bulk_create(placements, batch_size=500)
    items = [
        PlannedItem(
            placement=placements[n % bulletins],
            unit=unit, item=f"i{editions[n % bulletins].pk}-{n}",
            edition=editions[n % bulletins], title=editions[n % bulletins].title,
            start=at[n % bulletins] + timedelta(hours=1, minutes=10 * (n // bulletins)),
            duration_ms=60_000, audio_sha256="a" * 64, first_version=1, last_version=1,
        )
        for n in range(each)
    ]  # fmt: skip
    PlannedItem.objects.bulk_create(items, batch_size=500)
    AsRun.objects.bulk_create(
        (
            AsRun(planned=item, cluster=cluster, state="DONE", planned_start=item.start,
                  actual_start=item.start, error_us=1000, played_ms=60_000, changed_at=item.start)
            for item in items
            for cluster in clusters
        ),
        batch_size=500,
    )  # fmt: skip
    mark_everything()
    while recount_due(now=NOW):
        pass


def opening(form: Any, communes: int) -> tuple[float, Any]:
    """Seconds for a round of the whole country."""
    from vang.orgs.models import Unit
    from vang.reports.services.opening import Days, open_round
    from vang.reports.services.regimes import Duty, start_regime

    since = date(2017, 1, 1)
    provinces = [
        Unit(code=f"P{n:02}", valid_from=since, level="PROVINCE", kind="TINH", name=f"Tỉnh {n}")
        for n in range(PROVINCES)
    ]
    Unit.objects.bulk_create(provinces)
    Unit.objects.bulk_create(
        (
            Unit(code=f"C{n:05}", valid_from=since, level="COMMUNE", kind="XA", name=f"Xã {n}",
                 parent=provinces[n % PROVINCES])
            for n in range(communes)
        ),
        batch_size=500,
    )  # fmt: skip
    regime = start_regime(
        unit=None, duty=Duty(form=form, name="Cả nước"), terms=(), by=None, now=NOW
    )
    day = NOW.date()
    days = Days(FIRST, LAST, day, day + timedelta(days=9), day + timedelta(days=29))
    began = time.perf_counter()
    made = open_round(regime=regime, name="Báo cáo 10/6", days=days, by=None, now=NOW)
    return round(time.perf_counter() - began, 2), made


def _writer_of(unit: Any) -> Any:
    from vang.people.models import Membership, Person

    writer = Person.objects.get(username="an")
    Membership.objects.create(person=writer, unit=unit, role="WRITER", valid_from=FIRST)
    return writer


def one_database(sizes: list[int], address: str) -> dict[str, Any]:
    """In a process of its own."""
    with tempfile.TemporaryDirectory(prefix="vang-bench-prefill-") as folder:
        environment = {
            **os.environ,
            "VANG_DATA": folder,
            "VANG_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "vang.config.settings",
        }
        told = subprocess.run(
            [sys.executable, __file__, "--ask", *map(str, sizes)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if told.returncode:
        raise SystemExit(told.stderr)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=PLAYS)
    parser.add_argument("--bulletins", type=int, default=BULLETINS)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--samples", type=int, default=9)
    parser.add_argument("--ask", type=int, nargs=4, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.ask:
        print(json.dumps(measure(*told.ask)))
        return
    if "VANG_TEST_DATABASE_URL" not in os.environ:
        within = ["sh", str(ROOT / "tests/on_postgresql.sh"), sys.executable, *sys.argv]
        sys.exit(subprocess.run(within, check=False).returncode)
    sizes = [told.plays, told.bulletins, told.communes, told.samples]
    small = one_database(sizes, "")
    from consolidate import new_database

    large = one_database(sizes, new_database("prefill"))
    worst = max(small["figures_ms"], large["figures_ms"])
    opening_s = max(small["opening_s"], large["opening_s"])
    print(
        json.dumps(
            {
                "bench": "prefill",
                "figures_ms": worst,
                "opening_s": opening_s,
                "growth": max(small["growth"], large["growth"]),
                "aim_figures_ms": AIM_FIGURES_MS,
                "aim_opening_s": AIM_OPENING_S,
                "met": worst <= AIM_FIGURES_MS and opening_s <= AIM_OPENING_S,
                "sqlite": small,
                "postgresql": large,
            }
        )
    )


if __name__ == "__main__":
    main()
