"""Keys that belong to a person, and what each must sign so that a node counts it.

A passkey (WebAuthn) never signs our bytes themselves: it signs its own data and the hash of the
browser's, which holds SHA-256 of our bytes as the challenge. The signature in an envelope is
therefore a small JSON object with all three, checked here exactly as WebAuthn Level 2 section 7.2
says, on the node as well as on the server.
"""

import base64
import json
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from vang_protocol import fields, strict_json
from vang_protocol.envelopes import PublicKey
from vang_protocol.limits import ORIGIN_CHARS, ORIGINS, SIGNATURE_BYTES
from vang_protocol.reasons import Refused

_P256_OCTETS = 64
_RSA_OCTETS = 256
_RSA_EXPONENT = 65_537
_ASSERTION = ("authenticator", "client", "signature")
_PRESENT, _VERIFIED = 0x01, 0x04


class KeyKind(Enum):
    """``ed25519`` is a key in a file: only a demonstration or a training policy has them."""

    ED25519 = "ed25519"
    ES256 = "webauthn-es256"
    EDDSA = "webauthn-eddsa"
    RS256 = "webauthn-rs256"

    @property
    def octets(self) -> int:
        """Bytes of the public key: a point as x and y, or the modulus."""
        return {KeyKind.ES256: _P256_OCTETS, KeyKind.RS256: _RSA_OCTETS}.get(self, 32)


@dataclass(frozen=True)
class RelyingParty:
    """The site whose passkeys count: its id and the addresses a browser may have shown."""

    id: str
    origins: tuple[str, ...]


@dataclass(frozen=True)
class PersonalKey:
    """``public`` is hex. Equal material is one key, whatever it is called."""

    kind: KeyKind
    public: str

    def __post_init__(self) -> None:
        fields.hexadecimal(self.public, "public key", self.kind.octets)

    @property
    def keyid(self) -> str:
        """SHA-256 of the raw public key: two kinds over the same material share it."""
        return sha256(bytes.fromhex(self.public)).hexdigest()

    def verifies(self, signature: bytes, data: bytes, party: RelyingParty | None) -> bool:
        """Whether the person signed ``data``. ``party`` None: no passkey is accepted."""
        if self.kind is KeyKind.ED25519:
            return len(signature) == 64 and PublicKey(self.public).verifies(signature, data)
        try:
            assertion = parse_assertion(signature)
        except Refused:
            return False
        if party is None or not _is_about(assertion, sha256(data).digest(), party):
            return False
        return self._signed(assertion.signature, assertion.signed_bytes)

    def _signed(self, signature: bytes, data: bytes) -> bool:
        try:
            match self.kind:
                case KeyKind.ES256:
                    self._point.verify(signature, data, ec.ECDSA(SHA256()))
                case KeyKind.RS256:
                    _modulus(self._raw).verify(signature, data, padding.PKCS1v15(), SHA256())
                case _:
                    return PublicKey(self.public).verifies(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def _raw(self) -> bytes:
        return bytes.fromhex(self.public)

    @cached_property
    def _point(self) -> ec.EllipticCurvePublicKey:
        """Made once for each key of a policy. Raises ValueError: not on the curve."""
        return _point(self._raw)


def _point(raw: bytes) -> ec.EllipticCurvePublicKey:
    x, y = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _modulus(raw: bytes) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(_RSA_EXPONENT, int.from_bytes(raw, "big")).public_key()


@dataclass(frozen=True)
class Assertion:
    """What an authenticator answered: its own data, the browser's, and the signature."""

    authenticator: bytes
    client: bytes
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        return self.authenticator + sha256(self.client).digest()


def encode_assertion(assertion: Assertion) -> bytes:
    """The signature bytes of an envelope."""
    return strict_json.canonical(
        {
            "authenticator": base64.b64encode(assertion.authenticator).decode(),
            "client": base64.b64encode(assertion.client).decode(),
            "signature": base64.b64encode(assertion.signature).decode(),
        }
    )


def parse_assertion(data: bytes) -> Assertion:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(data, limit=SIGNATURE_BYTES)
    table = fields.table(value, "assertion", _ASSERTION)
    return Assertion(*(_base64(table[name], name) for name in _ASSERTION))


def _base64(value: Any, where: str) -> bytes:
    text = fields.text(value, where, SIGNATURE_BYTES)
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        fields.wrong(where, "not base64")
    if base64.b64encode(raw).decode() != text:
        fields.wrong(where, "not in canonical form")
    return raw


def _is_about(assertion: Assertion, challenge: bytes, party: RelyingParty) -> bool:
    """Type, challenge and origin of the browser's data; site, touch and PIN of the device's."""
    told = _client_data(assertion.client)
    wanted = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
    data = assertion.authenticator
    return (
        told.get("type") == "webauthn.get"
        and told.get("challenge") == wanted
        and told.get("origin") in party.origins
        and told.get("crossOrigin", False) is False
        and len(data) >= 37
        and data[:32] == sha256(party.id.encode()).digest()
        and bool(data[32] & _PRESENT)
        and bool(data[32] & _VERIFIED)
    )


def _client_data(client: bytes) -> dict[str, Any]:
    """The browser's JSON: ours neither to order nor to extend, so read leniently, never twice."""
    try:
        told = json.loads(client.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def parse_party(value: Any, where: str) -> RelyingParty:
    """Raises Refused(BAD_FIELDS)."""
    table = fields.table(value, where, ("id", "origins"))
    origins = fields.rows(table["origins"], f"{where}.origins", ORIGINS)
    return RelyingParty(
        fields.text(table["id"], f"{where}.id", ORIGIN_CHARS, 1),
        tuple(fields.text(one, f"{where}.origins", ORIGIN_CHARS, 1) for one in origins),
    )


def party_table(party: RelyingParty) -> dict[str, Any]:
    return {"id": party.id, "origins": list(party.origins)}
