"""Telling nodes to look now. A hint may get lost; a node that hears none polls and is late."""

import http.client
import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from vang.dispatch.between import SECRET_HEADER, internal_secret

LOG = logging.getLogger(__name__)
HINT_WITHIN_S = 0.5


class PushTransport(Protocol):
    """One way to reach nodes. A driver never raises and never waits long."""

    def hint(self, unit: str, version: int) -> bool:
        """Tell the unit's nodes that plan ``version`` exists. Whether the hint was taken over."""

    def order(
        self, command: str, manifest: str, *, units: Collection[str], nodes: Collection[str]
    ) -> bool:
        """Bring a command to all nodes of the units and to single nodes."""

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
    ) -> bool:
        return False

    def end(self, node: str) -> bool:  # noqa: ARG002
        return False


@dataclass(frozen=True)
class LinkPush:
    """The built-in link: one request on loopback to the process that holds the sockets.

    ``address`` is such as ``http://127.0.0.1:8001``.
    """

    address: str
    secret: str
    within_s: float = HINT_WITHIN_S

    def hint(self, unit: str, version: int) -> bool:
        return self._told("/internal/hint", {"unit": unit, "plan": version})

    def order(
        self, command: str, manifest: str, *, units: Collection[str], nodes: Collection[str]
    ) -> bool:
        body = {
            "command": command,
            "manifest": manifest,
            "units": list(units),
            "nodes": list(nodes),
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


def transport() -> PushTransport:
    """The installation's driver: the link, unless its address is empty."""
    address = settings.ENVIRONMENT.link_internal_url
    return LinkPush(address, internal_secret()) if address else NoPush()


def end_session(node: str) -> None:
    """The device is no longer trusted; its HTTP calls are refused by themselves."""
    transport().end(node)
