"""The as-run log of a day as a table to take away."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from vang.base.sheets import Column, Kind, Row
from vang.evidence.rows import Line


def columns() -> list[Column]:
    return [
        Column(_("Day"), Kind.DATE),
        Column(_("Planned for"), Kind.CLOCK),
        Column(_("Bulletin"), width=40),
        Column(_("Language"), width=18),
        Column(_("Cluster"), width=22),
        Column(_("Outcome"), width=16),
        Column(_("Reason"), width=30),
        Column(_("Began"), Kind.CLOCK),
        Column(_("Deviation (ms)"), Kind.NUMBER),
        Column(_("Length played"), Kind.LENGTH),
        Column(_("Level (dBFS)"), Kind.NUMBER),
        Column(_("Device")),
        Column("SHA-256", width=66),
    ]


def rows(lines: Iterable[Line]) -> Iterator[Row]:
    for line in lines:
        row = line.row
        yield (
            timezone.localtime(row.planned_start).date(),
            row.planned_start,
            line.title,
            line.language,
            row.cluster.name,
            row.get_state_display(),
            line.label or line.reason,
            line.actual,
            line.error_ms,
            _length(line),
            line.loudness_dbfs,
            row.node_id or "",
            row.sha256,
        )


def _length(line: Line) -> timedelta | None:
    return timedelta(milliseconds=line.row.played_ms) if line.row.played_ms else None
