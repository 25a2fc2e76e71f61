"""What became of a broadcast, in words for residents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE, language_name
from vang.evidence.models import AsRun

State = AsRun.State

STATES: dict[str, str | Promise] = {
    State.PLANNED: pgettext_lazy("public page", "waiting"),
    State.PLAYING: pgettext_lazy("public page", "playing now"),
    State.DONE: pgettext_lazy("public page", "played"),
    State.STOPPED: pgettext_lazy("public page", "stopped before its end"),
    State.PARTIAL: pgettext_lazy("public page", "played in part"),
    State.MISSED: pgettext_lazy("public page", "not played"),
    State.UNKNOWN: pgettext_lazy("public page", "no word from the loudspeaker yet"),
    State.WITHDRAWN: pgettext_lazy("public page", "cancelled before it began"),
}
_NEEDS_NO_REASON = frozenset({State.PLANNED, State.PLAYING})
_DOUBTFUL = pgettext_lazy("public page", "played, but not surely heard")
_MARKS: dict[str, str] = {
    State.DONE: "✓",
    State.MISSED: "✕",
    State.STOPPED: "■",
    State.PARTIAL: "◐",
}
_TONES = {"✓": "good", "✕": "bad"}

# Django's Vietnamese writes "Thứ 4"; offices write "Thứ Tư". This catalogue has the last word.
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

# Keyed by the stable codes of vang_protocol.reasons and of the evidence room.
REASONS: dict[str, str | Promise] = {
    "late": _("the loudspeaker could not begin in time"),
    "not-fetched": _("the sound had not arrived in time"),
    "clock-untrusted": _("the loudspeaker's clock was not right"),
    "plan-expired": _("the loudspeaker's schedule had run out"),
    "expired": _("the loudspeaker's schedule had run out"),
    "node-off": _("the loudspeaker had no power"),
    "power-lost": _("the power failed"),
    "learnt-late": _("the schedule arrived after the broadcast was over"),
    "stopped": _("stopped by the commune"),
    "pre-empted": _("gave way to more urgent news"),
    "busy": _("another notice was playing"),
    "max-play": _("longer than allowed"),
    "outside-hours": _("outside the allowed hours"),
    "quiet-hours": _("in the quiet hours of this place"),
    "sink-failed": _("the loudspeaker was out of order"),
    "play-error": _("the loudspeaker was out of order"),
    "no-node": _("the place has no loudspeaker device yet"),
    "no-word": _("the loudspeaker has not reported"),
    "silence": _("the loudspeaker gave no sound"),
    "wrong-audio": _("another sound was played"),
    "too-short": _("the end was missing"),
    "after-withdrawal": _("it had been withdrawn"),
    "decode-failed": _("the sound file could not be read"),
    "file-not-found": _("the sound had not arrived in time"),
    "wrong-size": _("the sound arrived damaged"),
    "wrong-hash": _("the sound arrived damaged"),
    "disk-full": _("the loudspeaker's memory was full"),
    "server-unreachable": _("the connection to the commune was down"),
    "server-error": _("the connection to the commune was down"),
}


@dataclass(frozen=True)
class Outcome:
    """One loudspeaker's part: ``at`` is the actual start, or the planned one before it is known."""

    cluster: str
    place: str
    at: datetime
    state: str
    mark: str
    tone: str
    words: str
    language: str = ""
    """Its name, when it was not Vietnamese."""


@dataclass(frozen=True)
class Broadcast:
    """One time at which the notice was, or is to be, on the air."""

    start: datetime
    outcomes: list[Outcome]

    @property
    def waiting(self) -> bool:
        return all(outcome.state == State.PLANNED for outcome in self.outcomes)


def reason_words(code: str) -> str:
    """The reason in plain words. A code without words is shown as it is: never hidden."""
    if not code:
        return ""
    known = REASONS.get(code)
    return str(known) if known else gettext("reason code %(code)s") % {"code": code}


def outcome_words(state: str, reason: str) -> str:
    """``not played: the loudspeaker had no power``."""
    words = str(_DOUBTFUL if state == State.DONE and reason else STATES[state])
    why = "" if state in _NEEDS_NO_REASON else reason_words(reason)
    return f"{words}: {why}" if why else words


def outcome_mark(state: str, reason: str) -> str:
    """A sign beside the words; a play in doubt gets no tick."""
    return "•" if state == State.DONE and reason else _MARKS.get(state, "•")


def broadcasts(rows: Iterable[AsRun]) -> Iterator[Broadcast]:
    """As-run rows, ordered by planned start, as one broadcast an occurrence."""
    for _planned, group in groupby(rows, key=lambda row: row.planned_id):
        outcomes = [_outcome(row) for row in group]
        yield Broadcast(min(outcome[0] for outcome in outcomes), [o[1] for o in outcomes])


def _outcome(row: AsRun) -> tuple[datetime, Outcome]:
    at = row.actual_start or row.planned_start
    mark, spoken = outcome_mark(row.state, row.reason), row.planned.language
    outcome = Outcome(
        cluster=row.cluster.name,
        place=row.cluster.place,
        at=at,
        state=row.state,
        mark=mark,
        tone=_TONES.get(mark, ""),
        words=outcome_words(row.state, row.reason),
        language="" if spoken == VIETNAMESE else language_name(spoken),
    )
    return row.planned_start, outcome
