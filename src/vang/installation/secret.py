"""The installation's own secret, made on the first run and readable by its owner alone."""

import secrets
from pathlib import Path

from vang.base.files import write_atomic


def make_secret(data: Path) -> bool:
    """Write ``secret.key`` when it is absent; True when it was made now."""
    path = data / "secret.key"
    if path.exists():
        return False
    write_atomic(path, secrets.token_urlsafe(64).encode(), mode=0o600)
    return True
