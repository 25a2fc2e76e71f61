"""Telling nodes to look now. A hint may get lost; a node that hears none polls and is late.

Three drivers carry to nodes: the WebSocket and the MQTT brokers, both by way of the link, which
alone holds sockets; and polling, where nobody pushes and nodes ask. All keep one contract, which
``tests/link/test_transports.py`` holds every one of them to.
"""

import http.client
import json
import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from vang.dispatch.between import SECRET_HEADER, internal_secret
from vang.dispatch.shards import directory

LOG = logging.getLogger(__name__)
HINT_WITHIN_S = 0.5


class PushTransport(Protocol):
    """One way to reach nodes. A driver never raises and never waits long."""

    def hint(self, unit: str, version: int) -> bool:
        """Tell the unit's nodes that plan ``version`` exists. Whether the hint was taken over."""

    def order(
        self,
        command: str,
        manifest: str,
        *,
        units: Collection[str],
        nodes: Collection[str],
        lasts_s: int,
        turn: int = 0,
    ) -> bool:
        """Bring a command to all nodes of the units and to single nodes.

        Nothing of it may be kept for longer than ``lasts_s``. ``turn`` 0 takes every path there
        is; a later one, that of a command sent again, the next path in turn, and the one on which
        the node was last heard.
        """

    def end(self, node: str) -> bool:
        """End what the node has open and let it in again only with a newer session."""


class NoPush:
    """Nodes poll."""

    def hint(self, unit: str, version: int) -> bool:  # noqa: ARG002 - the interface
        return False

    def order(
        self,
        command: str,  # noqa: ARG002
        manifest: str,  # noqa: ARG002
        *,
        units: Collection[str],  # noqa: ARG002
        nodes: Collection[str],  # noqa: ARG002
        lasts_s: int,  # noqa: ARG002
        turn: int = 0,  # noqa: ARG002
    ) -> bool:
        return False

    def end(self, node: str) -> bool:  # noqa: ARG002
        return False


@dataclass(frozen=True)
class LinkPush:
    """One link: one request on loopback to the process that holds sockets and broker sessions.

    ``address`` is such as ``http://127.0.0.1:8001``.
    """

    address: str
    secret: str
    within_s: float = HINT_WITHIN_S

    def hint(self, unit: str, version: int) -> bool:
        return self._told("/internal/hint", {"unit": unit, "plan": version})

    def order(
        self,
        command: str,
        manifest: str,
        *,
        units: Collection[str],
        nodes: Collection[str],
        lasts_s: int,
        turn: int = 0,
    ) -> bool:
        body = {
            "command": command,
            "manifest": manifest,
            "units": list(units),
            "nodes": list(nodes),
            "lasts_s": lasts_s,
            "turn": turn,
        }
        return self._told("/internal/order", body)

    def end(self, node: str) -> bool:
        return self._told("/internal/end", {"node": node})

    def _told(self, path: str, body: Mapping[str, object]) -> bool:
        try:
            return self._post(path, body) == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException, ValueError) as error:
            LOG.warning("%s not delivered to the link: %s", path, error)
            return False

    def _post(self, path: str, body: Mapping[str, object]) -> int:
        address = urlsplit(self.address)
        link = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=self.within_s
        )
        try:
            link.request(
                "POST",
                path,
                json.dumps(body),
                {SECRET_HEADER: self.secret, "Content-Type": "application/json"},
            )
            return link.getresponse().status
        finally:
            link.close()


@dataclass(frozen=True)
class EveryLink:
    """All links at once: a commune may just be moving from one to another, and a link that is
    down must not make the others wait."""

    links: tuple[LinkPush, ...]

    def hint(self, unit: str, version: int) -> bool:
        return self._all(lambda link: link.hint(unit, version))

    def order(
        self,
        command: str,
        manifest: str,
        *,
        units: Collection[str],
        nodes: Collection[str],
        lasts_s: int,
        turn: int = 0,
    ) -> bool:
        return self._all(
            lambda link: link.order(
                command, manifest, units=units, nodes=nodes, lasts_s=lasts_s, turn=turn
            )
        )

    def end(self, node: str) -> bool:
        return self._all(lambda link: link.end(node))

    def _all(self, tell: Callable[[LinkPush], bool]) -> bool:
        with ThreadPoolExecutor(max_workers=len(self.links)) as pool:
            return any(list(pool.map(tell, self.links)))


def transport() -> PushTransport:
    """The installation's driver: its link or links, unless it has none."""
    addresses = [shard.internal for shard in directory().shards if shard.internal]
    links = tuple(LinkPush(address, internal_secret()) for address in addresses)
    if len(links) > 1:
        return EveryLink(links)
    return links[0] if links else NoPush()


def end_session(node: str) -> None:
    """The device is no longer trusted; its HTTP calls are refused by themselves."""
    transport().end(node)
