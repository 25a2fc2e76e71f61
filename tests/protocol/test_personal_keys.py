"""The kinds of passkey that people really have: security keys, phones, Windows Hello."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.province import PARTY, Passkey
from vang_protocol.envelopes import SigningKey
from vang_protocol.personal_keys import (
    Assertion,
    KeyKind,
    PersonalKey,
    encode_assertion,
    parse_assertion,
)
from vang_protocol.reasons import Refused

DATA = b"DSSEv1 exactly these bytes"
MADE = parse_assertion(Passkey().sign(DATA))


def test_windows_hello_signs_with_rsa() -> None:
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    key = PersonalKey(KeyKind.RS256, private.public_key().public_numbers().n.to_bytes(256).hex())
    signature = private.sign(MADE.signed_bytes, padding.PKCS1v15(), SHA256())
    _check(key, Assertion(MADE.authenticator, MADE.client, signature))


def test_a_security_key_may_sign_with_ed25519() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    key = PersonalKey(KeyKind.EDDSA, private.public_key().public_bytes_raw().hex())
    signature = private.sign(MADE.signed_bytes)
    _check(key, Assertion(MADE.authenticator, MADE.client, signature))


def _check(key: PersonalKey, made: Assertion) -> None:
    assert key.verifies(encode_assertion(made), DATA, PARTY)
    flipped = bytes([made.signature[0] ^ 1]) + made.signature[1:]
    bad = Assertion(made.authenticator, made.client, flipped)
    assert not key.verifies(encode_assertion(bad), DATA, PARTY)


def test_a_bare_signature_does_not_stand_for_a_passkeys() -> None:
    """The material of a passkey, used without the browser, proves no touch and no site."""
    private = ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    assert PersonalKey(KeyKind.ED25519, public).verifies(private.sign(DATA), DATA, None)
    assert not PersonalKey(KeyKind.EDDSA, public).verifies(private.sign(DATA), DATA, PARTY)


def test_the_id_follows_from_the_material_alone() -> None:
    raw = SigningKey.generate().public.public
    first, second = PersonalKey(KeyKind.ED25519, raw), PersonalKey(KeyKind.EDDSA, raw)
    assert first.keyid == second.keyid == sha256(bytes.fromhex(raw)).hexdigest()


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_of_another_length_is_none(kind: KeyKind) -> None:
    with pytest.raises(Refused):
        PersonalKey(kind, "ab" * (kind.octets - 1))


def test_a_point_beside_the_curve_verifies_nothing() -> None:
    key = PersonalKey(KeyKind.ES256, "01" * 64)
    assert not key.verifies(encode_assertion(MADE), DATA, PARTY)


@given(st.binary(max_size=300))
def test_noise_for_a_signature_is_just_wrong(noise: bytes) -> None:
    for key in (Passkey().key, PersonalKey(KeyKind.ED25519, "ab" * 32)):
        assert not key.verifies(noise, DATA, PARTY)


@given(st.binary(max_size=200))
def test_noise_for_the_browsers_words_is_just_wrong(noise: bytes) -> None:
    made = encode_assertion(Assertion(MADE.authenticator, noise, MADE.signature))
    assert not Passkey().key.verifies(made, DATA, PARTY)
