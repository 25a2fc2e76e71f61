"""The signed weekly plan of one unit: what plays where, when, how loud and how long."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.envelopes import PLAN_TYPE, SigningKey, sign_envelope
from vang_protocol.hours import Windows, parse_windows, zone_named
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    AUDIO_BYTES,
    DAY_MS,
    ITEM_CLUSTERS,
    PLAN_BYTES,
    PLAN_ITEMS,
    PLAN_RELAYS,
    TITLE_CHARS,
    VOLUME_FLOOR_DB,
)
from vang_protocol.relays import Relay, parse_relays, relay_table
from vang_protocol.volumes import ClusterOrders, orders_table, parse_orders


class Priority(Enum):
    """The law's three: thông thường, ưu tiên, khẩn cấp."""

    NORMAL = "NORMAL"
    PRIORITY = "PRIORITY"
    EMERGENCY = "EMERGENCY"

    @property
    def rank(self) -> int:
        """Higher pre-empts lower."""
        return list(Priority).index(self)


class Resume(Enum):
    """What becomes of an item that a higher priority interrupted."""

    DROP = "drop"
    RESTART = "restart"
    RESUME = "resume"
    KEEP = "keep"
    """It runs on unheard, as a relayed programme does, and is heard again where it has come to."""


@dataclass(frozen=True)
class Audio:
    """One file, named by its SHA-256. ``codec`` is opus (Ogg Opus, 48 kHz, mono)."""

    sha256: str
    bytes: int
    codec: str
    duration_ms: int


@dataclass(frozen=True)
class PlanItem:
    """One occurrence. Its ``id`` stays the same over plan versions: it never plays twice."""

    id: str
    edition: str
    title: str
    start: datetime
    duration_ms: int
    priority: Priority
    audio: Audio
    clusters: tuple[str, ...]
    max_play_ms: int
    volume_db: int
    resume: Resume

    @property
    def sounding_ms(self) -> int:
        """How long it can be heard at most; ``duration_ms`` is only its place in the plan."""
        return min(self.max_play_ms, self.audio.duration_ms)


@dataclass(frozen=True)
class Plan:
    """``hours`` are the local windows, in ``zone``, outside which nothing sounds.

    ``orders``: what holds for single clusters besides. ``relays``: other stations' programmes.
    """

    unit: str
    version: int
    issued: datetime
    covers_from: datetime
    expires: datetime
    zone: str
    hours: Windows
    items: tuple[PlanItem, ...]
    stopped: tuple[str, ...]
    orders: tuple[ClusterOrders, ...] = ()
    relays: tuple[Relay, ...] = ()

    @property
    def sounding(self) -> tuple[PlanItem | Relay, ...]:
        """Everything that is to be heard."""
        return (*self.items, *self.relays)

    def orders_for(self, cluster: str) -> ClusterOrders | None:
        return next((one for one in self.orders if one.cluster == cluster), None)


def encode_plan(plan: Plan) -> bytes:
    """The canonical payload bytes. A plan without orders or relays is written as ever."""
    table = {
        "v": 1,
        "unit": plan.unit,
        "version": plan.version,
        "issued": format_instant(plan.issued),
        "covers_from": format_instant(plan.covers_from),
        "expires": format_instant(plan.expires),
        "zone": plan.zone,
        "hours": [list(window) for window in plan.hours],
        "items": [_item_table(item) for item in plan.items],
        "stopped": list(plan.stopped),
    }
    if plan.orders:
        table["orders"] = [orders_table(one) for one in plan.orders]
    if plan.relays:
        table["relays"] = [relay_table(one) for one in plan.relays]
    return strict_json.canonical(table)


def sign_plan(plan: Plan, key: SigningKey) -> bytes:
    """The envelope bytes to publish. Their SHA-256 identifies this version of the plan."""
    payload = encode_plan(plan)
    parse_plan(payload)  # what a node would refuse must not be published
    return sign_envelope(payload, PLAN_TYPE, key)


def parse_plan(payload: bytes) -> Plan:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(payload, limit=PLAN_BYTES)
    table = fields.table(value, "plan", _PLAN_FIELDS, ["orders", "relays"])
    fields.version_one(table["v"], "v")
    plan = _plan(table)
    _check_whole(plan)
    return plan


_PLAN_FIELDS = [
    "v",
    "unit",
    "version",
    "issued",
    "covers_from",
    "expires",
    "zone",
    "hours",
    "items",
    "stopped",
]
_ITEM_FIELDS = [
    "id",
    "edition",
    "title",
    "start",
    "duration_ms",
    "priority",
    "audio",
    "clusters",
    "max_play_ms",
    "volume_db",
    "resume",
]
_AUDIO_FIELDS = ["sha256", "bytes", "codec", "duration_ms"]


def _plan(table: dict[str, Any]) -> Plan:
    items = fields.rows(table["items"], "items", PLAN_ITEMS)
    stopped = fields.rows(table["stopped"], "stopped", PLAN_ITEMS)
    return Plan(
        unit=fields.identifier(table["unit"], "unit"),
        version=fields.whole(table["version"], "version", 1, 2**53),
        issued=fields.instant(table["issued"], "issued"),
        covers_from=fields.instant(table["covers_from"], "covers_from"),
        expires=fields.instant(table["expires"], "expires"),
        zone=zone_named(table["zone"]).key,
        hours=parse_windows(table["hours"]),
        items=tuple(_item(entry, f"items[{index}]") for index, entry in enumerate(items)),
        stopped=tuple(fields.identifier(entry, "stopped") for entry in stopped),
        orders=parse_orders(table["orders"]) if "orders" in table else (),
        relays=parse_relays(table["relays"], PLAN_RELAYS) if "relays" in table else (),
    )


def _check_whole(plan: Plan) -> None:
    ids = [one.id for one in plan.sounding]
    if len(set(ids)) != len(ids):
        fields.wrong("items", "an id appears twice")
    if not plan.covers_from < plan.expires:
        fields.wrong("expires", "not after covers_from")


def _item(value: Any, where: str) -> PlanItem:
    table = fields.table(value, where, _ITEM_FIELDS)
    clusters = fields.rows(table["clusters"], f"{where}.clusters", ITEM_CLUSTERS)
    if not clusters:
        fields.wrong(f"{where}.clusters", "an audience must be spelt out")
    return PlanItem(
        id=fields.identifier(table["id"], f"{where}.id"),
        edition=fields.identifier(table["edition"], f"{where}.edition"),
        title=fields.text(table["title"], f"{where}.title", TITLE_CHARS),
        start=fields.instant(table["start"], f"{where}.start"),
        duration_ms=fields.whole(table["duration_ms"], f"{where}.duration_ms", 1, DAY_MS),
        priority=fields.choice(table["priority"], f"{where}.priority", Priority),
        audio=parse_audio(table["audio"], f"{where}.audio"),
        clusters=tuple(fields.identifier(entry, f"{where}.clusters") for entry in clusters),
        max_play_ms=fields.whole(table["max_play_ms"], f"{where}.max_play_ms", 1, DAY_MS),
        volume_db=fields.whole(table["volume_db"], f"{where}.volume_db", VOLUME_FLOOR_DB, 0),
        resume=fields.choice(table["resume"], f"{where}.resume", Resume),
    )


def parse_audio(value: Any, where: str) -> Audio:
    """Raises Refused(BAD_FIELDS)."""
    table = fields.table(value, where, _AUDIO_FIELDS)
    if table["codec"] != "opus":
        fields.wrong(f"{where}.codec", "only opus is known")
    return Audio(
        sha256=fields.hexadecimal(table["sha256"], f"{where}.sha256", 32),
        bytes=fields.whole(table["bytes"], f"{where}.bytes", 1, AUDIO_BYTES),
        codec="opus",
        duration_ms=fields.whole(table["duration_ms"], f"{where}.duration_ms", 1, DAY_MS),
    )


def _item_table(item: PlanItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "edition": item.edition,
        "title": item.title,
        "start": format_instant(item.start),
        "duration_ms": item.duration_ms,
        "priority": item.priority.value,
        "audio": audio_table(item.audio),
        "clusters": list(item.clusters),
        "max_play_ms": item.max_play_ms,
        "volume_db": item.volume_db,
        "resume": item.resume.value,
    }


def audio_table(audio: Audio) -> dict[str, Any]:
    return {
        "sha256": audio.sha256,
        "bytes": audio.bytes,
        "codec": audio.codec,
        "duration_ms": audio.duration_ms,
    }
