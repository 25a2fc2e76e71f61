"""A further filing: begun as a copy of the last, which is kept as it was."""

from datetime import datetime
from typing import Any

from vang.people.models import Person
from vang.reports.models import Attachment, Filing, Inclusion, Passage, Report, Value


def next_filing(report: Report, reason: str, *, by: Person | None, now: datetime) -> Filing:
    """With all that the last one had. The caller holds the report."""
    last = report.current
    assert last is not None  # noqa: S101 - only what was begun is amended
    filing = Filing.objects.create(
        report=report, number=last.number + 1, reason=reason[:500], begun_by=by, begun_at=now,
        consolidated_at=last.consolidated_at,
    )  # fmt: skip
    model: Any
    for model in (Value, Passage, Attachment, Inclusion):
        rows = list(model.objects.filter(filing=last).order_by("pk"))
        for row in rows:
            row.pk, row.filing = None, filing
        model.objects.bulk_create(rows)
    return filing
