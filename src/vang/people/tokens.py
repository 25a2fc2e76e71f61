"""Random links and their hashes."""

import hashlib
import secrets


def new_token() -> str:
    """192 random bits for an address."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What is kept of a token: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode()).hexdigest()
