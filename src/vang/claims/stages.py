"""How far a claim has come. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ANSWERED_VERDICTS = frozenset({"FALSE", "MISLEADING", "OUT_OF_CONTEXT"})
"""Verdicts that call for a published answer, unless somebody says why not."""


class Stage(StrEnum):
    VERIFYING = "verifying"
    ANSWERING = "answering"
    ANSWERED = "rebutted"
    NO_ANSWER = "no_answer"
    CLOSED = "closed_claim"


@dataclass(frozen=True)
class Facts:
    """What the stage depends on; ``answered_at``: when the answer was released and still stands."""

    verdict: str
    unanswered: bool
    answered_at: datetime | None
    closed: bool


def stage_of(facts: Facts) -> Stage:
    if facts.closed:
        return Stage.CLOSED
    if not facts.verdict:
        return Stage.VERIFYING
    if facts.answered_at is not None:
        return Stage.ANSWERED
    if facts.unanswered or facts.verdict not in ANSWERED_VERDICTS:
        return Stage.NO_ANSWER
    return Stage.ANSWERING


@dataclass(frozen=True)
class Deadline:
    """One time limit: kept, missed, or running."""

    due_at: datetime
    done_at: datetime | None
    needed: bool

    @property
    def waiting(self) -> bool:
        """Needed, and not done yet."""
        return self.needed and self.done_at is None

    def late(self, now: datetime) -> bool:
        return self.needed and (self.done_at or now) > self.due_at
