"""What a node says about itself, every 15 s and on change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from vang_protocol import fields
from vang_protocol.healths import Health, health_table, parse_health
from vang_protocol.instants import format_instant
from vang_protocol.limits import NAME_CHARS, STATE_ITEMS, VOLUME_FLOOR_DB


class ItemState(Enum):
    PLANNED = "planned"
    FETCHING = "fetching"
    VERIFIED = "verified"
    ARMED = "armed"
    PLAYING = "playing"
    DONE = "done"
    PRE_EMPTED = "pre-empted"
    MISSED = "missed"


class SinkState(Enum):
    """``silent``: an item is playing and nothing is heard at the output."""

    OK = "ok"
    SILENT = "silent"
    FAILED = "failed"


class ClockSource(Enum):
    """``server``: confirmed by the server; ``system``: the device's own, above its floor."""

    SERVER = "server"
    SYSTEM = "system"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True)
class ClockState:
    """``offset_us``: trusted time minus system time. ``error_us``: bound, or None unknown."""

    source: ClockSource
    offset_us: int
    error_us: int | None


@dataclass(frozen=True)
class NodeState:
    """``journal_seq`` and ``journal_head``: the last record written, and its hash.

    ``health`` is None from a node that does not tell it.
    """

    node: str
    boot: str
    software: str
    plan_version: int
    plan_sha256: str | None
    playing: str | None
    volume_db: int
    clock: ClockState
    journal_seq: int
    journal_head: str
    free_mb: int
    sink: SinkState
    items: Mapping[str, ItemState]
    health: Health | None = None
    release: "ReleaseState | None" = None


@dataclass(frozen=True)
class ReleaseState:
    """What it runs and follows, for nodes that take releases by themselves.

    ``configuration`` 0: none. ``installed_at`` None: it came with its package. ``healthy`` is
    False while a release is being tried out.
    """

    version: str
    configuration: int
    installed_at: datetime | None
    healthy: bool


_FIELDS = [
    "node",
    "boot",
    "software",
    "plan_version",
    "plan_sha256",
    "playing",
    "volume_db",
    "clock",
    "journal_seq",
    "journal_head",
    "free_mb",
    "sink",
    "items",
]


def state_table(state: NodeState) -> dict[str, Any]:
    """The JSON object of a state. What a node has nothing to say about is left out."""
    release = {"release": _release_table(state.release)} if state.release else {}
    health = {} if state.health is None else {"health": health_table(state.health)}
    return {
        **release,
        "node": state.node,
        "boot": state.boot,
        "software": state.software,
        "plan_version": state.plan_version,
        "plan_sha256": state.plan_sha256,
        "playing": state.playing,
        "volume_db": state.volume_db,
        "clock": {
            "source": state.clock.source.value,
            "offset_us": state.clock.offset_us,
            "error_us": state.clock.error_us,
        },
        "journal_seq": state.journal_seq,
        "journal_head": state.journal_head,
        "free_mb": state.free_mb,
        "sink": state.sink.value,
        "items": {item: value.value for item, value in state.items.items()},
        **health,
    }


def parse_state(value: Any) -> NodeState:
    """The state in a decoded JSON object; raises Refused(BAD_FIELDS)."""
    table = fields.table(value, "state", _FIELDS, optional=("health", "release"))
    return NodeState(
        node=fields.identifier(table["node"], "node"),
        boot=fields.identifier(table["boot"], "boot"),
        software=fields.text(table["software"], "software", NAME_CHARS),
        plan_version=fields.whole(table["plan_version"], "plan_version", 0, 2**53),
        plan_sha256=fields.optional(
            table["plan_sha256"],
            lambda value: fields.hexadecimal(value, "plan_sha256", 32),
        ),
        playing=fields.optional(
            table["playing"], lambda value: fields.identifier(value, "playing")
        ),
        volume_db=fields.whole(table["volume_db"], "volume_db", VOLUME_FLOOR_DB, 0),
        clock=_clock(table["clock"]),
        journal_seq=fields.whole(table["journal_seq"], "journal_seq", 0, 2**53),
        journal_head=fields.hexadecimal(table["journal_head"], "journal_head", 32),
        free_mb=fields.whole(table["free_mb"], "free_mb", 0, 2**40),
        sink=fields.choice(table["sink"], "sink", SinkState),
        items=_items(table["items"]),
        health=parse_health(table["health"]) if "health" in table else None,
        release=fields.optional(table.get("release"), _release),
    )


def _release(value: Any) -> ReleaseState:
    names = ("version", "configuration", "installed_at", "healthy")
    table = fields.table(value, "release", names)
    return ReleaseState(
        version=fields.text(table["version"], "release.version", NAME_CHARS, 1),
        configuration=fields.whole(table["configuration"], "release.configuration", 0, 2**53),
        installed_at=fields.optional(
            table["installed_at"], lambda told: fields.instant(told, "release.installed_at")
        ),
        healthy=fields.truth(table["healthy"], "release.healthy"),
    )


def _release_table(release: ReleaseState) -> dict[str, Any]:
    return {
        "version": release.version,
        "configuration": release.configuration,
        "installed_at": release.installed_at and format_instant(release.installed_at),
        "healthy": release.healthy,
    }


def _clock(value: Any) -> ClockState:
    table = fields.table(value, "clock", ("source", "offset_us", "error_us"))
    return ClockState(
        source=fields.choice(table["source"], "clock.source", ClockSource),
        offset_us=fields.whole(table["offset_us"], "clock.offset_us", -(2**62), 2**62),
        error_us=fields.optional(
            table["error_us"],
            lambda value: fields.whole(value, "clock.error_us", 0, 2**62),
        ),
    )


def _items(value: Any) -> dict[str, ItemState]:
    if not isinstance(value, dict) or len(value) > STATE_ITEMS:
        fields.wrong("items", f"not an object of at most {STATE_ITEMS} entries")
    return {
        fields.identifier(item, "items"): fields.choice(entry, f"items.{item}", ItemState)
        for item, entry in value.items()
    }
