"""One-time challenges that cost the server nothing to give out: no row, no memory.

A challenge carries its own time of issue and a MAC. That each serves only once is kept with the
node: it accepts only challenges newer than the last one it used.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from vang.base.tokens import derived_secret
from vang_protocol.instants import from_us, to_us

LASTS = timedelta(seconds=60)


def make_challenge(secret: bytes, *, now: datetime) -> str:
    """An identifier of 62 characters."""
    body = f"{to_us(now)}.{secrets.token_hex(6)}"
    return f"{body}.{_mac(secret, body)}"


def challenge_issued(secret: bytes, nonce: str, *, now: datetime) -> datetime | None:
    """When a genuine challenge was issued; None for a forged one or one older than a minute."""
    body, _, mac = nonce.rpartition(".")
    if not nonce.isascii() or not hmac.compare_digest(mac, _mac(secret, body)):
        return None
    issued = from_us(int(body.partition(".")[0]))
    return issued if issued <= now < issued + LASTS else None


def _mac(secret: bytes, body: str) -> str:
    return derived_secret(secret, f"node-challenge:{body}")[:32]
