"""DOCX + PDF + XLSX of a province's consolidated report, seconds and memory.

A province of 168 communes with the shipped half-year form: every
commune's report accepted, put together by the service, then each file made by the code behind the
page's download, in a process of its own so that the memory is that file's alone. On SQLite.
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
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
FIRST, LAST = date(2025, 11, 1), date(2026, 5, 31)
COMMUNES = 168
KINDS = ("docx", "pdf", "xlsx")
PASSAGE = (
    "Đài truyền thanh các xã đã phát {n} buổi, tuyên truyền chủ trương của Đảng, chính sách, pháp "
    "luật của Nhà nước, phòng chống thiên tai, cải cách hành chính và chuyển đổi số. "
)


def measure(kind: str, samples: int) -> dict[str, float]:
    """One kind of file, in a process of its own."""
    _set_up()
    from vang.base.papers import as_docx, as_pdf
    from vang.base.sheets import xlsx_file
    from vang.reports.models import Report
    from vang.reports.papers import paper_of, sheets_of

    def asked() -> tuple[Any, Any]:
        report = Report.objects.get(consolidates=True)
        return report, report.filings.latest("number")

    def workbook() -> bytes:
        with xlsx_file(sheets_of(*asked())) as file:
            return file.read()

    ways: dict[str, Callable[[], bytes]] = {
        "docx": lambda: as_docx(paper_of(*asked())),
        "pdf": lambda: as_pdf(paper_of(*asked())),
        "xlsx": workbook,
    }
    asked()
    before, took, size = _memory_mb(), [], 0
    for _sample in range(samples):
        began = time.perf_counter()
        size = len(ways[kind]())
        took.append(time.perf_counter() - began)
    return {
        f"{kind}_first_s": round(took[0], 2),
        f"{kind}_s": round(statistics.median(took), 2),
        f"{kind}_kb": round(size / 1024),
        f"{kind}_memory_mb": _memory_mb(),
        f"{kind}_more_memory_mb": round(_memory_mb() - before, 1),
    }


def _memory_mb() -> float:
    """The most this process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _set_up() -> None:
    import django

    django.setup()


def fill(communes: int) -> dict[str, int]:
    """A province whose communes' reports are accepted and put together."""
    _set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from vang.orgs.models import Unit
    from vang.people.models import Membership
    from vang.people.services import create_person
    from vang.reports.models import Form, Regime, Report, Round
    from vang.reports.services.consolidating import consolidate
    from vang.reports.services.shipping import ship_forms

    ship_forms(now=NOW)
    form = Form.objects.get(unit=None, code="BC-TTCS")
    version = form.versions.get()
    since = date(2025, 7, 1)
    above = Unit.objects.create(
        code="48", valid_from=since, level="PROVINCE", kind="THANH_PHO", name="Đà Nẵng"
    )
    units = [
        Unit(code=f"{n:05d}", valid_from=since, level="COMMUNE", kind="XA", name=f"Quế Sơn {n}",
             parent=above)
        for n in range(communes)
    ]  # fmt: skip
    Unit.objects.bulk_create(units)
    person = create_person(
        username="an", full_name="Nguyễn Văn An", password=os.urandom(9).hex(), by=None, unit=None,
        now=NOW,
    )  # fmt: skip
    Membership.objects.create(person=person, unit=above, role="WRITER", valid_from=FIRST)
    round_ = Round.objects.create(
        regime=Regime.objects.create(form=form, name="Báo cáo thông tin cơ sở 6 tháng", unit=above),
        version=version, name="Đợt tháng 6", covers_from=FIRST, covers_to=LAST,
        opens_on=date(2026, 5, 25), due_on=date(2026, 6, 10), locks_on=date(2026, 7, 10),
        opened_at=NOW,
    )  # fmt: skip
    whole = Report.objects.create(
        round=round_, unit=above, consolidates=True, due_on=date(2026, 6, 15)
    )
    values = _accept(whole, units, list(version.indicators.all()))
    filing = consolidate(report=whole, by=person, now=NOW)
    for n, passage in enumerate(filing.passages.all(), start=1):
        passage.text = "\n".join([PASSAGE.format(n=n * 312) * 3] * 4)
        passage.save()
    return {"communes": communes, "indicators": version.indicators.count(), "values": values}


def _accept(whole: Any, units: list[Any], indicators: list[Any]) -> int:
    from vang.reports.models import Filing, Report, Value

    reports = [
        Report(round=whole.round, unit=unit, above=whole.unit, parent=whole, due_on=whole.due_on)
        for unit in units
    ]
    Report.objects.bulk_create(reports)
    filings = [
        Filing(report=report, number=1, begun_at=NOW, signed_at=NOW, submitted_at=NOW)
        for report in reports
    ]
    Filing.objects.bulk_create(filings)
    for report, filing in zip(reports, filings, strict=True):
        report.current = report.accepted = filing
        report.state, report.late, report.first_submitted_at = "ACCEPTED", False, NOW
    fields = ["current", "accepted", "state", "late", "first_submitted_at"]
    Report.objects.bulk_update(reports, fields, batch_size=500)
    rows = [
        Value(filing=filing, indicator=one, source="S",
              milli=(filing.pk * 7919 + n * 104_729) % 5_000 * 1000 if one.counted else None,
              text="" if one.counted else "Theo kế hoạch")
        for filing in filings
        for n, one in enumerate(indicators)
    ]  # fmt: skip
    Value.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ask", choices=KINDS, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.fill or told.ask:
        print(json.dumps(fill(told.communes) if told.fill else measure(told.ask, told.samples)))
        return
    found: dict[str, Any] = {"bench": "documents"}
    with tempfile.TemporaryDirectory(prefix="vang-bench-documents-") as folder:
        settings = {"VANG_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "vang.config.settings"}
        environment = {**os.environ, "VANG_DATA": folder, **settings}
        for part in (["--fill"], *(["--ask", kind] for kind in KINDS)):
            sizes = ["--communes", str(told.communes), "--samples", str(told.samples)]
            done = subprocess.run(
                [sys.executable, __file__, *part, *sizes],
                env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise SystemExit(done.stderr)
            found |= json.loads(done.stdout.splitlines()[-1])
    found["together_s"] = round(sum(found[f"{kind}_s"] for kind in KINDS), 2)
    found["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
