"""How far a repair is. Pure."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Step(StrEnum):
    OPEN = "repair_open"
    SENT = "repair_sent"
    ON_WAY = "repair_on_way"
    THERE = "repair_there"
    FOUND = "repair_found"
    CLOSED = "repair_closed"


class Followed(Protocol):
    """A ticket, as far as its steps go."""

    sent_at: datetime | None
    on_way_at: datetime | None
    there_at: datetime | None
    cause: str
    closed_at: datetime | None


def step_of(ticket: Followed) -> Step:
    """The last step that was reached."""
    if ticket.closed_at is not None:
        return Step.CLOSED
    if ticket.there_at is not None:
        return Step.FOUND if ticket.cause else Step.THERE
    if ticket.on_way_at is not None:
        return Step.ON_WAY
    return Step.SENT if ticket.sent_at is not None else Step.OPEN
