"""What became of one planned occurrence on one cluster: a fold over the node's own records.

Pure. ``DONE`` with an empty reason is the only proof that villagers could hear the whole of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vang_protocol.reasons import Reason
from vang_protocol.records import End, Missed, PlayEnded, PlayStarted, Silence

SAMPLES_A_MS = 48
WHOLE = 0.97  # of the approved length: the last frame of a file is padding
NO_SIGNAL_CDB = -9000


class State(StrEnum):
    """The same names as AsRun.State."""

    PLANNED = "PLANNED"
    PLAYING = "PLAYING"
    DONE = "DONE"
    STOPPED = "STOPPED"
    PARTIAL = "PARTIAL"
    MISSED = "MISSED"
    UNKNOWN = "UNKNOWN"
    WITHDRAWN = "WITHDRAWN"


class Doubt(StrEnum):
    """Reasons of the server's own, beside those of the protocol."""

    NO_NODE = "no-node"
    NO_WORD = "no-word"
    SILENCE = "silence"
    WRONG_AUDIO = "wrong-audio"
    TOO_SHORT = "too-short"
    POWER_LOST = "power-lost"
    MAX_PLAY = "max-play"
    PLAY_ERROR = "play-error"
    AFTER_WITHDRAWAL = "after-withdrawal"


@dataclass(frozen=True)
class Approved:
    """The sound that was approved, and when the order to play it was withdrawn."""

    sha256: str
    duration_ms: int
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """``error_us``: first sample minus planned; ``rms_cdb``: hundredths of dBFS."""

    state: State = State.PLANNED
    reason: str = ""
    actual_start: datetime | None = None
    error_us: int | None = None
    played_ms: int = 0
    rms_cdb: int | None = None
    sha256: str = ""


PlayEvent = PlayStarted | PlayEnded | Missed | Silence
HEARD = frozenset({State.PLAYING, State.DONE, State.STOPPED, State.PARTIAL})

_ENDS: dict[End, tuple[State, str]] = {
    End.DONE: (State.DONE, ""),
    End.STOPPED: (State.STOPPED, Reason.STOPPED.value),
    End.PRE_EMPTED: (State.PARTIAL, Reason.PRE_EMPTED.value),
    End.MAX_PLAY: (State.PARTIAL, Doubt.MAX_PLAY),
    End.POWER_LOST: (State.PARTIAL, Doubt.POWER_LOST),
    End.ERROR: (State.PARTIAL, Doubt.PLAY_ERROR),
}


def after(outcome: Outcome, event: PlayEvent, approved: Approved) -> Outcome:
    """The outcome once ``event``, in the journal's order, is known."""
    match event:
        case PlayStarted():
            return _started(outcome, event, approved)
        case PlayEnded():
            return _ended(outcome, event, approved)
        case Silence():
            return replace(outcome, reason=Doubt.SILENCE)
        case Missed():
            return _missed(outcome, event)


def _started(outcome: Outcome, event: PlayStarted, approved: Approved) -> Outcome:
    doubt = ""
    if event.sha256 != approved.sha256:
        doubt = Doubt.WRONG_AUDIO
    elif approved.withdrawn_at is not None and event.first_sample > approved.withdrawn_at:
        doubt = Doubt.AFTER_WITHDRAWAL
    if event.part > 1:
        return replace(outcome, state=State.PLAYING, reason=doubt)
    return Outcome(State.PLAYING, doubt, event.first_sample, sha256=event.sha256)


def _ended(outcome: Outcome, event: PlayEnded, approved: Approved) -> Outcome:
    state, reason = _ENDS[event.end]
    played = outcome.played_ms + (event.frames or 0) // SAMPLES_A_MS
    if state is State.DONE and played < WHOLE * approved.duration_ms:
        state, reason = State.PARTIAL, Doubt.TOO_SHORT
    return replace(
        outcome,
        state=state,
        reason=_kept_doubt(outcome, event) or reason,
        # The whole item began where its first part began.
        actual_start=(event.part == 1 and event.first_sample_at) or outcome.actual_start,
        error_us=event.error_us if event.part == 1 else outcome.error_us,
        played_ms=played,
        rms_cdb=event.rms_cdb,
    )


def _kept_doubt(outcome: Outcome, event: PlayEnded) -> str:
    """A doubt about the sound itself outlives a good end."""
    if outcome.reason in {Doubt.WRONG_AUDIO, Doubt.SILENCE, Doubt.AFTER_WITHDRAWAL}:
        return outcome.reason
    quiet = event.rms_cdb is not None and event.rms_cdb <= NO_SIGNAL_CDB
    return Doubt.SILENCE if quiet and event.frames else ""


def _missed(outcome: Outcome, event: Missed) -> Outcome:
    if outcome.state in HEARD:
        return outcome
    if event.reason is Reason.STOPPED:
        return replace(outcome, state=State.WITHDRAWN, reason=Reason.STOPPED.value)
    return replace(outcome, state=State.MISSED, reason=event.reason.value)


def is_proved(state: str, reason: str) -> bool:
    """Green: the whole approved sound was played, and nothing speaks against it."""
    return state == State.DONE and not reason
