"""``vang reports``."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.reports.reporting import submitted
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.cli import main
from vang.people.models import Person
from vang.reports.models import Report
from vang.reports.services import extend_report

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
JUNE = datetime(2026, 6, 12, 3, 0).astimezone()
Caught = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_june() -> object:
    use_clock(ManualClock(JUNE))
    yield
    use_clock(SystemClock())


def test_what_is_due_is_listed_the_most_urgent_first(
    report: Report, report_b: Report, above: Report, dao: Person, capsys: Caught
) -> None:
    extend_report(report=report, until=JUNE.date().replace(day=20), reason="bão", by=dao, now=MAY)
    assert main(["reports", "due", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["days_left"]) for one in told] == [
        (report_b.unit.code, -2), ("509", -2), (report.unit.code, 8),
    ]  # fmt: skip
    assert (told[2]["due_on"], told[2]["owed_on"]) == ("2026-06-10", "2026-06-20")
    assert main(["reports", "due", "--unit", report.unit.code]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "20/06/2026        8 left" in lines[0]
    assert "Xã Quế Thuận – Báo cáo 10/6 năm 2026" in lines[0]
    assert main(["reports", "due", "--unit", "509"]) == 0
    assert "3 due, 2 overdue." in capsys.readouterr().out
    assert main(["reports", "due", "--unit", "xyz"]) == 1
    assert "no unit with the code xyz" in capsys.readouterr().err


def test_without_a_round_nothing_is_due(db: None, capsys: Caught) -> None:
    assert main(["reports", "due"]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"


def test_a_report_is_taken_away_as_three_files(
    report: Report, report_b: Report, an: Person, binh: Person, tmp_path: Path, capsys: Caught
) -> None:
    submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    to = tmp_path / "báo cáo"
    assert main(["reports", "export", str(report.pk), "--to", str(to)]) == 0
    name = f"bao-cao-{report.unit.code}-20251101-20260531-lan-1"
    assert sorted(one.name for one in to.iterdir()) == [
        f"{name}.{ending}" for ending in ("docx", "pdf", "xlsx")
    ]
    words = Document(str(to / f"{name}.docx")).paragraphs
    assert any("Xã Quế Thuận báo cáo kết quả" in one.text for one in words)
    assert (to / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    book = load_workbook(io.BytesIO((to / f"{name}.xlsx").read_bytes()))
    assert book.sheetnames == ["Số liệu"]
    assert capsys.readouterr().out.count(" bytes") == 3


def test_what_cannot_be_exported_is_said_in_one_sentence(
    report: Report, an: Person, binh: Person, tmp_path: Path, capsys: Caught
) -> None:
    to = ["--to", str(tmp_path)]
    assert main(["reports", "export", "999999", *to]) == 1
    assert "no report with the number 999999" in capsys.readouterr().err
    assert main(["reports", "export", str(report.pk), *to]) == 1
    assert "not been begun" in capsys.readouterr().err
    submitted(report, {}, writer=an, signer=binh, now=MAY)
    assert main(["reports", "export", str(report.pk), "--version", "7", *to]) == 1
    assert "no filing 7" in capsys.readouterr().err
    (tmp_path / "file").write_text("x")
    assert main(["reports", "export", str(report.pk), "--to", str(tmp_path / "file")]) == 1
    assert "file: File exists" in capsys.readouterr().err
