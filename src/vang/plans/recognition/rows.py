"""What is read of a plan: rows with their passages, and what is told of the plan itself."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from vang.library.official.fields import Field
from vang.plans.recognition.deadlines import Deadline
from vang.plans.recognition.periods import Period


class Kind(StrEnum):
    """What a row is. Those from ``HEADING`` on stand in the body of the plan."""

    HEAD = "head"
    TITLE = "title"
    BASIS = "basis"
    RECIPIENT = "recipient"
    SIGNATURE = "signature"
    LAYOUT = "layout"
    NOTE = "note"
    HEADING = "heading"
    SITUATION = "situation"
    OBJECTIVE = "objective"
    CONTENT = "content"
    SOLUTION = "solution"
    TASK = "task"
    MONEY = "money"
    TIME = "time"
    SCOPE = "scope"
    REPORTING = "reporting"
    CLOSING = "closing"
    UNKNOWN = "unknown"


class Manner(StrEnum):
    """How a duty is given."""

    PLAIN = ""
    ASSIGNED = "assigned"
    REQUESTED = "requested"


class Doubt(StrEnum):
    """Why a person should look at a row twice."""

    LEAD_UNKNOWN = "lead-unknown"
    LEAD_GUESSED = "lead-guessed"
    LEAD_FROM_ABOVE = "lead-from-above"
    COLUMNS = "columns"


@dataclass(frozen=True)
class Duty:
    """One of the things that a paragraph asks for. ``start`` and ``end`` are places in the text of
    the whole document."""

    text: str
    start: int
    end: int
    cooperating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True)
class Target:
    """A figure to reach: "100% số thôn", "ít nhất 02 lớp"."""

    text: str
    number: float
    unit: str


@dataclass(frozen=True)
class Row:
    """One paragraph, or several that belong together. ``text`` is without the mark; the document's
    text from ``start`` to ``end`` is the exact passage; ``also`` are the passages of the lines that
    tell more of it ("Thời gian: …"); ``code`` is such as "V.1.2"."""

    kind: Kind
    text: str
    start: int
    end: int
    code: str = ""
    depth: int = 0
    path: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    manner: Manner = Manner.PLAIN
    deadlines: tuple[Deadline, ...] = ()
    product: str = ""
    duties: tuple[Duty, ...] = ()
    targets: tuple[Target, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    also: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Reporting:
    """Who reports to whom and when, and who is told next."""

    reporters: tuple[str, ...]
    to: tuple[str, ...]
    onward: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Actor:
    """An organisation with duties and the codes of the rows that name them."""

    name: str
    organisations: tuple[str, ...]
    section: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class PlanDraft:
    """A whole plan. ``text`` is what all places count in."""

    text: str
    fields: tuple[Field, ...]
    title: str
    issuer: str
    number: str
    issued_on: date | None
    place: str
    period: Period | None
    bases: tuple[str, ...]
    mentioned: tuple[str, ...]
    recipients: tuple[str, ...]
    signer: str
    signer_post: str
    authority: str
    rows: tuple[Row, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    actors: tuple[Actor, ...] = ()
    kind: str = ""
    doubts: tuple[str, ...] = field(default=())

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]
