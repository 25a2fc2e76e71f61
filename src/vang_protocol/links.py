"""Messages of the link (WebSocket): one JSON object in each text frame.

A frame has at most 8 KiB, one with an order 48 KiB. The link is a pipe of hints, and of orders that
people signed: nothing on it is authority to sound by itself. ``t0``,
``t1`` and ``t2`` are microseconds since 1970.
"""

from dataclasses import dataclass
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.limits import (
    COMMAND_BYTES,
    DETAIL_CHARS,
    LINK_MESSAGE_BYTES,
    LINK_ORDER_BYTES,
    MANIFEST_BYTES,
)
from vang_protocol.reasons import Reason, Refused
from vang_protocol.states import NodeState, parse_state, state_table


@dataclass(frozen=True)
class Hello:
    """Node → link: the first message."""

    state: NodeState


@dataclass(frozen=True)
class StateReport:
    """Node → link: every 15 s and on change."""

    state: NodeState


@dataclass(frozen=True)
class ClockQuestion:
    """Node → link: ``t0`` is the node's time as it asks."""

    t0: int


@dataclass(frozen=True)
class ClockAnswer:
    """Link → node: ``t1`` server time on arrival, ``t2`` as the answer leaves."""

    t0: int
    t1: int
    t2: int


POLICY_CHANGED = 0
"""Instead of a plan's version: the province has signed another policy."""


@dataclass(frozen=True)
class Hint:
    """Link → node: plan ``plan`` exists, or POLICY_CHANGED; look now."""

    plan: int


@dataclass(frozen=True)
class Bye:
    """Link → node: the link closes on purpose."""

    reason: str


@dataclass(frozen=True)
class Order:
    """Link → node: a command's envelope and the text of its manifest, "" without a sound."""

    command: str
    manifest: str


@dataclass(frozen=True)
class Answer:
    """Node → link: the envelope of a receipt."""

    receipt: str


@dataclass(frozen=True)
class Join:
    """Node → link: it accepted the order that opens this microphone, and wants its frames."""

    session: str


@dataclass(frozen=True)
class Datagrams:
    """Link → node: where it answers by UDP on its own host, and with what this node's datagrams
    are known (see clock_datagrams): ``id`` 8 bytes, ``key`` 32 bytes, hex."""

    port: int
    id: str
    key: str


@dataclass(frozen=True)
class Joined:
    """Link → node: the group key (32 bytes, hex) under which the session's frames come."""

    session: str
    key: str


FromNode = Hello | StateReport | ClockQuestion | Answer | Join
FromLink = Hint | ClockAnswer | Bye | Order | Datagrams | Joined


def encode_message(message: FromNode | FromLink) -> str:
    """The text frame."""
    return strict_json.canonical(_table(message)).decode("utf-8")


def parse_from_node(frame: str | bytes) -> FromNode:
    """What a node said; raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = _decode(frame)
    match value.get("t"):
        case "hello":
            return Hello(parse_state(fields.table(value, "hello", ("t", "state"))["state"]))
        case "state":
            return StateReport(parse_state(fields.table(value, "state", ("t", "state"))["state"]))
        case "clock":
            return ClockQuestion(_us(fields.table(value, "clock", ("t", "t0")), "t0"))
        case "receipt":
            table = fields.table(value, "receipt", ("t", "receipt"))
            return Answer(fields.text(table["receipt"], "receipt", LINK_MESSAGE_BYTES, 1))
        case "join":
            return Join(_session(fields.table(value, "join", ("t", "session"))))
    raise Refused(Reason.BAD_FIELDS, "t: unknown message")


def parse_from_link(frame: str | bytes) -> FromLink:
    """What the link said; raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = _decode(frame, LINK_ORDER_BYTES)
    match value.get("t"):
        case "hint":
            table = fields.table(value, "hint", ("t", "plan"))
            return Hint(fields.whole(table["plan"], "plan", 0, 2**53))
        case "clock":
            table = fields.table(value, "clock", ("t", "t0", "t1", "t2"))
            return ClockAnswer(_us(table, "t0"), _us(table, "t1"), _us(table, "t2"))
        case "bye":
            table = fields.table(value, "bye", ("t", "reason"))
            return Bye(fields.text(table["reason"], "reason", DETAIL_CHARS))
        case "udp":
            table = fields.table(value, "udp", ("t", "port", "id", "key"))
            return Datagrams(
                fields.whole(table["port"], "port", 1, 65_535),
                fields.hexadecimal(table["id"], "id", 8),
                fields.hexadecimal(table["key"], "key", 32),
            )
        case "joined":
            table = fields.table(value, "joined", ("t", "session", "key"))
            return Joined(_session(table), fields.hexadecimal(table["key"], "key", 32))
        case "order":
            return parse_order({key: told for key, told in value.items() if key != "t"})
    raise Refused(Reason.BAD_FIELDS, "t: unknown message")


def parse_order(value: Any) -> Order:
    """A command with its manifest, as a frame or a list has it. Raises Refused(BAD_FIELDS)."""
    table = fields.table(value, "order", ("command", "manifest"))
    return Order(
        fields.text(table["command"], "command", COMMAND_BYTES, 1),
        fields.text(table["manifest"], "manifest", MANIFEST_BYTES),
    )


def _decode(frame: str | bytes, limit: int = LINK_MESSAGE_BYTES) -> dict[str, Any]:
    data = frame.encode("utf-8", "replace") if isinstance(frame, str) else frame
    value = strict_json.decode(data, limit=limit)
    if not isinstance(value, dict):
        fields.wrong("message", "not an object")
    return value


def _session(table: dict[str, Any]) -> str:
    return fields.hexadecimal(table["session"], "session", 8)


def _us(table: dict[str, Any], name: str) -> int:
    return fields.whole(table[name], name, -(2**62), 2**62)


def _table(message: FromNode | FromLink) -> dict[str, Any]:
    match message:
        case Hello(state) | StateReport(state):
            told: dict[str, Any] = {"state": state_table(state)}
        case _:
            told = dict(vars(message))
    return {"t": _NAMES[type(message)], **told}


_NAMES: dict[type, str] = {
    Hello: "hello",
    StateReport: "state",
    ClockQuestion: "clock",
    ClockAnswer: "clock",
    Hint: "hint",
    Bye: "bye",
    Order: "order",
    Answer: "receipt",
    Join: "join",
    Datagrams: "udp",
    Joined: "joined",
}
