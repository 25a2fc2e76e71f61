"""Two communes, their people and their keys: who may order what, for tests of trust.

An writes, Bình and Hạnh approve for commune 20662; Dũng is the duty officer of the district, and
may be the second everywhere; Chi approves for 20683 only. Every key is a passkey but Tập's, which
is for training.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]

from tests.protocol.conftest import NOW
from vang_protocol import strict_json
from vang_protocol.commands import (
    COMMAND_TYPE,
    Audience,
    Command,
    Kind,
    Mode,
    Named,
    encode_command,
)
from vang_protocol.deciding import Listener
from vang_protocol.envelopes import SigningKey
from vang_protocol.grants import Approved, Grant
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.personal_keys import (
    Assertion,
    KeyKind,
    PersonalKey,
    RelyingParty,
    encode_assertion,
)
from vang_protocol.plans import Audio, Priority
from vang_protocol.policies import Grace, Human, Key, Policy, Use

PARTY = RelyingParty("vang.example", ("https://vang.example",))
DAY = timedelta(days=1)
TEMPLATE = Named("lu-quet", 1)


def a_manifest(**changed: Any) -> Manifest:
    usual = Manifest(
        mode=Mode.ACTUAL,
        language="vi",
        title="Cảnh báo lũ quét",
        text_sha256="ef" * 32,
        made_by="Lê Thị Mai",
        pieces=(
            Piece(Part.TONE, 8_000),
            Piece(Part.READY, 4_000, READY),
            Piece(Part.SPEECH, 60_000, SPEECH),
        ),
    )
    return replace(usual, **changed)


SPEECH = Audio("ab" * 32, 180_000, "opus", 60_000)
READY = Audio("cd" * 32, 20_000, "opus", 4_000)
MANIFEST = strict_json.digest(encode_manifest(a_manifest()))


@dataclass
class Passkey:
    """A browser and an authenticator, as far as WebAuthn lets anybody look at them."""

    party: RelyingParty = PARTY
    flags: int = 0x05
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def key(self) -> PersonalKey:
        point = self.private.public_key().public_numbers()
        raw = point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")
        return PersonalKey(KeyKind.ES256, raw.hex())

    def sign(self, data: bytes, **changed: Any) -> bytes:
        """The signature of an envelope over ``data``; ``changed``: other words of the browser."""
        challenge = base64.urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
        told = {
            "type": "webauthn.get",
            "challenge": challenge,
            "origin": self.party.origins[0],
            "crossOrigin": False,
            **changed,
        }
        client = json.dumps(told).encode()
        own = sha256(self.party.id.encode()).digest() + bytes([self.flags]) + bytes(4)
        signature = self.private.sign(own + sha256(client).digest(), ec.ECDSA(SHA256()))
        return encode_assertion(Assertion(own, client, signature))


Signer = Passkey | SigningKey


@cache
def passkey(person: str) -> Passkey:
    """One passkey for each name."""
    return Passkey()


def personal(signer: Signer) -> PersonalKey:
    if isinstance(signer, Passkey):
        return signer.key
    return PersonalKey(KeyKind.ED25519, signer.public.public)


def key_of(person: str, **changed: Any) -> Key:
    key = Key(person, passkey(person).key, Use.ACTUAL, NOW - 30 * DAY, NOW - 29 * DAY)
    return replace(key, **changed)


PEOPLE = ("an", "binh", "hanh", "chi", "dung", "tap")


def grant(name: str, **changed: Any) -> Grant:
    """Two of commune A's approvers and the duty officer order an emergency there."""
    usual = Grant(
        id=name,
        issuer="20662",
        communes=frozenset({"20662"}),
        kinds=frozenset({Kind.PLAY}),
        modes=frozenset({Mode.ACTUAL}),
        priorities=frozenset({Priority.EMERGENCY}),
        persons=frozenset({"binh", "hanh", "dung"}),
        threshold=2,
        max_play_ms=600_000,
        ceiling_db=0,
    )
    return replace(usual, **changed)


GRANTS = (
    grant("a-emergency"),
    grant(
        "a-alone",
        threshold=1,
        max_play_ms=180_000,
        templates=frozenset({TEMPLATE}),
        persons=frozenset({"binh"}),
    ),
    grant("a-silence", threshold=1, kinds=frozenset({Kind.CANCEL, Kind.STOP}), max_play_ms=0),
    grant(
        "a-drill",
        modes=frozenset({Mode.TEST, Mode.EXERCISE}),
        kinds=frozenset({Kind.PLAY, Kind.LINK_TEST}),
        persons=frozenset({"binh", "hanh", "dung", "tap"}),
        max_play_ms=120_000,
        ceiling_db=-10,
    ),
    grant(
        "b-emergency",
        issuer="20683",
        communes=frozenset({"20683"}),
        persons=frozenset({"chi", "dung"}),
    ),
    grant(
        "district",
        issuer="509",
        communes=frozenset({"20662", "20683"}),
        persons=frozenset({"dung", "hanh"}),
    ),
)


def a_policy(**changed: Any) -> Policy:
    keys = [key_of(person) for person in PEOPLE if person != "tap"]
    usual = Policy(
        version=3,
        issued=NOW - 10 * DAY,
        expires=NOW + 80 * DAY,
        grace=Grace(14 * DAY, 180 * DAY),
        demonstration=False,
        party=PARTY,
        persons=tuple(Human(person, person.title(), "20662") for person in PEOPLE),
        keys=(*keys, key_of("tap", use=Use.TRAINING)),
        grants=GRANTS,
        epochs=(("20662", 1), ("20683", 1), ("509", 1)),
        templates=(Approved(TEMPLATE, frozenset({MANIFEST}), 180_000),),
    )
    return replace(usual, **changed)


def a_command(**changed: Any) -> Command:
    usual = Command(
        id="0197-flood",
        kind=Kind.PLAY,
        mode=Mode.ACTUAL,
        priority=Priority.EMERGENCY,
        issuer="20662",
        audience=Audience(units=("20662",)),
        issued=NOW,
        not_before=NOW,
        expires=NOW + timedelta(minutes=10),
        epoch=1,
        seq=1,
        manifest=MANIFEST,
        repeat=3,
        max_play_ms=300_000,
    )
    return replace(usual, **changed)


def a_cancel(**changed: Any) -> Command:
    usual = {
        "id": "0198-cancel",
        "kind": Kind.CANCEL,
        "manifest": None,
        "max_play_ms": 0,
        "repeat": 1,
        "ends": ("0197-flood",),
        "seq": 2,
    }
    return a_command(**{**usual, **changed})


def signed(command: Command, *people: str | Signer) -> bytes:
    """The envelope, signed by the passkeys of people, or by the signers themselves."""
    return sealed(encode_command(command), people)


def sealed(
    payload: bytes, people: Iterable[str | Signer], payload_type: str = COMMAND_TYPE
) -> bytes:
    envelope = Envelope(payload, payload_type, {})
    for person in people:
        signer = passkey(person) if isinstance(person, str) else person
        keyid = personal(signer).keyid
        envelope.signatures[keyid] = Signature(keyid, signer.sign(envelope.pae()).hex())
    return strict_json.canonical(envelope.to_dict())


def a_listener(**changed: Any) -> Listener:
    usual: dict[str, Any] = {"unit": "20662", "cluster": "c1", "policy": a_policy(), "now": NOW}
    return Listener(**{**usual, **changed})


def at(moment: datetime) -> Listener:
    return a_listener(now=moment)
