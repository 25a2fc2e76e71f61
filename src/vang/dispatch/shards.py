"""Which link and which brokers serve a commune, and what a node is told of them."""

from pathlib import Path

from django.conf import settings

from vang.base.shards import Directory, node_password, one_link, read_directory
from vang.stations.models import Node
from vang_protocol.topics import Brokers


def directory() -> Directory:
    """The links of this installation. Raises ShardsUnfit."""
    environment = settings.ENVIRONMENT
    if environment.links_file:
        return read_directory(Path(environment.links_file))
    return one_link(
        address=environment.link_url,
        internal=environment.link_internal_url,
        brokers=environment.brokers,
        ca=environment.broker_ca,
    )


def brokers_for(node: Node, *, secret: bytes) -> Brokers:
    """The brokers of its commune, and its own way in."""
    shard = directory().of_unit(node.obeys.code)
    return Brokers(
        shard=shard.name,
        username=node.pk,
        password=node_password(secret, node.pk, node.public_key) if shard.brokers else "",
        ca=shard.ca_text(),
        brokers=shard.brokers,
    )
