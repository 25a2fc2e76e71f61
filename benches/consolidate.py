"""A round of 3,321 communes put together by province, beside the bare SQL.

3,321 communes × 100 indicators × 20 half-years on a private PostgreSQL (6.6 million values, loaded
by COPY): one round for 34 provinces and for one province, as it was and mapped to today (one
commune in ten became part of another, one in a hundred was divided in two). Beside it one province
on SQLite.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
PROVINCES, COMMUNES, INDICATORS, ROUNDS = 34, 3_321, 100, 20
AIM_NATIONAL_MS, AIM_PROVINCE_MS = 500, 50

BARE = """
SELECT p.id, v.indicator_id, SUM(v.milli) FROM reports_report r
JOIN orgs_unit u ON u.id = r.unit_id JOIN orgs_unit p ON p.id = u.parent_id
JOIN reports_value v ON v.filing_id = r.accepted_id
WHERE r.round_id = %s GROUP BY p.id, v.indicator_id
"""


def measure(communes: int, rounds: int, samples: int) -> dict[str, Any]:
    """In the database at hand: fill it, then ask."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from vang.orgs.models import Unit
    from vang.reports.consolidation import by_place
    from vang.reports.models import Round, Value

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    fill(communes, rounds)
    filled_s = time.perf_counter() - began
    asked = list(Round.objects.order_by("covers_to"))[rounds // 2]
    province = Unit.objects.filter(level="PROVINCE").order_by("code")[PROVINCES // 2]

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [asked.pk])
            cursor.fetchall()

    questions: dict[str, Callable[[], object]] = {
        "national": lambda: by_place(asked, "PROVINCE"),
        "national_today": lambda: by_place(asked, "PROVINCE", today=True),
        "province": lambda: by_place(asked, "PROVINCE", only=province),
        "province_today": lambda: by_place(asked, "PROVINCE", only=province, today=True),
        "province_communes": lambda: by_place(asked, "COMMUNE", only=province),
        "bare_sql": bare,
    }
    told: dict[str, Any] = {
        "values": Value.objects.count(),
        "filled_s": round(filled_s, 1),
        "database": connection.vendor,
    }
    check(asked)
    for name, question in questions.items():
        took = [_ms(question) for _ in range(samples + 1)][1:]
        told[f"{name}_ms"] = round(statistics.median(took), 1)
        told[f"{name}_max_ms"] = round(max(took), 1)
    return told


def _ms(question: Callable[[], object]) -> float:
    began = time.perf_counter()
    question()
    return (time.perf_counter() - began) * 1000


def check(asked: Any) -> None:
    """As it was and mapped to today tell the same nation, exactly, as the bare sum does."""
    from django.db.models import Sum

    from vang.reports.consolidation import by_place, total_of
    from vang.reports.models import Value

    filings = asked.reports.filter(consolidates=False).values("accepted")
    rows = Value.objects.filter(filing__in=filings).order_by().values_list("indicator")
    bare = {key: int(total) for key, total in rows.annotate(Sum("milli"))}
    for today in (False, True):
        whole = total_of(by_place(asked, "PROVINCE", today=today))
        if {key: milli for (_place, key), milli in whole.sums.items()} != bare:
            raise SystemExit("the sums of the provinces are not the sum of their communes")


def fill(communes: int, rounds: int) -> None:
    """Units, changes, one form of 100 indicators, rounds, and every value."""
    from vang.orgs.models import Unit
    from vang.reports.models import Form, FormVersion, Indicator, Regime

    since = date(2010, 1, 1)
    above = [
        Unit(code=f"{n:02d}", valid_from=since, level="PROVINCE", kind="TINH", name=f"Tỉnh {n}")
        for n in range(PROVINCES)
    ]
    Unit.objects.bulk_create(above)
    units = [
        Unit(code=f"{n:05d}", valid_from=since, level="COMMUNE", kind="XA", name=f"Xã {n}",
             parent=above[n % PROVINCES])
        for n in range(communes)
    ]  # fmt: skip
    Unit.objects.bulk_create(units, batch_size=1000)
    change(units)
    form = Form.objects.create(code="BENCH", name="Bench")
    version = FormVersion.objects.create(
        form=form, number=1, state="ISSUED", begun_at=NOW, issued_at=NOW
    )
    indicators = [
        Indicator(version=version, place=n, code=f"i{n}", group="AIRTIME", name=f"Chỉ tiêu {n}")
        for n in range(INDICATORS)
    ]
    Indicator.objects.bulk_create(indicators)
    regime = Regime.objects.create(form=form, name="Bench")
    for number in range(rounds):
        _round(number, regime, version, units, indicators)
    _settle()


def change(units: list[Any]) -> None:
    """One commune in ten is part of its neighbour by today, one in a hundred of two others."""
    from vang.orgs.models import Standing

    gone = [n for n in range(len(units)) if n % 10 == 0]
    Standing.objects.filter(unit__in=[units[n].pk for n in gone]).delete()
    rows = []
    for n in gone:
        heirs = [units[(n + 1) % len(units)]]
        if n % 100 == 0:
            heirs.append(units[(n + 2) % len(units)])
        rows += [
            Standing(unit=units[n], today_unit=heir, share_num=1, share_den=len(heirs))
            for heir in heirs
        ]
    Standing.objects.bulk_create(rows)


def _round(number: int, regime: Any, version: Any, units: list[Any], indicators: list[Any]) -> None:
    from vang.reports.models import Filing, Report, Round

    year, half = 2016 + number // 2, number % 2
    first, last = (date(year, 1, 1), date(year, 6, 30)) if half == 0 else (
        date(year, 7, 1), date(year, 12, 31))  # fmt: skip
    round_ = Round.objects.create(
        regime=regime, version=version, name=f"Đợt {number}", covers_from=first, covers_to=last,
        opens_on=last, due_on=last, locks_on=last, opened_at=NOW,
    )  # fmt: skip
    reports = [Report(round=round_, unit=unit, above=unit.parent, due_on=last) for unit in units]
    Report.objects.bulk_create(reports, batch_size=1000)
    filings = [
        Filing(report=report, number=1, begun_at=NOW, signed_at=NOW, submitted_at=NOW)
        for report in reports
    ]
    Filing.objects.bulk_create(filings, batch_size=1000)
    for report, filing in zip(reports, filings, strict=True):
        report.current = report.accepted = filing
        report.state, report.late, report.first_submitted_at = "ACCEPTED", False, NOW
    fields = ["current", "accepted", "state", "late", "first_submitted_at"]
    Report.objects.bulk_update(reports, fields, batch_size=500)
    _copy_values([one.pk for one in filings], [one.pk for one in indicators])


def _values(filings: list[int], indicators: list[int]) -> Iterator[tuple[int, int, int]]:
    for filing in filings:
        for n, indicator in enumerate(indicators):
            yield filing, indicator, (filing * 7919 + n * 104_729) % 5_000 * 1000


def _copy_values(filings: list[int], indicators: list[int]) -> None:
    from django.db import connection

    from vang.reports.models import Value

    if connection.vendor != "postgresql":
        rows = (
            Value(filing_id=filing, indicator_id=indicator, milli=milli, system_milli=milli,
                  source="S")
            for filing, indicator, milli in _values(filings, indicators)
        )  # fmt: skip
        Value.objects.bulk_create(rows, batch_size=5000)
        return
    lines = io.StringIO()
    for filing, indicator, milli in _values(filings, indicators):
        lines.write(f"{filing}\t{indicator}\t{milli}\t{milli}\tS\t\t\n")
    columns = "filing_id, indicator_id, milli, system_milli, source, text, note"
    statement = f"COPY reports_value ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(lines.getvalue())


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def one_database(communes: int, rounds: int, samples: int, address: str) -> dict[str, Any]:
    """In a process of its own."""
    with tempfile.TemporaryDirectory(prefix="vang-bench-consolidate-") as folder:
        environment = {
            **os.environ,
            "VANG_DATA": folder,
            "VANG_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "vang.config.settings",
        }
        sizes = [str(n) for n in (communes, rounds, samples)]
        told = subprocess.run(
            [sys.executable, __file__, "--ask", *sizes],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if told.returncode:
        raise SystemExit(told.stderr)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def new_database(name: str) -> str:
    import psycopg

    host = os.environ["VANG_TEST_DATABASE_URL"].partition("host=")[2]
    with psycopg.connect(f"host={host} user=vang dbname=postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"postgresql://vang@/{name}?host={host}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--samples", type=int, default=15)
    parser.add_argument("--ask", type=int, nargs=3, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.ask:
        print(json.dumps(measure(*told.ask)))
        return
    if "VANG_TEST_DATABASE_URL" not in os.environ:
        within = ["sh", str(ROOT / "tests/on_postgresql.sh"), sys.executable, *sys.argv]
        sys.exit(subprocess.run(within, check=False).returncode)
    large = one_database(told.communes, told.rounds, told.samples, new_database("consolidate"))
    # One province alone, as its own server keeps it.
    small = one_database(told.communes // PROVINCES, told.rounds, told.samples, "")
    aims = {
        "national_ms": AIM_NATIONAL_MS,
        "national_today_ms": AIM_NATIONAL_MS,
        "province_ms": AIM_PROVINCE_MS,
        "province_today_ms": AIM_PROVINCE_MS,
    }
    above = [name for name, aim in aims.items() if large[name] > aim]
    print(
        json.dumps(
            {
                "bench": "consolidate",
                **large,
                "sqlite_province_ms": small["national_ms"],
                "sqlite_province_today_ms": small["national_today_ms"],
                "sqlite_values": small["values"],
                "aim_national_ms": AIM_NATIONAL_MS,
                "aim_province_ms": AIM_PROVINCE_MS,
                "above_aim": above,
                "met": not above,
                "load": round(os.getloadavg()[0], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
