"""A recording as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from vang.captures.models import Capture
from vang.captures.words import problem_words
from vang.relays.words import changes_shown


@dataclass(frozen=True)
class Shown:
    """``state`` is a name of the badges. ``open``: it can still be cancelled."""

    capture: Capture
    state: str
    open: bool
    problem: str | Promise
    changes: list[tuple[datetime, str | None, str | Promise]]

    @property
    def planned_ms(self) -> int:
        return self.capture.minutes * 60_000


def shown(capture: Capture, now: datetime) -> Shown:
    still = capture.cancelled_at is None and capture.ended_at is None
    return Shown(
        capture,
        state=_state(capture, now),
        open=still,
        problem=problem_words(capture.problem),
        changes=changes_shown(capture.changes),
    )


def _state(capture: Capture, now: datetime) -> str:
    if capture.cancelled_at is not None:
        return "superseded"
    if capture.ended_at is not None:
        return "finished" if capture.recorded_ms and not capture.problem else "failed"
    return "waiting" if now < capture.starts_at else "working"
