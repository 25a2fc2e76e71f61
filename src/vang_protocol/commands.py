"""Orders that cannot wait for the plan: what a person, or two, decided, as every node checks it.

The payload of an envelope of type ``application/vnd.vang.command.v1+json``. Approvers sign exactly
these bytes. There is no address, no program and no free text in it: whatever is not named here is
refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    COMMAND_AUDIENCE,
    COMMAND_BYTES,
    COMMAND_ENDS,
    DAY_MS,
    ID_CHARS,
    SEQUENCE,
    VOLUME_FLOOR_DB,
)
from vang_protocol.plans import Priority

COMMAND_TYPE = "application/vnd.vang.command.v1+json"
LIVE_MS = 600_000
LEAST_BUFFER_MS, MOST_BUFFER_MS = 600, 2_000
STARTS_WITHIN = timedelta(minutes=15)
"""An emergency begins within this time of its issue, or never."""
MOST_REPEATS = 20


class Kind(Enum):
    """What is to be done."""

    PLAY = "play"
    CANCEL = "cancel"
    """End the commands named in ``ends``, those not yet heard of too."""
    STOP = "stop"
    """Be silent now, whatever sounds; what comes later is not touched."""
    SET_VOLUME = "set-volume"
    LINK_TEST = "link-test"
    OPEN_LIVE = "open-live"
    """Let be heard what is spoken into a microphone now, in frames of the session named."""


class Mode(Enum):
    """CAP's status: thật, diễn tập, thử. Fixed when the alert is made, never changed."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


@dataclass(frozen=True)
class Audience:
    """Whole communes by code, and single clusters as (commune, cluster). Never empty."""

    units: tuple[str, ...] = ()
    clusters: tuple[tuple[str, str], ...] = ()

    @property
    def communes(self) -> frozenset[str]:
        """Every commune that is touched."""
        return frozenset(self.units) | {unit for unit, _cluster in self.clusters}

    def includes(self, unit: str, cluster: str) -> bool:
        return unit in self.units or (unit, cluster) in self.clusters


@dataclass(frozen=True)
class Named:
    """A template in the version that two people approved."""

    id: str
    version: int


@dataclass(frozen=True)
class Cap:
    """The CAP message that says the same in words: its identifier and SHA-256 of its bytes."""

    identifier: str
    sha256: str


@dataclass(frozen=True)
class Live:
    """A microphone that is opened: ``session`` (16 hex digits) and ``key`` (raw Ed25519 public
    key, hex) name whose frames are heard, until ``until``. ``buffer_ms``: how long after it was
    spoken a word sounds, the same everywhere.
    """

    session: str
    key: str
    until: datetime
    buffer_ms: int


@dataclass(frozen=True)
class Command:
    """``manifest`` is the SHA-256 of what sounds (manifests); None for what makes no sound.

    ``epoch`` and ``seq`` count the issuer's commands. ``nonce``: a node without trusted time
    asked for exactly this command. ``ends``: ids of commands that this one ends or replaces.
    """

    id: str
    kind: Kind
    mode: Mode
    priority: Priority
    issuer: str
    audience: Audience
    issued: datetime
    not_before: datetime
    expires: datetime
    epoch: int
    seq: int
    cap: Cap | None = None
    manifest: str | None = None
    template: Named | None = None
    ends: tuple[str, ...] = ()
    repeat: int = 1
    max_play_ms: int = 0
    volume_db: int = 0
    nonce: str | None = None
    live: Live | None = None


_ITEM = "command-"


def item_of(command_id: str) -> str:
    """As schedule and journal of a node call its sound; no item of a plan is called so."""
    return f"{_ITEM}{command_id}"[:ID_CHARS]


def command_of(item: str) -> str:
    """The id of the command whose sound it is; "" for an item of a plan."""
    return item.removeprefix(_ITEM) if item.startswith(_ITEM) else ""


_FIELDS = [
    "v",
    "id",
    "kind",
    "mode",
    "priority",
    "issuer",
    "audience",
    "issued",
    "not_before",
    "expires",
    "epoch",
    "seq",
    "cap",
    "manifest",
    "template",
    "ends",
    "repeat",
    "max_play_ms",
    "volume_db",
    "nonce",
]
_LATER = ("live",)
"""Only where it is meant: a command without it has the bytes it always had."""


def encode_command(command: Command) -> bytes:
    """The canonical payload that approvers sign. Raises Refused for what no node would take."""
    payload = payload_of(command)
    parse_command(payload)
    return payload


def payload_of(command: Command) -> bytes:
    """The payload of a command that was read from it: its canonical bytes again."""
    return strict_json.canonical(_table(command))


def parse_command(payload: bytes) -> Command:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(payload, limit=COMMAND_BYTES)
    table = fields.table(value, "command", _FIELDS, _LATER)
    fields.version_one(table["v"], "v")
    command = _command(table)
    _check_whole(command)
    return command


def _command(table: dict[str, Any]) -> Command:
    ends = fields.rows(table["ends"], "ends", COMMAND_ENDS)
    return Command(
        id=fields.identifier(table["id"], "id"),
        kind=fields.choice(table["kind"], "kind", Kind),
        mode=fields.choice(table["mode"], "mode", Mode),
        priority=fields.choice(table["priority"], "priority", Priority),
        issuer=fields.identifier(table["issuer"], "issuer"),
        audience=_audience(table["audience"]),
        issued=fields.instant(table["issued"], "issued"),
        not_before=fields.instant(table["not_before"], "not_before"),
        expires=fields.instant(table["expires"], "expires"),
        epoch=fields.whole(table["epoch"], "epoch", 1, SEQUENCE),
        seq=fields.whole(table["seq"], "seq", 1, SEQUENCE),
        cap=fields.optional(table["cap"], _cap),
        manifest=fields.optional(
            table["manifest"], lambda value: fields.hexadecimal(value, "manifest", 32)
        ),
        template=fields.optional(table["template"], _named),
        ends=tuple(fields.identifier(one, "ends") for one in ends),
        repeat=fields.whole(table["repeat"], "repeat", 1, MOST_REPEATS),
        max_play_ms=fields.whole(table["max_play_ms"], "max_play_ms", 0, DAY_MS),
        volume_db=fields.whole(table["volume_db"], "volume_db", VOLUME_FLOOR_DB, 0),
        nonce=fields.optional(table["nonce"], lambda value: fields.identifier(value, "nonce")),
        live=_live(table["live"]) if "live" in table else None,
    )


def _live(value: Any) -> Live:
    table = fields.table(value, "live", ("session", "key", "until", "buffer_ms"))
    return Live(
        fields.hexadecimal(table["session"], "live.session", 8),
        fields.hexadecimal(table["key"], "live.key", 32),
        fields.instant(table["until"], "live.until"),
        fields.whole(table["buffer_ms"], "live.buffer_ms", LEAST_BUFFER_MS, MOST_BUFFER_MS),
    )


def _audience(value: Any) -> Audience:
    table = fields.table(value, "audience", ("units", "clusters"))
    units = fields.rows(table["units"], "audience.units", COMMAND_AUDIENCE)
    clusters = fields.rows(table["clusters"], "audience.clusters", COMMAND_AUDIENCE)
    audience = Audience(
        tuple(fields.identifier(one, "audience.units") for one in units),
        tuple(_cluster(one) for one in clusters),
    )
    if not audience.communes:
        fields.wrong("audience", "must be spelt out")
    return audience


def _cluster(value: Any) -> tuple[str, str]:
    pair = fields.rows(value, "audience.clusters", 2)
    if len(pair) != 2:
        fields.wrong("audience.clusters", "not a commune and a cluster")
    where = "audience.clusters"
    return fields.identifier(pair[0], where), fields.identifier(pair[1], where)


def _cap(value: Any) -> Cap:
    table = fields.table(value, "cap", ("identifier", "sha256"))
    return Cap(
        fields.text(table["identifier"], "cap.identifier", 2 * ID_CHARS, 1),
        fields.hexadecimal(table["sha256"], "cap.sha256", 32),
    )


def _named(value: Any) -> Named:
    table = fields.table(value, "template", ("id", "version"))
    return Named(
        fields.identifier(table["id"], "template.id"),
        fields.whole(table["version"], "template.version", 1, SEQUENCE),
    )


def _check_whole(command: Command) -> None:
    """What belongs together. A command that could never be obeyed is not one."""
    if not command.issued <= command.not_before < command.expires:
        fields.wrong("expires", "issued, not_before and expires are not in this order")
    _check_sound(command)
    if command.kind is Kind.CANCEL and not command.ends:
        fields.wrong("ends", "a cancel names what it ends")
    if command.kind not in {Kind.CANCEL, Kind.PLAY} and command.ends:
        fields.wrong("ends", "only a play or a cancel ends others")
    if command.id in command.ends:
        fields.wrong("ends", "a command cannot end itself")
    if (command.live is not None) is not (command.kind is Kind.OPEN_LIVE):
        fields.wrong("live", "stands exactly where a microphone is opened")
    if command.live is not None:
        _check_live(command, command.live)
    elif command.priority is Priority.EMERGENCY:
        _check_emergency(command)


def _check_sound(command: Command) -> None:
    sounds = command.kind is Kind.PLAY
    spoken = command.kind is Kind.OPEN_LIVE
    if (sounds or spoken) != (command.max_play_ms > 0):
        fields.wrong("max_play_ms", "above 0 exactly where something sounds")
    if sounds != (command.manifest is not None):
        fields.wrong("manifest", "named exactly where something sounds")
    if not sounds and command.template is not None:
        fields.wrong("template", "named only where something sounds")


def _check_live(command: Command, live: Live) -> None:
    """Real, of the middle priority, ten minutes at most, and over when it expires."""
    span_ms = (live.until - command.not_before) // timedelta(milliseconds=1)
    if not 0 < span_ms <= LIVE_MS or command.max_play_ms != span_ms:
        fields.wrong("live.until", "not within ten minutes, or not what max_play_ms says")
    if live.until != command.expires:
        fields.wrong("expires", "a microphone expires when it is closed")
    if command.mode is not Mode.ACTUAL or command.priority is not Priority.PRIORITY:
        fields.wrong("live", "a microphone is real and of the priority PRIORITY")
    if command.repeat != 1 or command.nonce is not None:
        fields.wrong("live", "is said once, to whoever knows the time")


def _check_emergency(command: Command) -> None:
    if command.kind is Kind.PLAY and command.expires - command.issued > STARTS_WITHIN:
        fields.wrong("expires", "an emergency begins within 15 minutes")


def _table(command: Command) -> dict[str, Any]:
    cap, template, audience = command.cap, command.template, command.audience
    live = {} if command.live is None else {"live": _live_table(command.live)}
    return {
        **live,
        "v": 1,
        "id": command.id,
        "kind": command.kind.value,
        "mode": command.mode.value,
        "priority": command.priority.value,
        "issuer": command.issuer,
        "audience": {
            "units": list(audience.units),
            "clusters": [list(pair) for pair in audience.clusters],
        },
        "issued": format_instant(command.issued),
        "not_before": format_instant(command.not_before),
        "expires": format_instant(command.expires),
        "epoch": command.epoch,
        "seq": command.seq,
        "cap": cap and {"identifier": cap.identifier, "sha256": cap.sha256},
        "manifest": command.manifest,
        "template": template and {"id": template.id, "version": template.version},
        "ends": list(command.ends),
        "repeat": command.repeat,
        "max_play_ms": command.max_play_ms,
        "volume_db": command.volume_db,
        "nonce": command.nonce,
    }


def _live_table(live: Live) -> dict[str, Any]:
    return {
        "session": live.session,
        "key": live.key,
        "until": format_instant(live.until),
        "buffer_ms": live.buffer_ms,
    }
