"""An authenticator in software that registers: the bytes of WebAuthn level 2, by hand."""

import base64
import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2 import cbor

from vang_protocol.personal_keys import RelyingParty


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """``public`` as nodes hold it, in hex."""

    def __init__(self, party: RelyingParty, kind: str = "es256", bits: int = 2048) -> None:
        self._party = party
        self.id = os.urandom(32)
        self.cose, raw = {
            "es256": _es256,
            "eddsa": _eddsa,
            "rs256": lambda: _rs256(bits),
        }[kind]()
        self.public = raw.hex()

    def create(
        self,
        options: dict[str, object],
        *,
        flags: int = 0x45,
        origin: str = "",
        site: str = "",
        type: str = "webauthn.create",  # noqa: A002 - the standard's word
    ) -> dict[str, object]:
        """What a browser sends; the arguments make it lie."""
        told = {
            "type": type,
            "challenge": options["challenge"],
            "origin": origin or self._party.origins[0],
            "crossOrigin": False,
        }
        own = sha256((site or self._party.id).encode()).digest() + bytes([flags]) + bytes(4)
        own += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(self.cose)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": own})
        return {
            "id": plain(self.id),
            "rawId": plain(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": plain(json.dumps(told).encode()),
                "attestationObject": plain(attested),
            },
        }


def _es256() -> tuple[dict[int, object], bytes]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    return {1: 2, 3: -7, -1: 1, -2: x, -3: y}, x + y


def _eddsa() -> tuple[dict[int, object], bytes]:
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {1: 1, 3: -8, -1: 6, -2: raw}, raw


def _rs256(bits: int) -> tuple[dict[int, object], bytes]:
    numbers = rsa.generate_private_key(65_537, bits).public_key().public_numbers()
    raw = numbers.n.to_bytes(bits // 8, "big")
    return {1: 3, 3: -257, -1: raw, -2: b"\x01\x00\x01"}, raw
