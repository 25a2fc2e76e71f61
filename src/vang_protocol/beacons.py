"""Where a node stands, told by the server on the node's own question and signed for it alone.

After a factory reset a node knows no numbers that were used: before a beacon has told it, it obeys
no command. A beacon also carries the head of the server's audit log, so that rewriting the log is
seen by every node that ever heard of the old head.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.counters import Counter
from vang_protocol.envelopes import PublicKey, SigningKey, open_envelope, sign_envelope
from vang_protocol.instants import format_instant
from vang_protocol.limits import API_BODY_BYTES, BEACON_COUNTERS, SEQUENCE
from vang_protocol.reasons import Reason, Refused

BEACON_TYPE = "application/vnd.vang.beacon.v1+json"
ZEROS = "0" * 64


@dataclass(frozen=True)
class Beacon:
    """``counters``: the highest number of each issuer that concerns the node, by (issuer, epoch).

    ``log``: how many entries the audit log has, and the hash of the last.
    """

    node: str
    nonce: str
    time: datetime
    policy: int
    counters: tuple[tuple[str, int, int], ...]
    log: tuple[int, str] = (0, ZEROS)

    def counter_floors(self) -> dict[str, Counter]:
        """Everything up to the highest number counts as used."""
        return {issuer: Counter(epoch, seq, -1 & _FULL) for issuer, epoch, seq in self.counters}


_FULL = (1 << 64) - 1
_FIELDS = ["v", "node", "nonce", "time", "policy", "counters", "log_entries", "log_head"]


def sign_beacon(beacon: Beacon, key: SigningKey) -> bytes:
    """The envelope, signed with the routine key of the node's commune."""
    table = {
        "v": 1,
        "node": beacon.node,
        "nonce": beacon.nonce,
        "time": format_instant(beacon.time),
        "policy": beacon.policy,
        "counters": [
            {"issuer": issuer, "epoch": epoch, "seq": seq} for issuer, epoch, seq in beacon.counters
        ],
        "log_entries": beacon.log[0],
        "log_head": beacon.log[1],
    }
    payload = strict_json.canonical(table)
    _parse(payload)
    return sign_envelope(payload, BEACON_TYPE, key)


def open_beacon(data: bytes, *, node: str, nonce: str, keys: tuple[PublicKey, ...]) -> Beacon:
    """The answer to exactly this question. Raises Refused."""
    payload = open_envelope(data, payload_type=BEACON_TYPE, keys=keys, limit=API_BODY_BYTES)
    beacon = _parse(payload)
    if beacon.node != node:
        raise Refused(Reason.NOT_FOR_ME, beacon.node)
    if beacon.nonce != nonce:
        raise Refused(Reason.NONCE_UNKNOWN)
    return beacon


def _parse(payload: bytes) -> Beacon:
    value = strict_json.decode_canonical(payload, limit=API_BODY_BYTES)
    table = fields.table(value, "beacon", _FIELDS)
    fields.version_one(table["v"], "v")
    counters = fields.rows(table["counters"], "counters", BEACON_COUNTERS)
    return Beacon(
        node=fields.identifier(table["node"], "node"),
        nonce=fields.identifier(table["nonce"], "nonce"),
        time=fields.instant(table["time"], "time"),
        policy=fields.whole(table["policy"], "policy", 0, SEQUENCE),
        counters=tuple(_counter(one) for one in counters),
        log=(
            fields.whole(table["log_entries"], "log_entries", 0, SEQUENCE),
            fields.hexadecimal(table["log_head"], "log_head", 32),
        ),
    )


def _counter(value: Any) -> tuple[str, int, int]:
    table = fields.table(value, "counter", ("issuer", "epoch", "seq"))
    return (
        fields.identifier(table["issuer"], "issuer"),
        fields.whole(table["epoch"], "epoch", 1, SEQUENCE),
        fields.whole(table["seq"], "seq", 0, SEQUENCE),
    )
