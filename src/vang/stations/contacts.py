"""What nodes report about themselves, written in batches: never a row for a heartbeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vang.base.rewriting import rewrite
from vang.stations.models import Attendance, Node
from vang.stations.presence import Listening, attended
from vang.stations.queries import trusted
from vang.stations.suspending import doubt
from vang_protocol.states import NodeState, state_table

LINK_EVERY_S = 15
POLL_EVERY_S = 30


@dataclass(frozen=True)
class Report:
    """One sign of life. ``state`` is None when only contact was made, or when it ``left``."""

    node: str
    at: datetime
    state: NodeState | None = None
    every_s: int = LINK_EVERY_S
    left: bool = False


@transaction.atomic
def record_states(reports: Sequence[Report], *, now: datetime) -> frozenset[str]:
    """Write the newest report of each node in one update; also notes that the server listens.

    Returns the ids that belong to no node in service: their links must be closed.
    """
    _attend(now)
    newest = {report.node: report for report in sorted(reports, key=_order)}
    nodes = list(Node.objects.filter(trusted(), pk__in=newest))
    twice = [node for node in nodes if _apply(node, newest[node.pk], now)]
    rewrite(nodes, _WRITTEN)
    for node in twice:
        doubt(node, now=now, why="boots")
    return frozenset(newest) - {node.pk for node in nodes}


_WRITTEN = ["last_seen_at", "state", "state_at", "every_s", "left_at", "former_boot"]


def _order(report: Report) -> tuple[datetime, bool]:
    return report.at, report.left


def _apply(node: Node, report: Report, now: datetime) -> bool:
    """Whether a start came back that another had followed: two programs take turns as one."""
    at = min(report.at, now)  # a link process whose clock runs ahead makes nobody immortal
    if report.left:
        node.left_at = at
        return False
    if node.last_seen_at is None or at >= node.last_seen_at:
        node.last_seen_at, node.every_s = at, report.every_s
    if report.state is not None and (node.state_at is None or at >= node.state_at):
        twice = _boots_again(node, report.state.boot)
        node.state, node.state_at = state_table(report.state), at
        return twice
    return False


def _boots_again(node: Node, boot: str) -> bool:
    before = node.state.get("boot", "")
    if before in {"", boot}:
        return False
    came_back = boot == node.former_boot
    node.former_boot = before
    return came_back


def _attend(now: datetime) -> None:
    row = Attendance.objects.select_for_update().order_by("pk").first()
    known = Listening(row.began_at, row.last_at) if row else None
    since = attended(known, now=now)
    if row is None:
        Attendance.objects.create(began_at=since.began, last_at=since.last)
    elif since != known:
        Attendance.objects.filter(pk=row.pk).update(began_at=since.began, last_at=since.last)
