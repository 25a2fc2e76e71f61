"""What a node says became of a command, signed with its own key: no command ends as "unknown"."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from vang_protocol import fields, strict_json
from vang_protocol.envelopes import PublicKey, SigningKey, open_envelope, sign_envelope
from vang_protocol.instants import format_instant
from vang_protocol.limits import API_BODY_BYTES, DETAIL_CHARS
from vang_protocol.reasons import Reason

RECEIPT_TYPE = "application/vnd.vang.receipt.v1+json"


class Phase(Enum):
    """How far a command has come on a node. The last four are ends."""

    ACCEPTED = "accepted"
    SOUNDING = "sounding"
    PLAYED = "played"
    DONE = "done"
    """Obeyed, and it makes no sound."""
    REFUSED = "refused"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        return self not in {Phase.ACCEPTED, Phase.SOUNDING}


@dataclass(frozen=True)
class Receipt:
    """``sha256`` is that of the command's payload; ``reason`` stands where it was refused."""

    node: str
    command: str
    sha256: str
    phase: Phase
    at: datetime
    reason: Reason | None = None
    detail: str = ""


_FIELDS = ["v", "node", "command", "sha256", "phase", "at", "reason", "detail"]


def sign_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    payload = strict_json.canonical(
        {
            "v": 1,
            "node": receipt.node,
            "command": receipt.command,
            "sha256": receipt.sha256,
            "phase": receipt.phase.value,
            "at": format_instant(receipt.at),
            "reason": receipt.reason and receipt.reason.value,
            "detail": receipt.detail,
        }
    )
    parse_receipt(payload)
    return sign_envelope(payload, RECEIPT_TYPE, key)


def open_receipt(data: bytes, *, key: PublicKey) -> Receipt:
    """Raises Refused."""
    payload = open_envelope(data, payload_type=RECEIPT_TYPE, keys=[key], limit=API_BODY_BYTES)
    return parse_receipt(payload)


def parse_receipt(payload: bytes) -> Receipt:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    table = fields.table(
        strict_json.decode_canonical(payload, limit=API_BODY_BYTES), "receipt", _FIELDS
    )
    fields.version_one(table["v"], "v")
    receipt = Receipt(
        node=fields.identifier(table["node"], "node"),
        command=fields.identifier(table["command"], "command"),
        sha256=fields.hexadecimal(table["sha256"], "sha256", 32),
        phase=fields.choice(table["phase"], "phase", Phase),
        at=fields.instant(table["at"], "at"),
        reason=fields.optional(
            table["reason"], lambda value: fields.choice(value, "reason", Reason)
        ),
        detail=fields.text(table["detail"], "detail", DETAIL_CHARS),
    )
    if (receipt.reason is not None) != (receipt.phase is Phase.REFUSED):
        fields.wrong("reason", "stands exactly where the command was refused")
    return receipt
