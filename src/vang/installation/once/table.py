"""What ``--once`` prints: a table for people, then one JSON line for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from vang.base.clock import VIETNAM
from vang.evidence.models import AsRun
from vang.installation.once.columns import aligned
from vang.installation.once.takes import Verdict


@dataclass(frozen=True)
class Row:
    """One node's play."""

    node: str
    planned: str
    first_sample_error_ms: float | None
    seconds: float
    sha256: str
    journal_verified: bool
    same_sound: bool
    state: str
    reason: str
    wav: str


def row_of(as_run: AsRun, verdict: Verdict | None, *, verified: bool) -> Row:
    """A row of the table; without a verdict nothing was captured."""
    return Row(
        node=as_run.cluster.name,
        planned=f"{as_run.planned_start.astimezone(VIETNAM):%H:%M:%S.%f}"[:-3],
        first_sample_error_ms=round(verdict.error_ms, 2) if verdict else None,
        seconds=round(verdict.seconds if verdict else as_run.played_ms / 1000, 2),
        sha256=as_run.sha256,
        journal_verified=verified,
        same_sound=verdict is not None and verdict.match.same,
        state=as_run.state,
        reason=as_run.reason,
        wav=str(verdict.wav) if verdict else "",
    )


_HEADINGS = ("node", "planned", "error ms", "seconds", "sha256", "journal", "sound", "state")


def _cells(row: Row) -> tuple[str, ...]:
    error = "–" if row.first_sample_error_ms is None else f"{row.first_sample_error_ms:+.2f}"
    return (
        row.node,
        row.planned,
        error,
        f"{row.seconds:.2f}",
        row.sha256[:16],
        "verified" if row.journal_verified else "NOT VERIFIED",
        "approved" if row.same_sound else "NOT THE APPROVED",
        f"{row.state} {row.reason}".strip(),
    )


def as_table(rows: Sequence[Row]) -> str:
    """For people."""
    return aligned([_HEADINGS, *map(_cells, rows)])


def as_json(rows: Sequence[Row], *, passed: bool, page: str, data: str) -> str:
    """One line."""
    content = {"passed": passed, "page": page, "data": data, "nodes": [asdict(r) for r in rows]}
    return json.dumps(content, ensure_ascii=False)
