"""Short-lived bearer tokens that the push process can check without a database."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


class TokenRefused(Exception):
    """The token is malformed, forged, of another purpose, or expired."""


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _mac(secret: bytes, purpose: str, body: str) -> bytes:
    return hmac.new(secret, f"{purpose}:{body}".encode(), hashlib.sha256).digest()


def make_token(
    secret: bytes, purpose: str, claims: Mapping[str, Any], *, now: datetime, lasts_s: int
) -> str:
    """A token of ``claims`` that :func:`read_token` accepts for ``lasts_s`` seconds."""
    content = {**claims, "exp": int(now.timestamp()) + lasts_s}
    body = _encode(json.dumps(content, separators=(",", ":")).encode())
    return f"{body}.{_encode(_mac(secret, purpose, body))}"


def read_token(secret: bytes, purpose: str, token: str, *, now: datetime) -> dict[str, Any]:
    """The claims of a genuine, unexpired token. Raises TokenRefused."""
    body, _, signature = token.partition(".")
    try:
        given = _decode(signature)
    except ValueError as error:
        raise TokenRefused("malformed") from error
    if not hmac.compare_digest(given, _mac(secret, purpose, body)):
        raise TokenRefused("forged")
    claims: dict[str, Any] = json.loads(_decode(body))
    if int(claims["exp"]) <= now.timestamp():
        raise TokenRefused("expired")
    return claims


def derived_secret(secret: bytes, purpose: str) -> str:
    """A secret of its own for one purpose, in hex; it tells nothing about ``secret``."""
    return hmac.new(secret, f"derived:{purpose}".encode(), hashlib.sha256).hexdigest()
