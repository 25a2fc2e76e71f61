"""Another station's programme in the plan: carried as it comes, in frames of a live session.

The plan gives it its time, its places and the key of its frames. A node lets it be heard only
within this time and the allowed hours, below everything that was planned, and only while frames
come: whatever else the plan holds goes on otherwise.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    DAY_MS,
    ITEM_CLUSTERS,
    LEAST_BUFFER_MS,
    MOST_BUFFER_MS,
    TITLE_CHARS,
    VOLUME_FLOOR_DB,
)


@dataclass(frozen=True)
class Relay:
    """One occurrence. Its ``id`` stays the same over plan versions, as that of an item.

    ``session`` (16 hex digits) and ``key`` (raw Ed25519 public key, hex) name whose frames are
    heard; ``buffer_ms``: how long after it came to the server a sound is heard, the same
    everywhere.
    """

    id: str
    title: str
    start: datetime
    duration_ms: int
    clusters: tuple[str, ...]
    volume_db: int
    session: str
    key: str
    buffer_ms: int

    @property
    def sha256(self) -> str:
        """What journal and log name in place of a file's hash: session and key."""
        return strict_json.digest(strict_json.canonical({"session": self.session, "key": self.key}))


_FIELDS = [
    "id",
    "title",
    "start",
    "duration_ms",
    "clusters",
    "volume_db",
    "session",
    "key",
    "buffer_ms",
]


def parse_relays(value: Any, most: int) -> tuple[Relay, ...]:
    """Raises Refused(BAD_FIELDS). An empty list is left out instead."""
    rows = fields.rows(value, "relays", most)
    if not rows:
        fields.wrong("relays", "left out where there is none")
    return tuple(_relay(one, f"relays[{index}]") for index, one in enumerate(rows))


def _relay(value: Any, where: str) -> Relay:
    table = fields.table(value, where, _FIELDS)
    clusters = fields.rows(table["clusters"], f"{where}.clusters", ITEM_CLUSTERS)
    if not clusters:
        fields.wrong(f"{where}.clusters", "an audience must be spelt out")
    buffer_ms = fields.whole(
        table["buffer_ms"], f"{where}.buffer_ms", LEAST_BUFFER_MS, MOST_BUFFER_MS
    )
    return Relay(
        id=fields.identifier(table["id"], f"{where}.id"),
        title=fields.text(table["title"], f"{where}.title", TITLE_CHARS),
        start=fields.instant(table["start"], f"{where}.start"),
        duration_ms=fields.whole(table["duration_ms"], f"{where}.duration_ms", 1, DAY_MS),
        clusters=tuple(fields.identifier(one, f"{where}.clusters") for one in clusters),
        volume_db=fields.whole(table["volume_db"], f"{where}.volume_db", VOLUME_FLOOR_DB, 0),
        session=fields.hexadecimal(table["session"], f"{where}.session", 8),
        key=fields.hexadecimal(table["key"], f"{where}.key", 32),
        buffer_ms=buffer_ms,
    )


def relay_table(relay: Relay) -> dict[str, Any]:
    """As the plan writes it."""
    return {
        "id": relay.id,
        "title": relay.title,
        "start": format_instant(relay.start),
        "duration_ms": relay.duration_ms,
        "clusters": list(relay.clusters),
        "volume_db": relay.volume_db,
        "session": relay.session,
        "key": relay.key,
        "buffer_ms": relay.buffer_ms,
    }
