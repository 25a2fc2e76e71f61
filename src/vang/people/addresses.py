"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The caller's IP address; behind our proxy what the proxy saw, not what the caller claims.

    nginx adds the address it saw at the end of X-Forwarded-For (deploy/nginx). None for a socket
    without an address.
    """
    if settings.ENVIRONMENT.https:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return _checked(seen)
    return _checked(request.META.get("REMOTE_ADDR", ""))


def _checked(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
