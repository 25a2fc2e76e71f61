"""The first conversation of a node with its server: a one-time code against pinned trust."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang_protocol import fields, strict_json
from vang_protocol.envelopes import PublicKey
from vang_protocol.instants import format_instant
from vang_protocol.limits import (
    API_BODY_BYTES,
    ENROL_ANSWER_BYTES,
    NAME_CHARS,
    ROOT_BYTES,
    VOLUME_FLOOR_DB,
)

MOST_KEYS = 8


@dataclass(frozen=True)
class EnrolRequest:
    """``code`` as the technician typed it; ``public_key`` the node's own, hex."""

    code: str
    public_key: str
    name: str
    software: str


@dataclass(frozen=True)
class EnrolAnswer:
    """What the node pins. ``poll_s``: how often to look without a link.

    ``trust_root``: the province's root of trust, from which every policy must follow; "": there
    is none, and the node obeys no command.
    """

    node: str
    unit: str
    cluster: str
    routine_keys: tuple[PublicKey, ...]
    link_url: str
    poll_s: int
    server_time: datetime
    volume_ceiling_db: int
    trust_root: str = ""


def encode_request(request: EnrolRequest) -> bytes:
    return strict_json.canonical(
        {
            "code": request.code,
            "public_key": request.public_key,
            "name": request.name,
            "software": request.software,
        }
    )


def parse_request(data: bytes) -> EnrolRequest:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode(data, limit=API_BODY_BYTES)
    table = fields.table(value, "enrol", ("code", "public_key", "name", "software"))
    return EnrolRequest(
        code=fields.text(table["code"], "code", 80, 1),
        public_key=fields.hexadecimal(table["public_key"], "public_key", 32),
        name=fields.text(table["name"], "name", NAME_CHARS),
        software=fields.text(table["software"], "software", NAME_CHARS),
    )


_ANSWER = [
    "node",
    "unit",
    "cluster",
    "routine_keys",
    "link_url",
    "poll_s",
    "server_time",
    "volume_ceiling_db",
]


def answer_table(answer: EnrolAnswer) -> dict[str, Any]:
    """The JSON object of an answer."""
    return {
        "node": answer.node,
        "unit": answer.unit,
        "cluster": answer.cluster,
        "routine_keys": [{"keyid": key.keyid, "public": key.public} for key in answer.routine_keys],
        "link_url": answer.link_url,
        "poll_s": answer.poll_s,
        "server_time": format_instant(answer.server_time),
        "volume_ceiling_db": answer.volume_ceiling_db,
        "trust_root": answer.trust_root,
    }


def parse_answer(data: bytes) -> EnrolAnswer:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    table = fields.table(
        strict_json.decode(data, limit=ENROL_ANSWER_BYTES), "answer", _ANSWER, ["trust_root"]
    )
    keys = fields.rows(table["routine_keys"], "routine_keys", MOST_KEYS)
    return EnrolAnswer(
        node=fields.identifier(table["node"], "node"),
        unit=fields.identifier(table["unit"], "unit"),
        cluster=fields.identifier(table["cluster"], "cluster"),
        routine_keys=tuple(_key(entry) for entry in keys),
        link_url=fields.text(table["link_url"], "link_url", 300),
        poll_s=fields.whole(table["poll_s"], "poll_s", 1, 3600),
        server_time=fields.instant(table["server_time"], "server_time"),
        volume_ceiling_db=fields.whole(
            table["volume_ceiling_db"], "volume_ceiling_db", VOLUME_FLOOR_DB, 0
        ),
        trust_root=fields.text(table.get("trust_root", ""), "trust_root", ROOT_BYTES),
    )


def _key(value: Any) -> PublicKey:
    table = fields.table(value, "routine_keys", ("keyid", "public"))
    key = PublicKey(table["public"])
    if key.keyid != table["keyid"]:
        fields.wrong("routine_keys", "the key id is not that of the key")
    return key
