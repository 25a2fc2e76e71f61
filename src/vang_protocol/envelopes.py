"""Signed bytes: DSSE envelopes with Ed25519 keys (securesystemslib), verified by pinned keys.

An envelope is read only in its canonical form, so the same signed payload has exactly one
encoding and one SHA-256: base64 padding bits and white space cannot be played with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.signer import (  # type: ignore[attr-defined]  # public, but not in __all__
    CryptoSigner,
    SSlibKey,
)

from vang_protocol import fields, strict_json
from vang_protocol.reasons import Reason, Refused

PLAN_TYPE = "application/vnd.vang.plan.v1+json"
JOURNAL_TYPE = "application/vnd.vang.journal.v1+json"
MOST_SIGNATURES = 4


def key_id(public: bytes) -> str:
    """The id of a raw 32-byte Ed25519 public key: its SHA-256 in hex."""
    return sha256(public).hexdigest()


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key, 32 bytes in lower-case hex. Its id always follows from it."""

    public: str

    def __post_init__(self) -> None:
        fields.hexadecimal(self.public, "public key", 32)

    @property
    def keyid(self) -> str:
        return key_id(bytes.fromhex(self.public))

    def verifies(self, signature: bytes, data: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public)).verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def for_dsse(self) -> SSlibKey:
        return SSlibKey(self.keyid, "ed25519", "ed25519", {"public": self.public})


class SigningKey:
    """An Ed25519 private key. It leaves this object only as PEM, for a file of mode 0600."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._private = private
        self.public = PublicKey(raw.hex())

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Raises ValueError for anything but an unencrypted Ed25519 PKCS #8 key."""
        private = load_pem_private_key(pem, password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("not an Ed25519 key")  # noqa: TRY004  (bad bytes, not a bad call)
        return cls(private)

    def to_pem(self) -> bytes:
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)

    @cached_property
    def for_dsse(self) -> CryptoSigner:
        return CryptoSigner(self._private, self.public.for_dsse())


def sign_envelope(payload: bytes, payload_type: str, *keys: SigningKey) -> bytes:
    """The canonical envelope bytes of ``payload``, signed by every key."""
    envelope = Envelope(payload, payload_type, {})
    for key in keys:
        envelope.sign(key.for_dsse)
    return strict_json.canonical(envelope.to_dict())


def open_envelope(
    data: bytes, *, payload_type: str, keys: Iterable[PublicKey], limit: int
) -> bytes:
    """The payload, once its size, form, type and one signature by ``keys`` are right.

    Raises Refused(TOO_LARGE, BAD_JSON, BAD_ENVELOPE, WRONG_TYPE, UNKNOWN_KEY, BAD_SIGNATURE),
    checked in that order.
    """
    envelope = read_envelope(data, limit)
    if envelope.payload_type != payload_type:
        raise Refused(Reason.WRONG_TYPE, envelope.payload_type[:80])
    _check_signature(envelope, keys)
    return bytes(envelope.payload)


def read_envelope(data: bytes, limit: int, *, sig_chars: int = 88) -> Envelope:
    """The envelope, not yet verified. Raises Refused(TOO_LARGE, BAD_JSON, BAD_ENVELOPE).

    ``sig_chars``: the longest base64 of a signature; an Ed25519 signature has 88.
    """
    value = strict_json.decode(data, limit=limit)
    try:
        envelope = Envelope.from_dict(_checked_shape(value, sig_chars))
        again = strict_json.canonical(envelope.to_dict())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(Reason.BAD_ENVELOPE, str(error)[:200]) from None
    if again != data:
        raise Refused(Reason.BAD_ENVELOPE, "not in canonical form")
    return envelope


def _checked_shape(value: Any, sig_chars: int) -> dict[str, Any]:
    try:
        table = fields.table(value, "envelope", ("payload", "payloadType", "signatures"))
        fields.text(table["payload"], "payload", 2**31)
        fields.text(table["payloadType"], "payloadType", 200)
        for entry in fields.rows(table["signatures"], "signatures", MOST_SIGNATURES):
            signature = fields.table(entry, "signature", ("keyid", "sig"))
            fields.hexadecimal(signature["keyid"], "keyid", 32)
            fields.text(signature["sig"], "sig", sig_chars)
    except Refused as error:
        raise Refused(Reason.BAD_ENVELOPE, error.detail) from None
    return table


def _check_signature(envelope: Envelope, keys: Iterable[PublicKey]) -> None:
    # A set by key material: the same key listed twice is one key, whatever its label.
    pinned = {key.keyid: key for key in keys}
    used = [pinned[keyid] for keyid in envelope.signatures if keyid in pinned]
    if not used:
        raise Refused(Reason.UNKNOWN_KEY)
    data = envelope.pae()
    if not any(key.verifies(_raw(envelope, key), data) for key in used):
        raise Refused(Reason.BAD_SIGNATURE)


def _raw(envelope: Envelope, key: PublicKey) -> bytes:
    return bytes.fromhex(envelope.signatures[key.keyid].signature)
