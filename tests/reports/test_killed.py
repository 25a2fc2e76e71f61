"""A process that dies in the middle of a long act leaves everything as it was, and the act can be
done again."""

import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.reports.reporting import accepted, figure, fresh
from vang.cli import main
from vang.people.models import Person
from vang.reports.models import Filing, Inclusion, Move, Report
from vang.reports.services import consolidate

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
pytestmark = pytest.mark.django_db(transaction=True)

BEGIN = """
import sys
from datetime import datetime
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
"""
PUT_TOGETHER = """
from django.db import transaction
from vang.people.models import Person
from vang.reports.models import Report
from vang.reports.services import consolidate
with transaction.atomic():
    report, by = Report.objects.get(pk=sys.argv[2]), Person.objects.get(pk=sys.argv[3])
    consolidate(report=report, by=by, now=datetime.fromisoformat(sys.argv[4]))
    print("put together", flush=True)
    sys.stdin.read()
"""
EXPORT = """
from vang.cli import main
sys.stdout.reconfigure(line_buffering=True)
main(["reports", "export", sys.argv[2], "--to", sys.argv[3]])
"""


def killed_after_its_first_line(act: str, *words: object) -> str:
    """Run the act in a process of its own, on the same database."""
    name = str(settings.DATABASES["default"]["NAME"])
    program = [sys.executable, "-c", BEGIN + act, name, *map(str, words)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        process.kill()
    return told


def test_while_reports_are_put_together(
    report: Report, above: Report, an: Person, binh: Person, dao: Person
) -> None:
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    told = killed_after_its_first_line(PUT_TOGETHER, above.pk, dao.pk, MAY.isoformat())
    assert told == "put together\n"
    assert fresh(above).state == "EXPECTED"
    assert not Filing.objects.filter(report=above).exists()
    assert not Inclusion.objects.exists()
    assert not Move.objects.filter(report=above).exists()
    consolidate(report=above, by=dao, now=MAY)
    assert figure(above, "channels.talks") == 5_000


def test_while_a_report_is_written_into_files(
    report: Report, above: Report, an: Person, binh: Person, dao: Person, tmp_path: Path
) -> None:
    """Every file that bears its name is whole."""
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    told = killed_after_its_first_line(EXPORT, report.pk, tmp_path)
    assert ".docx" in told
    there = {one.suffix: one for one in tmp_path.iterdir() if not one.name.startswith(".writing")}
    assert zipfile.ZipFile(there[".docx"]).testzip() is None
    if ".pdf" in there:
        assert there[".pdf"].read_bytes().rstrip().endswith(b"%%EOF")
    assert main(["reports", "export", str(report.pk), "--to", str(tmp_path)]) == 0
    assert {one.suffix for one in tmp_path.iterdir()} >= {".docx", ".pdf", ".xlsx"}
