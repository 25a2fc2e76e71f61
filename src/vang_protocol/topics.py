"""Names on an MQTT broker, and what is said there of who is present.

Every other message is a frame as on the WebSocket (links): orders and hints come on a ``cmd``
topic, states go to ``reported``, receipts to ``ack``, clock questions to ``ask``. The broker is a
pipe: it decides nothing, and nothing that could sound is ever retained on it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from vang_protocol import fields, strict_json
from vang_protocol.limits import BROKER_CA_BYTES, NAME_CHARS
from vang_protocol.links import Answer, ClockQuestion, FromNode, Join
from vang_protocol.reasons import Reason, Refused

ROOT = "vang/v1"
KEEPALIVE_S = 60
SESSION_KEPT = timedelta(hours=1)
WILL_DELAY_S = 15
"""A reconnection within this time is not told to anybody."""
HINT_KEPT_S = 600
PRESENCE_BYTES = 256
RECEIVE_MAXIMUM = 20
MOST_BROKERS = 4


class Said(Enum):
    """``lost`` is the last will that the broker speaks for whoever went without a word."""

    ONLINE = "online"
    OFFLINE = "offline"
    LOST = "lost"


@dataclass(frozen=True)
class Presence:
    """``session``: drawn anew for every connection, so that an older will can be told apart."""

    said: Said
    session: str


class Topic(Enum):
    """The last part of a node's own topics."""

    CMD = "cmd"
    STATE = "state"
    REPORTED = "reported"
    ACK = "ack"
    ASK = "ask"


UPWARDS = (Topic.STATE, Topic.REPORTED, Topic.ACK, Topic.ASK)


def for_unit(unit: str) -> str:
    """Orders and hints for all nodes of a commune."""
    return f"{ROOT}/u/{fields.identifier(unit, 'unit')}/{Topic.CMD.value}"


def of_node(node: str, topic: Topic) -> str:
    """What concerns one node."""
    return f"{ROOT}/d/{fields.identifier(node, 'node')}/{topic.value}"


def of_server(shard: str) -> str:
    """Whether the link of this shard is connected to this broker: retained, with a last will."""
    return f"{ROOT}/srv/{fields.identifier(shard, 'shard')}/status"


def read_topic(topic: str) -> tuple[str, Topic]:
    """The node and the kind of a topic below ``d/``; raises Refused(BAD_FIELDS)."""
    parts = topic.split("/")
    if len(parts) != 5 or parts[:3] != [*ROOT.split("/"), "d"]:
        raise Refused(Reason.BAD_FIELDS, "topic")
    return fields.identifier(parts[3], "topic"), fields.choice(parts[4], "topic", Topic)


def topic_for(message: FromNode) -> Topic:
    """Where a node's message goes."""
    match message:
        case Answer():
            return Topic.ACK
        case ClockQuestion() | Join():
            return Topic.ASK
        case _:
            return Topic.REPORTED


def encode_presence(presence: Presence) -> bytes:
    return strict_json.canonical({"session": presence.session, "t": presence.said.value})


def parse_presence(data: bytes) -> Presence:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode(data, limit=PRESENCE_BYTES)
    table = fields.table(value, "presence", ("t", "session"))
    said = fields.choice(table["t"], "t", Said)
    return Presence(said, fields.identifier(table["session"], "session"))


@dataclass(frozen=True)
class BrokerAddress:
    """One broker, always with TLS. ``name`` is the path's name, such as ``a``."""

    name: str
    host: str
    port: int


@dataclass(frozen=True)
class Brokers:
    """What a node is told of the brokers: ``ca``, the authority of their certificates in PEM, is
    empty where the usual ones hold."""

    shard: str
    username: str
    password: str
    ca: str
    brokers: tuple[BrokerAddress, ...]


def brokers_table(brokers: Brokers) -> dict[str, object]:
    """The JSON object of ``GET /paths``."""
    return {**vars(brokers), "brokers": [vars(one) for one in brokers.brokers]}


def parse_brokers(data: bytes, *, limit: int) -> Brokers:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode(data, limit=limit)
    table = fields.table(value, "paths", ("shard", "username", "password", "ca", "brokers"))
    rows = fields.rows(table["brokers"], "brokers", MOST_BROKERS)
    return Brokers(
        shard=fields.identifier(table["shard"], "shard"),
        username=fields.identifier(table["username"], "username"),
        password=fields.text(table["password"], "password", 128),
        ca=fields.text(table["ca"], "ca", BROKER_CA_BYTES),
        brokers=tuple(_broker(one) for one in rows),
    )


def _broker(value: object) -> BrokerAddress:
    table = fields.table(value, "brokers", ("name", "host", "port"))
    return BrokerAddress(
        name=fields.identifier(table["name"], "name"),
        host=fields.text(table["host"], "host", NAME_CHARS, 1),
        port=fields.whole(table["port"], "port", 1, 65_535),
    )
