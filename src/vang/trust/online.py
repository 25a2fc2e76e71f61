"""The server's own key, which says every day that the newest metadata is the newest. It can hide
a new policy for at most its fortnight; it can never make one."""

from pathlib import Path

from django.conf import settings
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

from vang.trust.signers import Holder, make_key, read_key

NAME = "server"
_PREFIX = "trust-"


def _keys() -> Path:
    found: Path = settings.DATA / "keys"
    return found


def new_online_key() -> Holder:
    """Made now, in a file of mode 0600 that is named by its id."""
    fresh = _keys() / f"{_PREFIX}new.key"
    fresh.unlink(missing_ok=True)  # left by a crash, and named in no root
    holder = Holder(NAME, make_key(fresh, None))
    fresh.rename(_path(holder.keyid))
    return holder


def online_signer(keyid: str) -> CryptoSigner:
    """Raises TrustRefused when the file is lost, damaged, or readable by others."""
    return read_key(_path(keyid), None)


def _path(keyid: str) -> Path:
    return _keys() / f"{_PREFIX}{keyid}.key"
