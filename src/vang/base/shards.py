"""Who serves whom: the links, their brokers, and the communes that each of them has.

One link is enough for a district. A province names several in a file of TOML::

    [[link]]
    name = "north"
    address = "wss://north.example.vn/link"     # for nodes
    internal = "http://127.0.0.1:8001"          # for the pages
    brokers = ["mqtts://a.north.example.vn:8883", "mqtts://b.north.example.vn:8883"]
    ca = "/etc/vang/broker-ca.crt"              # only for a private authority
    communes = ["20641", "20662"]               # optional; the rest is shared out by code
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vang.base.tokens import derived_secret
from vang_protocol import fields
from vang_protocol.limits import BROKER_CA_BYTES
from vang_protocol.reasons import Refused
from vang_protocol.topics import MOST_BROKERS, BrokerAddress

USUAL = "link"
NAMES = "abcd"


class ShardsUnfit(Exception):
    """The settings cannot be used; the text says why."""


@dataclass(frozen=True)
class Shard:
    """One link with the brokers that it alone uses. ``ca`` is a file's path, or ""."""

    name: str
    address: str
    internal: str
    brokers: tuple[BrokerAddress, ...] = ()
    ca: str = ""
    communes: frozenset[str] = frozenset()

    @property
    def user(self) -> str:
        """Its own name on the brokers, which no node can have."""
        return f"@{self.name}"

    def ca_text(self) -> str:
        """The authority's certificates in PEM. Raises ShardsUnfit."""
        return _certificates(self.ca) if self.ca else ""


@dataclass(frozen=True)
class Directory:
    """All shards; never empty."""

    shards: tuple[Shard, ...]

    def of_unit(self, code: str) -> Shard:
        """The shard of a commune: where it is named, else by its code, so that a further link
        takes over its share of the communes and moves no other."""
        for shard in self.shards:
            if code in shard.communes:
                return shard
        return max(self.shards, key=lambda shard: _weight(shard.name, code))

    def named(self, name: str) -> Shard:
        """Raises ShardsUnfit."""
        for shard in self.shards:
            if shard.name == name:
                return shard
        known = ", ".join(shard.name for shard in self.shards)
        raise ShardsUnfit(f"There is no link named {name!r}: {known}.")


def _weight(shard: str, code: str) -> bytes:
    return sha256(f"{shard}:{code}".encode()).digest()


def one_link(
    *, address: str, internal: str, brokers: Sequence[str] = (), ca: str = ""
) -> Directory:
    """The usual installation. Raises ShardsUnfit."""
    return Directory((Shard(USUAL, address, internal, _brokers(brokers), ca),))


@lru_cache(maxsize=4)
def read_directory(file: Path) -> Directory:
    """All links as the file names them. Raises ShardsUnfit."""
    try:
        rows = tomllib.loads(file.read_text())["link"]
        shards = tuple(_shard(row) for row in rows)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, Refused) as error:
        raise ShardsUnfit(f"{file} cannot be used: {error}") from None
    _check(file, shards)
    return Directory(shards)


def _shard(row: Any) -> Shard:
    optional = ("brokers", "ca", "communes")
    table = fields.table(row, "link", ("name", "address", "internal"), optional)
    return Shard(
        name=fields.identifier(table["name"], "name"),
        address=fields.text(table["address"], "address", 300, 1),
        internal=fields.text(table["internal"], "internal", 300, 1),
        brokers=_brokers(table.get("brokers", [])),
        ca=fields.text(table.get("ca", ""), "ca", 300),
        communes=frozenset(
            fields.identifier(code, "communes")
            for code in fields.rows(table.get("communes", []), "communes", 20_000)
        ),
    )


def _check(file: Path, shards: Sequence[Shard]) -> None:
    """A name, a broker or a commune that stands twice would be nobody's for certain."""
    brokers = [(one.host, one.port) for shard in shards for one in shard.brokers]
    communes = [code for shard in shards for code in shard.communes]
    for told, values in (
        ("link", [shard.name for shard in shards]),
        ("broker", brokers),
        ("commune", communes),
    ):
        if len(set(values)) != len(values):
            raise ShardsUnfit(f"{file} cannot be used: a {told} stands twice.")
    if not shards:
        raise ShardsUnfit(f"{file} names no link.")


def _brokers(addresses: Sequence[str]) -> tuple[BrokerAddress, ...]:
    if len(addresses) > MOST_BROKERS:
        raise ShardsUnfit(f"At most {MOST_BROKERS} brokers for one link.")
    return tuple(_broker(name, address) for name, address in zip(NAMES, addresses, strict=False))


def _broker(name: str, address: str) -> BrokerAddress:
    """Always with TLS: what goes over the broker without it would carry a password in clear."""
    try:
        parts = urlsplit(address)
        if parts.scheme == "mqtts" and parts.hostname:
            return BrokerAddress(name, parts.hostname, parts.port or 8883)
    except ValueError:
        pass
    raise ShardsUnfit(f"{address!r} is no broker's address, such as mqtts://a.example.vn:8883.")


def _certificates(file: str) -> str:
    try:
        text = Path(file).read_text()
    except OSError as error:
        raise ShardsUnfit(f"{file} cannot be read: {error}") from None
    if len(text) > BROKER_CA_BYTES:
        raise ShardsUnfit(f"{file} is too large.")
    return text


def node_password(secret: bytes, node: str, public_key: str) -> str:
    """On the brokers; another device on the same place has another one."""
    return derived_secret(secret, f"broker-node:{node}:{public_key}")


def link_password(secret: bytes, shard: str) -> str:
    return derived_secret(secret, f"broker-link:{shard}")
