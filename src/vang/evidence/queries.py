"""Reading the as-run log and the state of the journals."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Prefetch, QuerySet

from vang.base.clock import VIETNAM
from vang.evidence.models import AsRun, JournalFault, JournalRecord
from vang.evidence.outcomes import is_proved
from vang.orgs.models import Unit
from vang.stations.models import Node

State = AsRun.State


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which the local day begins and ends."""
    begins = datetime.combine(day, time(0), VIETNAM)
    return begins, begins + timedelta(days=1)


def as_run_of(
    unit: Unit, day: date, *, cluster: int | None = None, state: str = ""
) -> QuerySet[AsRun]:
    """Rows of one local day by time, then cluster, with all that a table shows."""
    begins, ends = day_bounds(day)
    rows = AsRun.objects.filter(
        planned__unit=unit, planned_start__gte=begins, planned_start__lt=ends
    )
    if cluster is not None:
        rows = rows.filter(cluster=cluster)
    if state:
        rows = rows.filter(state=state)
    wanted = rows.select_related("planned", "cluster")
    return wanted.order_by("planned_start", "cluster__name", "pk")


@dataclass(frozen=True)
class Count:
    """How a day went so far. ``proved`` are whole plays that nothing speaks against."""

    planned: int
    proved: int
    open: int
    amiss: int


def day_count(unit: Unit, day: date) -> Count:
    """One query, whatever the day holds."""
    begins, ends = day_bounds(day)
    rows = AsRun.objects.filter(
        planned__unit=unit, planned_start__gte=begins, planned_start__lt=ends
    )
    return counted(rows.order_by().values_list("state", "reason"))


def counted(rows: Iterable[tuple[str, str]]) -> Count:
    """Withdrawn and stopped plays are neither proved nor amiss: somebody wanted them so."""
    tally: Counter[str] = Counter(_kind(state, reason) for state, reason in rows)
    total = sum(tally.values()) - tally["withdrawn"]
    return Count(total, tally["proved"], tally["open"], tally["amiss"])


def _kind(state: str, reason: str) -> str:
    if state == State.WITHDRAWN:
        return "withdrawn"
    if is_proved(state, reason):
        return "proved"
    if state in {State.PLANNED, State.PLAYING}:
        return "open"
    return "stopped" if state == State.STOPPED else "amiss"


def open_faults(unit: Unit) -> QuerySet[JournalFault]:
    """Faults of the commune's nodes that nothing has closed, newest first."""
    faults = JournalFault.objects.filter(node__cluster__unit=unit, resolved_at__isnull=True)
    return faults.select_related("node__cluster").order_by("-noticed_at", "-pk")


@dataclass(frozen=True)
class Journal:
    """A node's journal as it stands. ``through`` is the last line of the unbroken chain."""

    node: Node
    through: int
    received_at: datetime | None
    faults: list[JournalFault]

    @property
    def open_faults(self) -> list[JournalFault]:
        return [fault for fault in self.faults if fault.resolved_at is None]

    @property
    def behind(self) -> int:
        """Lines that the node says it has written and the server does not have."""
        return max(0, int(self.node.state.get("journal_seq", 0)) - self.through)

    @property
    def look(self) -> str:
        reasons = {fault.reason for fault in self.open_faults}
        if not reasons:
            return "journal_verified" if self.through else "unknown"
        return "journal_gap" if reasons == {"gap"} else "journal_tampered"


def journals(unit: Unit) -> list[Journal]:
    """Every node of the commune that ever wrote, those in service first."""
    faults = JournalFault.objects.order_by("-noticed_at", "-pk")
    nodes = (
        Node.objects.filter(cluster__unit=unit)
        .select_related("cluster")
        .prefetch_related(Prefetch("faults", queryset=faults))
        .order_by("retired_at", "cluster__name", "pk")
    )
    heads = _heads(unit)
    return [
        Journal(node, *heads.get(node.pk, (0, None)), list(node.faults.all()))
        for node in sorted(nodes, key=lambda node: node.retired_at is not None)
    ]


def _heads(unit: Unit) -> dict[str, tuple[int, datetime | None]]:
    records = JournalRecord.objects.filter(node__cluster__unit=unit).order_by()
    rows = records.values_list("node").annotate(Max("seq"), Max("received_at"))
    return {node: (through, received) for node, through, received in rows}
