"""How a device is: what its own sensors say. What it has no sensor for is left out, not zero."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from enum import Enum
from typing import Any

from vang_protocol import fields

CPU_PCT, SCORE = 100, 1000


class NetworkKind(Enum):
    """By what the node reaches the server."""

    ETHERNET = "ethernet"
    WIFI = "wifi"
    MOBILE = "mobile"
    OTHER = "other"


@dataclass(frozen=True)
class Network:
    """``signal_dbm``: of the radio, None when it has none or does not tell."""

    kind: NetworkKind
    signal_dbm: int | None = None


@dataclass(frozen=True)
class Output:
    """The silence watch on the last play: what the clip held, beside what the device was given.

    ``clip_cdb`` and ``sent_cdb`` in hundredths of dBFS; ``silent_ms``: the longest time in which
    the clip sounded and nothing was given to the device.
    """

    item: str
    clip_cdb: int
    sent_cdb: int
    silent_ms: int


class Verdict(Enum):
    """What the listening microphone makes of a play."""

    HEARD = "heard"
    NOT_HEARD = "not-heard"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Heard:
    """``score``: likeness of what was recorded to what was played, in thousandths.

    ``delay_ms``: from the device to the microphone; None unless it was heard.
    """

    item: str
    verdict: Verdict
    score: int
    delay_ms: int | None = None


@dataclass(frozen=True)
class Health:
    """Every field is None where there is no such sensor.

    mV, tenths of a degree Celsius, MB, percent. ``undervoltage``: the board itself says that its
    supply is too weak.
    """

    battery_mv: int | None = None
    supply_mv: int | None = None
    undervoltage: bool | None = None
    temperature_c10: int | None = None
    disk_free_mb: int | None = None
    disk_free_pct: int | None = None
    memory_free_mb: int | None = None
    cpu_pct: int | None = None
    network: Network | None = None
    silence: Output | None = None
    heard: Heard | None = None


def health_table(health: Health) -> dict[str, Any]:
    """The JSON object: only what is known."""
    known = {entry.name: getattr(health, entry.name) for entry in dataclass_fields(health)}
    return {name: _plain(value) for name, value in known.items() if value is not None}


def parse_health(value: Any) -> Health:
    """Raises Refused(BAD_FIELDS): a reading beyond what can be measured is a wrong reading."""
    table = fields.table(value, "health", (), optional=_READERS)
    return Health(
        **{name: _READERS[name](entry, f"health.{name}") for name, entry in table.items()}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Network | Output | Heard):
        entries = {one.name: getattr(value, one.name) for one in dataclass_fields(value)}
        return {name: _plain(entry) for name, entry in entries.items() if entry is not None}
    return value


def _between(least: int, most: int) -> Callable[[Any, str], int]:
    return lambda value, where: fields.whole(value, where, least, most)


def _network(value: Any, where: str) -> Network:
    table = fields.table(value, where, ("kind",), optional=("signal_dbm",))
    kind = fields.choice(table["kind"], f"{where}.kind", NetworkKind)
    if "signal_dbm" not in table:
        return Network(kind)
    return Network(kind, fields.whole(table["signal_dbm"], f"{where}.signal_dbm", -200, 0))


def _output(value: Any, where: str) -> Output:
    table = fields.table(value, where, ("item", "clip_cdb", "sent_cdb", "silent_ms"))
    return Output(
        fields.identifier(table["item"], f"{where}.item"),
        fields.whole(table["clip_cdb"], f"{where}.clip_cdb", -12_000, 0),
        fields.whole(table["sent_cdb"], f"{where}.sent_cdb", -12_000, 0),
        fields.whole(table["silent_ms"], f"{where}.silent_ms", 0, 24 * 3600 * 1000),
    )


def _heard(value: Any, where: str) -> Heard:
    table = fields.table(value, where, ("item", "verdict", "score"), optional=("delay_ms",))
    verdict = fields.choice(table["verdict"], f"{where}.verdict", Verdict)
    if ("delay_ms" in table) is not (verdict is Verdict.HEARD):
        fields.wrong(f"{where}.delay_ms", "goes with what was heard, and only with that")
    delay_ms = table.get("delay_ms")
    return Heard(
        fields.identifier(table["item"], f"{where}.item"),
        verdict,
        fields.whole(table["score"], f"{where}.score", 0, SCORE),
        None if delay_ms is None else fields.whole(delay_ms, f"{where}.delay_ms", -1000, 10_000),
    )


_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "battery_mv": _between(0, 1_000_000),
    "supply_mv": _between(0, 1_000_000),
    "undervoltage": fields.truth,
    "temperature_c10": _between(-1000, 2000),
    "disk_free_mb": _between(0, 2**40),
    "disk_free_pct": _between(0, 100),
    "memory_free_mb": _between(0, 2**40),
    "cpu_pct": _between(0, CPU_PCT),
    "network": _network,
    "silence": _output,
    "heard": _heard,
}
