"""Who hears a voice now: by what the loudspeakers themselves acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vang.alerts.board import LOOKS, NO_DEVICE, Look, State
from vang.alerts.words import reason_words
from vang.dispatch.models import CommandDelivery
from vang.live.models import Session
from vang.stations.models import Cluster
from vang_protocol.commands import item_of


@dataclass(frozen=True)
class Heard:
    """One loudspeaker. ``now``: it acknowledged that the voice sounds, and says nothing else."""

    cluster: Cluster
    look: Look
    why: str
    now: bool


@dataclass(frozen=True)
class Hearing:
    """``on_air``: at least one loudspeaker acknowledged; nothing else counts."""

    rows: Sequence[Heard]
    left_s: int

    @property
    def now(self) -> int:
        return sum(row.now for row in self.rows)

    @property
    def on_air(self) -> bool:
        return self.now > 0


def hearing_of(session: Session, now: datetime) -> Hearing:
    """Two queries."""
    found = CommandDelivery.objects.filter(command=session.command_id)
    deliveries = {one.node.cluster_id: one for one in found.select_related("node")}
    rows = [_row(one, deliveries.get(one.pk), session) for one in session.clusters.order_by("name")]
    left = (session.until - now).total_seconds() if session.state == Session.State.OPEN else 0
    return Hearing(rows, max(0, int(left)))


def _row(cluster: Cluster, one: CommandDelivery | None, session: Session) -> Heard:
    if one is None:
        return Heard(cluster, NO_DEVICE, "", now=False)
    state = State(one.state)
    told = state in {State.REFUSED, State.INTERRUPTED} or (state == State.SENT and one.reason != "")
    why = reason_words(one.reason) if told and one.reason else ""
    sounding = state == State.SOUNDING and not _says_otherwise(one, session)
    look = LOOKS[State.ACCEPTED] if state == State.SOUNDING and not sounding else LOOKS[state]
    return Heard(cluster, look, why, now=sounding and session.state == Session.State.OPEN)


def _says_otherwise(one: CommandDelivery, session: Session) -> bool:
    """Its newest report is later than its acknowledgement and names another sound, or none."""
    node, at = one.node, one.sounding_at
    if node.state_at is None or at is None or node.state_at <= at or session.command_id is None:
        return False
    return bool(node.state.get("playing") != item_of(session.command_id))
