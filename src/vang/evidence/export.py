"""The as-run log of a day as a table that spreadsheet programs open."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from vang.base.display import vi_date, vi_number, vi_time
from vang.evidence.rows import Line

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def as_csv(lines: Iterable[Line]) -> str:
    """Semicolons and a byte order mark, as a Vietnamese spreadsheet expects."""
    sheet = io.StringIO()
    sheet.write("\ufeff")
    writer = csv.writer(sheet, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_head())
    writer.writerows([harmless(cell) for cell in _cells(line)] for line in lines)
    return sheet.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. Plain numbers stay numbers."""
    number = cell.removeprefix("-").replace(",", "", 1).replace(".", "")
    if cell.startswith(_DANGEROUS) and not number.isdigit():
        return f"'{cell}"
    return cell


def _head() -> list[str]:
    return [
        _("Day"),
        _("Planned for"),
        _("Bulletin"),
        _("Cluster"),
        _("Outcome"),
        _("Reason"),
        _("Began"),
        _("Deviation (ms)"),
        _("Length played (s)"),
        _("Level (dBFS)"),
        _("Device"),
        "SHA-256",
    ]


def _cells(line: Line) -> list[str]:
    row = line.row
    return [
        vi_date(row.planned_start),
        vi_time(row.planned_start),
        line.title,
        row.cluster.name,
        row.get_state_display(),
        line.label or line.reason,
        _with_seconds(line),
        vi_number(line.error_ms),
        vi_number(round(row.played_ms / 1000, 1)),
        vi_number(line.loudness_dbfs),
        row.node_id or "",
        row.sha256,
    ]


def _with_seconds(line: Line) -> str:
    return timezone.localtime(line.actual).strftime("%H:%M:%S") if line.actual else ""
