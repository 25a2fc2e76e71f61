"""The file of evidence: what was ordered, by whom, what they saw, what each loudspeaker answered.

One JSON text. Everything that was signed stands in it byte for byte as it was signed; what was not
signed (names, what was displayed) is there to be read and proves nothing by itself.
"""

from dataclasses import dataclass
from typing import Any

from vang_protocol import fields, strict_json

MOST_BYTES = 64 * 1024 * 1024
MOST_NODES = 20_000
MOST_LINES = 10_000
MOST_ORDERS = 16
_TEXT = 2 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """What one person had before their eyes as they signed. ``sha256``: of the command."""

    person: str
    sha256: str
    at: str
    displayed: str


@dataclass(frozen=True)
class Ordered:
    """One command: to sound, or to be silent. ``manifest`` "" where nothing sounds."""

    envelope: str
    manifest: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Spoke:
    """One loudspeaker: its key as the server knows it, its receipts, the lines of its journal."""

    node: str
    unit: str
    cluster: str
    public_key: str
    receipts: tuple[str, ...]
    journal: tuple[str, ...]


@dataclass(frozen=True)
class Bundle:
    """``root``, ``targets``, ``policy``: the province's, as they were in force."""

    alert: str
    headline: str
    made_at: str
    root: str
    targets: str
    policy: str
    orders: tuple[Ordered, ...]
    nodes: tuple[Spoke, ...]


_FIELDS = ["v", "alert", "headline", "made_at", "root", "targets", "policy", "orders", "nodes"]


def write_bundle(bundle: Bundle) -> bytes:
    table = {
        "v": 1,
        "alert": bundle.alert,
        "headline": bundle.headline,
        "made_at": bundle.made_at,
        "root": bundle.root,
        "targets": bundle.targets,
        "policy": bundle.policy,
        "orders": [
            {**vars(order), "shown": [vars(one) for one in order.shown]} for order in bundle.orders
        ],
        "nodes": [
            {**vars(node), "receipts": list(node.receipts), "journal": list(node.journal)}
            for node in bundle.nodes
        ],
    }
    return strict_json.canonical(table)


def read_bundle(data: bytes) -> Bundle:
    """Form alone, nothing verified. Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    table = fields.table(strict_json.decode(data, limit=MOST_BYTES), "bundle", _FIELDS)
    fields.version_one(table["v"], "v")
    words = {
        name: fields.text(table[name], name, _TEXT)
        for name in ("alert", "headline", "made_at", "root", "targets", "policy")
    }
    return Bundle(
        **words,
        orders=tuple(map(_order, fields.rows(table["orders"], "orders", MOST_ORDERS))),
        nodes=tuple(map(_node, fields.rows(table["nodes"], "nodes", MOST_NODES))),
    )


def _order(value: Any) -> Ordered:
    table = fields.table(value, "order", ("envelope", "manifest", "shown"))
    shown = fields.rows(table["shown"], "shown", MOST_ORDERS)
    return Ordered(
        fields.text(table["envelope"], "envelope", _TEXT),
        fields.text(table["manifest"], "manifest", _TEXT),
        tuple(map(_shown, shown)),
    )


def _shown(value: Any) -> Shown:
    names = ("person", "sha256", "at", "displayed")
    table = fields.table(value, "shown", names)
    return Shown(*(fields.text(table[name], name, _TEXT) for name in names))


def _node(value: Any) -> Spoke:
    names = ("node", "unit", "cluster", "public_key")
    table = fields.table(value, "node", [*names, "receipts", "journal"])
    node, unit, cluster, public_key = (fields.identifier(table[name], name) for name in names)
    receipts, journal = (_lines(table[name], name) for name in ("receipts", "journal"))
    return Spoke(node, unit, cluster, public_key, receipts, journal)


def _lines(value: Any, where: str) -> tuple[str, ...]:
    rows = fields.rows(value, where, MOST_LINES)
    return tuple(fields.text(one, where, _TEXT) for one in rows)
