"""Which addresses of others may be asked or written to: never this computer or its neighbours.

Whoever may set an address could otherwise have the server ask what only the server can reach
(server-side request forgery). Rules:

- https, no user name, no fragment, the port 443, 8443 or above 1023;
- every address that the name resolves to is of the public Internet; IPv4 inside IPv6 counts as
  what it is (RFC 4291 2.5.5.2, RFC 6052, RFC 3056);
- the connection goes to the very address that was examined: a name that answers otherwise the
  second time gains nothing (DNS rebinding).

Only who runs the server may allow a neighbour, by naming host and port (VANG_WEBHOOKS_INSIDE).
"""

import ipaddress
import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

MOST_CHARACTERS = 500
_PORTS = {443, 8443}
_IPv4_IN_IPv6 = ipaddress.ip_network("64:ff9b::/96")
_NEVER_PUBLIC = (
    ipaddress.ip_network("64:ff9b:1::/48"),  # a translator of one's own network, RFC 8215
    ipaddress.ip_network("fec0::/10"),  # site-local, as it once was
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """The host may not be written to."""


@dataclass(frozen=True)
class Target:
    """Where a message goes. ``inside``: allowed although it is a neighbour."""

    url: str
    scheme: str
    host: str
    port: int
    inside: bool


def target_of(url: str, inside: Collection[str]) -> Target:
    """The address, examined as far as it can be without asking anybody. Raises Refusal."""
    if len(url) > MOST_CHARACTERS or not url.isascii() or any(c.isspace() for c in url):
        raise Refusal("bad-address", _BAD)
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
    except ValueError as error:
        raise Refusal("bad-address", _BAD) from error
    host = (parts.hostname or "").lower()
    if not host or parts.username or parts.password or parts.fragment:
        raise Refusal("bad-address", _BAD)
    allowed = f"{host}:{port}" in inside
    _check(parts.scheme, host, port, allowed=allowed)
    return Target(url, parts.scheme, host, port, allowed)


def _check(scheme: str, host: str, port: int, *, allowed: bool) -> None:
    if allowed and scheme in {"http", "https"}:
        return
    if scheme != "https":
        raise Refusal("not-https", _NOT_HTTPS)
    if port not in _PORTS and port < 1024:
        raise Refusal("bad-port", _BAD_PORT)
    if (literal := _literal(host)) is not None and not is_public(literal):
        raise Refusal("inside", _INSIDE)
    name = host.rstrip(".")
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        raise Refusal("inside", _INSIDE)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether the address is of the public Internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if (inner := _inner(address)) is not None:
            return is_public(inner)
        if any(address in network for network in _NEVER_PUBLIC):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that it carries: mapped, compatible, translated, 6to4 or Teredo."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if int(address) >> 32 == 0 or address in _IPv4_IN_IPv6:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def examined(target: Target) -> list[str]:
    """Asks for the host's addresses; all must be public. Raises NotAllowed, OSError."""
    answers = socket.getaddrinfo(target.host.strip("[]"), target.port, type=socket.SOCK_STREAM)
    found = [str(answer[4][0]) for answer in answers]
    if not target.inside:
        check_public(found)
    return found


def check_public(found: Iterable[str]) -> None:
    """Raises NotAllowed when one of the addresses is not of the public Internet."""
    for one in found:
        if not is_public(ipaddress.ip_address(one.partition("%")[0])):
            raise NotAllowed(one)


_BAD: str | Promise = _(
    "Give a whole address of at most 500 plain characters, such as https://example.vn/vang"
)
_NOT_HTTPS = _("The address must begin with https://")
_BAD_PORT = _("This port is not allowed. Use 443, 8443 or one above 1023.")
_INSIDE = _("This address lies inside the server's own network and is not allowed.")
