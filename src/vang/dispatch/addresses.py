"""Where nodes find the link."""

from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest

from vang.dispatch.shards import directory


def link_url_for(request: HttpRequest, unit: str) -> str:
    """The address, as this caller can reach it, of the link that serves the commune.

    A configured loopback address is right only for callers on the server itself; others are
    given the host name under which they reached the pages.
    """
    return reachable(directory().of_unit(unit).address, request.get_host())


def reachable(link_url: str, host: str) -> str:
    """``link_url`` with the caller's ``host`` in place of a loopback one."""
    link = urlsplit(link_url)
    name = urlsplit(f"//{host}").hostname or ""
    if not is_loopback(link.hostname or "") or is_loopback(name):
        return link_url
    shown = f"[{name}]" if ":" in name else name
    port = f":{link.port}" if link.port else ""
    return urlunsplit(link._replace(netloc=f"{shown}{port}"))


def is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
