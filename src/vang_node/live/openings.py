"""Why something may be heard as it comes: people opened a microphone, or the plan has a relay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vang_protocol.commands import Command, Live, item_of
from vang_protocol.plans import Priority
from vang_protocol.relays import Relay

VOICE, PROGRAMME = 0.5, -0.5
"""A voice stands above its priority, another station's programme below everything of ours."""


@dataclass(frozen=True)
class Opening:
    """``item`` is its id in plan and journal; ``session`` and ``key`` (hex) name its frames.

    ``sha256``: of what was signed. ``planned`` is None for a command. ``lift`` is added to the
    rank of ``priority``.
    """

    item: str
    edition: str
    title: str
    session: str
    key: str
    sha256: str
    begins: datetime
    until: datetime
    priority: Priority
    volume_db: int
    lift: float
    planned: datetime | None = None

    @property
    def rank(self) -> float:
        return self.priority.rank + self.lift


def of_command(command: Command, live: Live, sha256: str) -> Opening:
    """A microphone; ``sha256`` of the command."""
    return Opening(
        item=item_of(command.id),
        edition=item_of(command.id),
        title=live.session,
        session=live.session,
        key=live.key,
        sha256=sha256,
        begins=command.not_before,
        until=command.expires,
        priority=command.priority,
        volume_db=command.volume_db,
        lift=VOICE,
    )


def of_relay(relay: Relay) -> Opening:
    """Another station's programme, in its time and not a moment longer."""
    return Opening(
        item=relay.id,
        edition=f"relay-{relay.session}",
        title=relay.title,
        session=relay.session,
        key=relay.key,
        sha256=relay.sha256,
        begins=relay.start,
        until=relay.start + timedelta(milliseconds=relay.duration_ms),
        priority=Priority.NORMAL,
        volume_db=relay.volume_db,
        lift=PROGRAMME,
        planned=relay.start,
    )
