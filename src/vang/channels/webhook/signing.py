"""Signing as Standard Webhooks prescribes: receivers have ready libraries. Pure.

HMAC-SHA256 over ``id.timestamp.body``; the secret is ``whsec_`` and base64 of its bytes.
https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import hashlib
import hmac
import secrets

_PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """All that goes with a body."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Vang",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
