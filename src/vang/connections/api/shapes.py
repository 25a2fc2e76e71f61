"""What the answers look like, and what may be sent."""

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import StringConstraints

from vang.bulletins.content import MAX_TITLE
from vang.bulletins.models import MAX_TEXT

Item = TypeVar("Item")
_NO_NUL = r"^[^\x00]*$"


class Page(Schema, Generic[Item]):
    """One part of a list; ``next`` is the cursor of the following part, null at the end."""

    items: list[Item]
    next: str | None


class No(Schema):
    """A refusal: a stable code, and a sentence."""

    error: str
    detail: str


class UnitShape(Schema):
    """A province, district or commune as it is today."""

    code: str
    level: str
    name: str
    parent: str | None
    valid_from: date


class BulletinLine(Schema):
    """A bulletin in a list."""

    id: int
    unit: str
    state: str
    title: str
    category: str
    priority: str
    changed_at: datetime


class EditionShape(Schema):
    """What was released: approved, frozen, sent to every channel. ``audience`` holds village
    codes; an empty list is the whole commune."""

    id: UUID
    bulletin: int
    unit: str
    title: str
    text: str
    category: str
    priority: str
    audience: list[str]
    audio_sha256: str
    duration_ms: int
    trial_voice: bool
    released_at: datetime
    withdrawn_at: datetime | None


class BulletinShape(BulletinLine):
    """One bulletin with its newest text and what was released of it."""

    text: str
    audience: list[str]
    version: int
    editions: list[UUID]


class BulletinBrought(Schema):
    """A bulletin that another system brings. It becomes a draft: people of the unit review it."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_NO_NUL)]
    """The other system's own key: sending the same again changes nothing."""
    unit: Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=_NO_NUL)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
    category: str = "DIRECTION"
    priority: str = "NORMAL"
    audience: Annotated[list[str], "village codes"] = []


class ScheduledShape(Schema):
    """One occurrence that the signed plan orders; ``clusters`` are cluster codes. Sounds of the
    station (tunes, music, relays) have no edition."""

    item: str
    edition: UUID | None
    title: str
    priority: str
    start: datetime
    duration_ms: int
    clusters: list[str]


class AsRunShape(Schema):
    """One planned occurrence on one cluster, and what became of it by the node's own journal."""

    item: str
    edition: UUID | None
    title: str
    cluster: str
    state: str
    reason: str
    planned_start: datetime
    actual_start: datetime | None
    error_us: int | None
    played_ms: int
    sha256: str
    changed_at: datetime


class LoudspeakerShape(Schema):
    """A speaker cluster and how its device is, as the public may know it."""

    cluster: str
    name: str
    place: str
    villages: list[str]
    active: bool
    presence: str
    last_seen_at: datetime | None
    playing: str
