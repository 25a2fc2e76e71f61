"""``vang reports``: what is due, and a report as files, from the command line."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vang.reports.models import Filing, Report

    Words = argparse._SubParsersAction[argparse.ArgumentParser]

REFUSED = 1
"""The exit code where something is not there or cannot be written; 2 is for wrong words."""


def add_reports(words: "Words", django: Callable[[], None]) -> None:
    """The word ``reports`` and what may follow it. ``django`` loads the installation."""
    reports = words.add_parser("reports", help="reports that units owe, and reports as files")
    acts = reports.add_subparsers(required=True, metavar="ACT")
    due = acts.add_parser("due", help="what is owed and not submitted yet, the most urgent first")
    due.add_argument("--unit", default="", metavar="CODE", help="only of this unit and below it")
    due.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    export = acts.add_parser("export", help="one report as DOCX, PDF and XLSX")
    export.add_argument("report", type=int, help="its number: the last part of its page's address")
    export.add_argument("--to", type=Path, required=True, metavar="DIR")
    export.add_argument("--version", type=int, default=0, help="which filing (the last)")
    for parser, act in ((due, _due), (export, _export)):
        parser.set_defaults(do=_loaded(django, act))


def _loaded(
    django: Callable[[], None], act: Callable[[argparse.Namespace], int]
) -> Callable[[argparse.Namespace], int]:
    def do(arguments: argparse.Namespace) -> int:
        django()
        return act(arguments)

    return do


def _due(arguments: argparse.Namespace) -> int:
    from vang.base import clock  # noqa: PLC0415
    from vang.base.clock import local_date  # noqa: PLC0415

    today = local_date(clock.now())
    rows = list(_owed(arguments.unit, today))
    if arguments.unit and not rows and not _known(arguments.unit):
        return _refused(f"there is no unit with the code {arguments.unit}.")
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        left = row["days_left"]
        when = f"{-left} overdue" if left < 0 else f"{left} left"
        print(
            f"{row['report']:>8}  {date.fromisoformat(row['owed_on']):%d/%m/%Y}  {when:>12}  "
            f"{row['state'].lower():9} {row['code']:>8}  {row['unit']} – {row['round']}"
        )
    overdue = sum(row["days_left"] < 0 for row in rows)
    print(f"{len(rows)} due, {overdue} overdue." if rows else "Nothing is due.")
    return 0


def _owed(code: str, today: date) -> Iterator[dict[str, Any]]:
    """Of open rounds. Two queries at most."""
    from django.db.models import F  # noqa: PLC0415
    from django.db.models.functions import Coalesce  # noqa: PLC0415

    from vang.orgs.models import Unit  # noqa: PLC0415
    from vang.orgs.queries import below  # noqa: PLC0415
    from vang.reports.models import Report  # noqa: PLC0415
    from vang.reports.queries import OWED  # noqa: PLC0415

    rows = Report.objects.filter(state__in=OWED, round__opens_on__lte=today)
    if code:
        top = Unit.objects.filter(code=code)
        units = [below(top, level, today).values("pk") for level in Unit.Level.values]
        rows = rows.filter(_among(units) | _among(units, "keeper"))
    ordered = rows.annotate(owed=Coalesce(F("extended_to"), F("due_on")))
    for one in ordered.select_related("unit", "round", "keeper").order_by("owed", "unit__code"):
        owed: date = one.extended_to or one.due_on
        yield {
            "report": one.pk,
            "code": one.unit.code,
            "unit": one.unit.full_name,
            "written_by": one.desk.code,
            "round": one.round.name,
            "state": one.state,
            "due_on": one.due_on.isoformat(),
            "owed_on": owed.isoformat(),
            "days_left": (owed - today).days,
            "late": one.late,
        }


def _among(units: list[Any], column: str = "unit") -> Any:
    from django.db.models import Q  # noqa: PLC0415

    return Q(*((f"{column}__in", some) for some in units), _connector=Q.OR)


def _known(code: str) -> bool:
    from vang.orgs.models import Unit  # noqa: PLC0415

    return Unit.objects.filter(code=code).exists()


def _export(arguments: argparse.Namespace) -> int:
    from vang.base.files import write_atomic  # noqa: PLC0415
    from vang.reports.models import Report  # noqa: PLC0415
    from vang.reports.papers import file_name  # noqa: PLC0415

    report = Report.objects.filter(pk=arguments.report).select_related(
        "round__regime__unit", "round__version__form", "unit__parent", "above", "parent"
    ).first()  # fmt: skip
    if report is None:
        return _refused(f"there is no report with the number {arguments.report}.")
    filings = report.filings.order_by("-number")
    if arguments.version:
        filings = filings.filter(number=arguments.version)
    filing = filings.first()
    if filing is None:
        which = f"no filing {arguments.version}" if arguments.version else "not been begun"
        return _refused(f"report {arguments.report} has {which}.")
    folder: Path = arguments.to
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in _files(report, filing):
            path = folder / f"{file_name(report, filing)}.{ending}"
            write_atomic(path, content)
            print(f"{path}  {len(content)} bytes")
    except OSError as error:
        return _refused(f"{folder}: {error.strerror or error}.")
    return 0


def _files(report: "Report", filing: "Filing") -> Iterator[tuple[str, bytes]]:
    """Each with the ending of its name, made only when it is its turn."""
    from vang.base.papers import as_docx, as_pdf  # noqa: PLC0415
    from vang.base.sheets import xlsx_file  # noqa: PLC0415
    from vang.reports.papers import paper_of, sheets_of  # noqa: PLC0415

    paper = paper_of(report, filing)
    yield "docx", as_docx(paper)
    yield "pdf", as_pdf(paper)
    with xlsx_file(sheets_of(report, filing)) as made:
        yield "xlsx", made.read()


def _refused(told: str) -> int:
    print(f"vang: {told}", file=sys.stderr)
    return REFUSED
