"""Registering a passkey as a personal key (WebAuthn level 2, section 7.1), by the field's library.

Attestation is not asked for: who made the device is no matter here, a second person vouches for
whose it is. The fingerprint or PIN is required each time.
"""

import base64
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from vang.people.models import Person
from vang.trust.models import PersonKey
from vang.trust.queries import identity, relying_party
from vang_protocol.personal_keys import KeyKind, PersonalKey

ES256, EDDSA, RS256 = -7, -8, -257
_ED25519, _P256 = 6, 1
_EXPONENT = (65_537).to_bytes(3, "big")
RESPONSE_BYTES = 16 * 1024


class NotRegistered(ValueError):
    """The device's answer is not one that counts."""


@dataclass(frozen=True)
class Registered:
    """``credential_id``: base64url, as the browser wants it when it is to sign."""

    key: PersonalKey
    credential_id: str
    relying_party: str


def begin(person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked, and what must be remembered until it answers."""
    known = PersonKey.objects.filter(person=person, revoked_at=None).exclude(credential_id="")
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=f"vang-key-{identity(person)}".encode(),
            name=person.username,
            display_name=person.full_name,
        ),
        credentials=[
            PublicKeyCredentialDescriptor(
                type=PublicKeyCredentialType.PUBLIC_KEY, id=_bytes(one.credential_id)
            )
            for one in known
        ],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), dict(state)


def complete(state: dict[str, Any], answer: Any) -> Registered:
    """Raises NotRegistered whatever is wrong with the answer of the device."""
    try:
        response = RegistrationResponse.from_dict(answer)
        credential = _server().register_complete(state, response).credential_data
    except Exception as error:  # whatever a stranger's bytes do to the parsers
        raise NotRegistered(type(error).__name__) from error
    if credential is None:
        raise NotRegistered("no key")
    key = personal_key(dict(credential.public_key))
    return Registered(key, websafe_encode(credential.credential_id), relying_party().id)


def personal_key(cose: dict[int, Any]) -> PersonalKey:
    """A COSE key (RFC 9053) as nodes hold it. Raises NotRegistered for any other kind."""
    match cose.get(3):
        case -7 if cose.get(-1) == _P256:
            return _checked(KeyKind.ES256, cose[-2] + cose[-3])
        case -8 if cose.get(-1) == _ED25519:
            return _checked(KeyKind.EDDSA, cose[-2])
        case -257 if cose.get(-2) == _EXPONENT:
            return _checked(KeyKind.RS256, cose[-1])
    raise NotRegistered("a kind of key that nodes do not know")


def _checked(kind: KeyKind, raw: bytes) -> PersonalKey:
    if len(raw) != kind.octets:
        raise NotRegistered(f"{len(raw)} bytes, not {kind.octets}")
    return PersonalKey(kind, raw.hex())


def _server() -> Fido2Server:
    party = relying_party()
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=party.id, name="Vang"),
        verify_origin=lambda origin: origin in party.origins,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=alg)
        for alg in (ES256, EDDSA, RS256)
    ]
    return server


def _bytes(credential_id: str) -> bytes:
    return base64.urlsafe_b64decode(credential_id + "=" * (-len(credential_id) % 4))
