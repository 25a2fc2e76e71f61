"""Messages of the link (WebSocket): one JSON object of at most 8 KiB in each text frame.

The link is a pipe of hints. Nothing on it is authority to sound; a node that hears a hint goes
and looks. ``t0``, ``t1`` and ``t2`` are microseconds since 1970.
"""

from dataclasses import dataclass
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.limits import DETAIL_CHARS, LINK_MESSAGE_BYTES
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


@dataclass(frozen=True)
class Hint:
    """Link → node: plan ``plan`` exists, look now."""

    plan: int


@dataclass(frozen=True)
class Bye:
    """Link → node: the link closes on purpose."""

    reason: str


FromNode = Hello | StateReport | ClockQuestion
FromLink = Hint | ClockAnswer | Bye


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
    raise Refused(Reason.BAD_FIELDS, "t: unknown message")


def parse_from_link(frame: str | bytes) -> FromLink:
    """What the link said; raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = _decode(frame)
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
    raise Refused(Reason.BAD_FIELDS, "t: unknown message")


def _decode(frame: str | bytes) -> dict[str, Any]:
    data = frame.encode("utf-8", "replace") if isinstance(frame, str) else frame
    value = strict_json.decode(data, limit=LINK_MESSAGE_BYTES)
    if not isinstance(value, dict):
        fields.wrong("message", "not an object")
    return value


def _us(table: dict[str, Any], name: str) -> int:
    return fields.whole(table[name], name, -(2**62), 2**62)


def _table(message: FromNode | FromLink) -> dict[str, Any]:
    match message:
        case Hello(state):
            return {"t": "hello", "state": state_table(state)}
        case StateReport(state):
            return {"t": "state", "state": state_table(state)}
        case ClockQuestion(t0):
            return {"t": "clock", "t0": t0}
        case ClockAnswer(t0, t1, t2):
            return {"t": "clock", "t0": t0, "t1": t1, "t2": t2}
        case Hint(plan):
            return {"t": "hint", "plan": plan}
        case Bye(reason):
            return {"t": "bye", "reason": reason}
