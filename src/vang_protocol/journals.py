"""A node's journal: lines of canonical JSON, each holding the hash of the line before it.

The hash covers the line's bytes without its newline. Lines are uploaded as they are, in batches
signed with the node's own key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.envelopes import (
    JOURNAL_TYPE,
    PublicKey,
    SigningKey,
    open_envelope,
    sign_envelope,
)
from vang_protocol.instants import format_instant
from vang_protocol.limits import JOURNAL_BATCH_BYTES, JOURNAL_LINE_BYTES
from vang_protocol.reasons import Reason, Refused
from vang_protocol.records import Event, event_table, parse_event
from vang_protocol.states import ClockSource

FIRST_PREVIOUS = "0" * 64
_HEAD = ("v", "node", "seq", "prev", "at", "boot", "clock", "kind")


@dataclass(frozen=True)
class Stamp:
    """How well the time of a record was known. ``error_ms`` None: not known."""

    source: ClockSource
    error_ms: int | None


@dataclass(frozen=True)
class Record:
    """One line: ``seq`` from 1, ``prev`` the hash of the line before."""

    node: str
    seq: int
    prev: str
    at: datetime
    boot: str
    clock: Stamp
    event: Event


@dataclass(frozen=True)
class Head:
    """Where a chain stands: the last sequence number and the hash of its line."""

    seq: int
    hash: str


EMPTY = Head(0, FIRST_PREVIOUS)


class ChainBroken(Refused):
    """``seq`` is the first sequence number that cannot be trusted."""

    def __init__(self, seq: int, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.seq = seq


def encode_line(record: Record) -> str:
    """The line without its newline."""
    table = {
        "v": 1,
        "node": record.node,
        "seq": record.seq,
        "prev": record.prev,
        "at": format_instant(record.at),
        "boot": record.boot,
        "clock": {
            "source": record.clock.source.value,
            "error_ms": record.clock.error_ms,
        },
        "kind": record.event.kind,
        **event_table(record.event),
    }
    return strict_json.canonical(table).decode("utf-8")


def line_hash(line: str) -> str:
    return strict_json.digest(line.encode("utf-8"))


def parse_line(line: str) -> Record:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(line.encode("utf-8", "replace"), limit=JOURNAL_LINE_BYTES)
    if not isinstance(value, dict):
        fields.wrong("record", "not an object")
    head = fields.table({name: value.get(name) for name in _HEAD}, "record", _HEAD)
    fields.version_one(head["v"], "v")
    rest = {name: entry for name, entry in value.items() if name not in _HEAD}
    return Record(
        node=fields.identifier(head["node"], "node"),
        seq=fields.whole(head["seq"], "seq", 1, 2**53),
        prev=fields.hexadecimal(head["prev"], "prev", 32),
        at=fields.instant(head["at"], "at"),
        boot=fields.identifier(head["boot"], "boot"),
        clock=_stamp(head["clock"]),
        event=parse_event(fields.text(head["kind"], "kind", 40), rest),
    )


def _stamp(value: Any) -> Stamp:
    table = fields.table(value, "clock", ("source", "error_ms"))
    return Stamp(
        fields.choice(table["source"], "clock.source", ClockSource),
        fields.optional(
            table["error_ms"],
            lambda entry: fields.whole(entry, "clock.error_ms", 0, 2**53),
        ),
    )


def verify_chain(
    lines: Iterable[str],
    *,
    node: str,
    after_seq: int = 0,
    after_hash: str = FIRST_PREVIOUS,
) -> list[Record]:
    """The records of ``lines``, which must continue the chain after (after_seq, after_hash).

    Raises ChainBroken(seq, BROKEN_LINE, WRONG_NODE, GAP or WRONG_PREVIOUS).
    """
    records: list[Record] = []
    head = Head(after_seq, after_hash)
    for line in lines:
        records.append(next_record(line, node=node, head=head))
        head = Head(head.seq + 1, line_hash(line))
    return records


def next_record(line: str, *, node: str, head: Head) -> Record:
    """The record of ``line`` if it follows ``head``; raises ChainBroken."""
    seq = head.seq + 1
    try:
        record = parse_line(line)
    except Refused as error:
        raise ChainBroken(seq, Reason.BROKEN_LINE, str(error)) from None
    if record.node != node:
        raise ChainBroken(seq, Reason.WRONG_NODE, record.node)
    if record.seq != seq:
        raise ChainBroken(seq, Reason.GAP, f"found {record.seq}, expected {seq}")
    if record.prev != head.hash:
        raise ChainBroken(seq, Reason.WRONG_PREVIOUS)
    return record


@dataclass(frozen=True)
class Batch:
    """Consecutive lines of one node, as signed by it. Their chain is not yet verified."""

    node: str
    lines: tuple[str, ...]


def sign_batch(node: str, lines: Sequence[str], key: SigningKey) -> bytes:
    """The envelope bytes for ``POST /api/node/v1/journal``."""
    payload = strict_json.canonical({"v": 1, "node": node, "records": list(lines)})
    return sign_envelope(payload, JOURNAL_TYPE, key)


def open_batch(data: bytes, *, key: PublicKey) -> Batch:
    """Raises Refused(TOO_LARGE, …, BAD_SIGNATURE, BAD_FIELDS)."""
    payload = open_envelope(data, payload_type=JOURNAL_TYPE, keys=[key], limit=JOURNAL_BATCH_BYTES)
    value = strict_json.decode_canonical(payload, limit=JOURNAL_BATCH_BYTES)
    table = fields.table(value, "batch", ("v", "node", "records"))
    fields.version_one(table["v"], "v")
    lines = fields.rows(table["records"], "records", JOURNAL_BATCH_BYTES)
    return Batch(
        fields.identifier(table["node"], "node"),
        tuple(fields.text(line, "records", JOURNAL_LINE_BYTES, 2) for line in lines),
    )


def fitting(lines: Iterable[str]) -> list[str]:
    """The first lines that fit into one batch, escapes and base64 counted; at least one."""
    room = JOURNAL_BATCH_BYTES * 3 // 4 - 1024
    taken: list[str] = []
    for line in lines:
        room -= len(strict_json.canonical(line)) + 1
        if taken and room < 0:
            break
        taken.append(line)
    return taken
