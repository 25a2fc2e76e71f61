"""Keys of the root: who holds them, and the files in which they lie.

A holder's key never comes near the server: it is made and used on a computer without a network,
from a file that opens with a passphrase. Nothing here needs a database.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from securesystemslib.signer import (  # type: ignore[attr-defined]  # public, but not in __all__
    CryptoSigner,
    SSlibKey,
)

from vang.trust.refusing import TrustRefused

HOLDER = "x-vang-holder"
PASSPHRASE_CHARS = 15
STRETCH, _MOST_STRETCH = 17, 20
"""Powers of two: 128 MB and about half a second for each guess."""
_HEAD = "vang-scrypt"
_NAME_CHARS = 120
_FILE_BYTES = 8 * 1024


@dataclass(frozen=True)
class Holder:
    """``public``: 32 bytes in hex. ``name``: as it stands in the root, for people to read."""

    name: str
    public: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= _NAME_CHARS:
            raise TrustRefused("name", f"A name has 1 to {_NAME_CHARS} characters.")
        try:
            raw = bytes.fromhex(self.public)
        except ValueError:
            raw = b""
        if len(raw) != 32 or self.public != raw.hex():
            raise TrustRefused("not-a-key", "That is no Ed25519 key of 32 bytes in hex.")

    @property
    def key(self) -> SSlibKey:
        """As TUF knows it; its id follows from the material alone."""
        raw = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public))
        found = SSlibKey.from_crypto(raw)
        found.unrecognized_fields[HOLDER] = self.name
        return found

    @property
    def keyid(self) -> str:
        return str(self.key.keyid)

    def to_json(self) -> bytes:
        table = {"name": self.name, "public": self.public}
        return json.dumps(table, ensure_ascii=False, indent=2).encode() + b"\n"


def read_holder(path: Path) -> Holder:
    """A public file as ``vang keys init`` writes it. Raises TrustRefused."""
    try:
        table = json.loads(read_limited(path, _FILE_BYTES))
        return Holder(str(table["name"]), str(table["public"]))
    except (ValueError, KeyError, TypeError):
        raise TrustRefused("not-a-holder", f"{path} is no public file of a holder.") from None


def read_limited(path: Path, most: int) -> bytes:
    """Raises TrustRefused for a file that cannot be read or is larger than ``most`` bytes."""
    try:
        with path.open("rb") as handle:
            content = handle.read(most + 1)
    except OSError as error:
        raise TrustRefused("unreadable", f"{path}: {error.strerror}") from None
    if len(content) > most:
        raise TrustRefused("too-large", f"{path} has more than {most} bytes.")
    return content


def make_key(path: Path, passphrase: str | None) -> str:
    """A new key at ``path`` (0600, never over another); its public part in hex.

    ``passphrase`` None: not encrypted, for keys that a server or a demonstration holds.
    """
    if passphrase is not None and len(passphrase) < PASSPHRASE_CHARS:
        wanted = f"A passphrase has at least {PASSPHRASE_CHARS} characters."
        raise TrustRefused("passphrase-short", wanted)
    private = Ed25519PrivateKey.generate()
    content = _sealed(private, passphrase)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise TrustRefused("exists", f"{path} exists already; no key is written over.") from None
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    return public_hex(private)


def _sealed(private: Ed25519PrivateKey, passphrase: str | None) -> bytes:
    """PKCS #8; with a passphrase under a line that says how it was stretched."""
    if passphrase is None:
        return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    cost, salt = STRETCH, os.urandom(16)
    locked = BestAvailableEncryption(_stretched(passphrase, cost, salt))
    head = f"{_HEAD} {cost} {salt.hex()}\n".encode()
    return head + private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def _stretched(passphrase: str, cost: int, salt: bytes) -> bytes:
    """scrypt (RFC 7914), since PKCS #8 by itself costs a guesser too little."""
    found = Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase.encode())
    return found.hex().encode()


def _opening(content: bytes, passphrase: str | None) -> bytes | None:
    """What opens the file; None for one that is not locked. Raises ValueError."""
    if passphrase is None:
        return None
    words = content.splitlines()[0].decode().split()
    if len(words) != 3 or words[0] != _HEAD or not 1 <= int(words[1]) <= _MOST_STRETCH:
        raise ValueError("not a holder's key")
    return _stretched(passphrase, int(words[1]), bytes.fromhex(words[2]))


def public_hex(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def read_key(path: Path, passphrase: str | None) -> CryptoSigner:
    """Raises TrustRefused when others may read the file, or the passphrase is wrong."""
    content = read_limited(path, _FILE_BYTES)
    if path.stat().st_mode & 0o077:
        raise TrustRefused("exposed", f"Others may read {path}: a key like that signs nothing.")
    try:
        private = load_pem_private_key(content, _opening(content, passphrase))
    except (ValueError, TypeError, IndexError):
        raise TrustRefused("locked", f"{path} does not open with this passphrase.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise TrustRefused("not-a-key", f"{path} holds no Ed25519 key.")
    return CryptoSigner(private, SSlibKey.from_crypto(private.public_key()))
