"""The kinds of journal record and their exact fields."""

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from vang_protocol import fields
from vang_protocol.instants import format_instant
from vang_protocol.limits import DETAIL_CHARS
from vang_protocol.reasons import Reason


class End(Enum):
    """How a play ended. ``power-lost`` is written at the next start."""

    DONE = "done"
    STOPPED = "stopped"
    PRE_EMPTED = "pre-empted"
    MAX_PLAY = "max-play"
    POWER_LOST = "power-lost"
    ERROR = "error"


@dataclass(frozen=True)
class Enrolled:
    kind = "enrolled"
    unit: str
    cluster: str
    public_key: str
    server: str


@dataclass(frozen=True)
class Boot:
    """``torn_bytes``: length of a half-written last line that was cut off; mostly 0."""

    kind = "boot"
    software: str
    sink: str
    torn_bytes: int


@dataclass(frozen=True)
class Shutdown:
    kind = "shutdown"
    detail: str


@dataclass(frozen=True)
class PlanAccepted:
    """``items``: how many it carries; ``refused``: how many of them must not sound."""

    kind = "plan-accepted"
    version: int
    sha256: str
    items: int
    refused: int


@dataclass(frozen=True)
class PlanRefused:
    kind = "plan-refused"
    reason: Reason
    detail: str
    sha256: str


@dataclass(frozen=True)
class Fetched:
    kind = "fetched"
    sha256: str
    bytes: int
    took_ms: int


@dataclass(frozen=True)
class FetchFailed:
    kind = "fetch-failed"
    sha256: str
    reason: Reason
    detail: str
    attempt: int


@dataclass(frozen=True)
class Armed:
    kind = "armed"
    item: str
    sha256: str
    planned: datetime


@dataclass(frozen=True)
class PlayStarted:
    """Written and fsynced before the first sample.

    ``first_sample``: the instant at which sample 0 of the file is due at the device.
    ``part`` is 1, and higher only when the plan lets an interrupted item continue; then
    ``offset_ms`` says from where.
    """

    kind = "play-started"
    item: str
    edition: str
    sha256: str
    plan: int
    planned: datetime
    first_sample: datetime
    volume_db: int
    part: int
    offset_ms: int


@dataclass(frozen=True)
class PlayEnded:
    """Everything measured is None after ``power-lost``: nobody was there to measure.

    ``error_us``: actual minus planned start. ``frames``: samples of the clip handed to the
    device at 48 kHz. ``rms_cdb``: level of the output in hundredths of dBFS.
    """

    kind = "play-ended"
    item: str
    end: End
    part: int
    first_sample_at: datetime | None
    error_us: int | None
    frames: int | None
    xruns: int | None
    rms_cdb: int | None


@dataclass(frozen=True)
class Missed:
    kind = "missed"
    item: str
    edition: str
    planned: datetime
    reason: Reason


@dataclass(frozen=True)
class ClockStep:
    """The system clock jumped by ``step_ms``; ``schedule_kept``: the schedule did not follow."""

    kind = "clock-step"
    step_ms: int
    schedule_kept: bool


@dataclass(frozen=True)
class SinkError:
    kind = "sink-error"
    detail: str


@dataclass(frozen=True)
class Silence:
    """While ``item`` played, the output stayed below the threshold for ``lasted_ms``."""

    kind = "silence"
    item: str
    lasted_ms: int
    rms_cdb: int


@dataclass(frozen=True)
class DiskFull:
    kind = "disk-full"
    needed_bytes: int
    free_bytes: int


@dataclass(frozen=True)
class OrderAccepted:
    """A command is obeyed. ``order`` is its kind, ``people`` who signed it."""

    kind = "order-accepted"
    command: str
    sha256: str
    order: str
    mode: str
    people: str


@dataclass(frozen=True)
class OrderRefused:
    kind = "order-refused"
    command: str
    sha256: str
    reason: Reason
    detail: str


@dataclass(frozen=True)
class LiveHeard:
    """How well a microphone was heard while it sounded here. Frames are of 60 ms.

    ``repaired``: lost, and taken from the frame after it. ``concealed``: lost for good.
    ``refused``: of another key, session or time, or altered.
    """

    kind = "live-heard"
    item: str
    session: str
    received: int
    repaired: int
    concealed: int
    late: int
    refused: int
    longest_gap_ms: int


Event = (
    Enrolled
    | Boot
    | Shutdown
    | PlanAccepted
    | PlanRefused
    | Fetched
    | FetchFailed
    | Armed
    | PlayStarted
    | PlayEnded
    | Missed
    | ClockStep
    | SinkError
    | Silence
    | DiskFull
    | OrderAccepted
    | OrderRefused
    | LiveHeard
)

KINDS: dict[str, type[Event]] = {kind.kind: kind for kind in get_args(Event)}
_HINTS = {kind: get_type_hints(kind) for kind in KINDS.values()}


def event_table(event: Event) -> dict[str, Any]:
    """The kind's own fields as JSON values."""
    return {entry.name: _value(getattr(event, entry.name)) for entry in dataclass_fields(event)}


def parse_event(kind: str, table: dict[str, Any]) -> Event:
    """Raises Refused(BAD_FIELDS) unless ``table`` has exactly the fields of ``kind``."""
    if kind not in KINDS:
        fields.wrong("kind", f"unknown kind {kind[:40]!r}")
    made = KINDS[kind]
    fields.table(table, kind, _HINTS[made])
    return made(**{name: _read(table[name], name, hint) for name, hint in _HINTS[made].items()})


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, Enum):
        return value.value
    return value


def _read(value: Any, name: str, hint: Any) -> Any:
    if isinstance(hint, UnionType):
        inner = next(part for part in get_args(hint) if part is not NoneType)
        return None if value is None else _read(value, name, inner)
    if hint is bool:
        return fields.truth(value, name)
    if hint is int:
        return fields.whole(value, name, -(2**62), 2**62)
    if hint is datetime:
        return fields.instant(value, name)
    if issubclass(hint, Enum):
        return fields.choice(value, name, hint)
    return _named_text(value, name)


def _named_text(value: Any, name: str) -> str:
    if name in {"sha256", "public_key"}:
        return fields.hexadecimal(value, name, 32)
    if name == "session":
        return fields.hexadecimal(value, name, 8)
    if name in {"item", "edition", "unit", "cluster", "command"}:
        return fields.identifier(value, name)
    return fields.text(value, name, DETAIL_CHARS)
