"""What proves that a loudspeaker sounds again: a play that it told of, and how loud it was."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from vang.evidence.models import AsRun
from vang.repairs.kinds import SILENT_MS
from vang.repairs.models import PlayCheck, TestCall, Ticket

QUIET_CDB = -6_000


@dataclass(frozen=True)
class Proof:
    """A whole play since the technician arrived. ``heard``: the microphone's word, "" without one.

    ``rms_cdb`` and ``sent_cdb`` in hundredths of dBFS. ``test``: it was the test broadcast.
    """

    as_run: int
    item: str
    title: str
    start: datetime
    played_ms: int
    rms_cdb: int | None
    silent_ms: int | None
    sent_cdb: int | None
    heard: str
    score: int | None
    test: bool

    @property
    def sounds(self) -> bool:
        """Loud enough at the output, never mute, and not contradicted by a microphone."""
        loud = self.rms_cdb is not None and self.rms_cdb > QUIET_CDB
        mute = self.silent_ms is not None and self.silent_ms >= SILENT_MS
        return loud and not mute and self.heard != "not-heard"

    def table(self) -> dict[str, Any]:
        return {**asdict(self), "start": self.start.isoformat()}


def proof_of(ticket: Ticket, tests: Iterable[TestCall] | None = None) -> Proof | None:
    """The newest whole play at the cluster since the technician arrived; the test's own first."""
    if ticket.there_at is None:
        return None
    asked = ticket.tests.all() if tests is None else tests
    bulletins = {one.bulletin_id for one in asked if one.bulletin_id is not None}
    rows = AsRun.objects.filter(
        cluster=ticket.cluster_id,
        planned_start__gte=ticket.there_at,
        state=AsRun.State.DONE,
        reason="",
    ).select_related("planned__edition")
    newest = rows.annotate(**_CHECKED).order_by("-planned_start", "-pk")[:20]
    proofs = [_proof(row, bulletins) for row in newest]
    sounding = [one for one in proofs if one.sounds]
    return next(iter(sorted(sounding, key=lambda one: not one.test) or proofs), None)


_CHECK = PlayCheck.objects.filter(node=OuterRef("node"), item=OuterRef("planned__item")).order_by()
_CHECKED = {
    f"check_{name}": Subquery(_CHECK.values(name)[:1])
    for name in ("silent_ms", "sent_cdb", "heard", "score")
}


def _proof(row: Any, tests: set[int]) -> Proof:
    planned = row.planned
    return Proof(
        as_run=row.pk,
        item=planned.item,
        title=planned.title,
        start=row.actual_start or row.planned_start,
        played_ms=row.played_ms,
        rms_cdb=row.rms_cdb,
        silent_ms=row.check_silent_ms,
        sent_cdb=row.check_sent_cdb,
        heard=row.check_heard or "",
        score=row.check_score,
        test=planned.edition is not None and planned.edition.bulletin_id in tests,
    )
