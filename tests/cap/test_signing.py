"""Genuine is what the pinned certificate signed, whole and unchanged; everything else is not."""

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cap.messages import NOW, STORM
from vang.base.refusals import Refusal
from vang.cap.signing import (
    CERTIFICATE_FILE,
    KEY_FILE,
    NotGenuine,
    NotSigned,
    Signer,
    certificate_from,
    keep_signer,
    make_signer,
    publishable,
    sign,
    signer_in,
    verify,
)
from vang.cap.writing import write


@pytest.fixture(scope="module")
def office() -> Signer:
    return make_signer("UBND xã Quế Thuận", now=NOW)


@pytest.fixture(scope="module")
def attacker() -> Signer:
    """With the same name in a certificate of his own."""
    return make_signer("UBND xã Quế Thuận", now=NOW)


@pytest.fixture(scope="module")
def signed(office: Signer) -> bytes:
    return sign(write(STORM, now=NOW), office, now=NOW)


def refused(content: bytes, office: Signer, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        verify(content, office.certificate, now=NOW)
    assert refusal.value.code == code


def test_a_signed_warning_is_genuine(office: Signer, signed: bytes) -> None:
    assert verify(signed, office.certificate, now=NOW) == STORM


def test_an_unsigned_warning_is_not(office: Signer) -> None:
    refused(write(STORM, now=NOW), office, "no-signature")


def test_one_bit_in_any_word_breaks_it(office: Signer, signed: bytes) -> None:
    """Right lengths throughout: of the text, the digest, the signature and the algorithm."""
    for place in (
        signed.index(b"Gi\xc3\xb3") + 1,
        signed.index(b"15.7,108.2") + 3,
        signed.index(b"<ds:DigestValue>") + 18,
        signed.index(b"<ds:SignatureValue>") + 22,
        signed.index(b"20662"),
    ):
        changed = bytearray(signed)
        old = changed[place]
        changed[place] = old ^ 1
        assert len(changed) == len(signed)
        with pytest.raises(Refusal) as refusal:
            verify(bytes(changed), office.certificate, now=NOW)
        assert refusal.value.code in {"signature-wrong", "encoding"}


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_whatever_is_done_to_a_signature_is_refused_and_nothing_else_happens(
    seed: int, office: Signer, signed: bytes
) -> None:
    chance = random.Random(seed)
    begin, end = signed.index(b"<ds:Signature"), signed.index(b"</ds:Signature>")
    data = bytearray(signed)
    for _time in range(chance.randrange(1, 4)):
        place = chance.randrange(begin, min(end, len(data)))
        if chance.random() < 0.5:
            data[place] = chance.choice(b'ABCz09+/=<> "')
        else:
            del data[place : place + chance.randrange(60)]
    try:
        assert verify(bytes(data), office.certificate, now=NOW) == STORM
    except Refusal as refusal:
        assert refusal.code  # noqa: PT017 - either outcome is right, another exception is not


def test_an_attackers_own_certificate_proves_nothing(office: Signer, attacker: Signer) -> None:
    forged = sign(write(STORM, now=NOW), attacker, now=NOW)
    assert verify(forged, attacker.certificate, now=NOW) == STORM
    refused(forged, office, "signature-wrong")


def test_the_right_certificate_beside_a_wrong_key_proves_nothing(
    office: Signer, attacker: Signer
) -> None:
    forged = sign(write(STORM, now=NOW), attacker, now=NOW).decode()
    mine = "".join(office.pem.splitlines()[1:-1])
    swapped = re.sub(r"(?<=X509Certificate>)[^<]+(?=</)", mine, forged)
    refused(swapped.encode(), office, "signature-wrong")


def test_a_signature_moved_elsewhere_proves_nothing(office: Signer, signed: bytes) -> None:
    text = signed.decode()
    signature = text[text.index("<ds:Signature ") : text.index("</ds:Signature>") + 15]
    without = text.replace(signature, "")
    inside = without.replace("</info>", f"</info>{signature}", 1)
    refused(inside.encode(), office, "structure")
    deep = without.replace("</areaDesc>", f"</areaDesc>{signature}", 1)
    refused(deep.encode(), office, "structure")
    twice = text.replace(signature, signature + signature)
    refused(twice.encode(), office, "signature-misplaced")


def test_a_second_warning_around_a_signed_one_proves_nothing(office: Signer, signed: bytes) -> None:
    """The wrapping attack: the signed original is kept somewhere, another message is shown."""
    body = signed[signed.index(b"<alert") :]
    false = write(STORM, now=NOW).replace("Bão".encode(), "Lũ".encode())
    signature = body[body.index(b"<ds:Signature ") : body.index(b"</ds:Signature>") + 15]
    wrapped = false.replace(b"</alert>", b"<x>" + body + b"</x>" + signature + b"</alert>")
    refused(wrapped, office, "structure")
    beside = signed.replace(b"</alert>", b"") + body + b"</alert>"
    refused(beside, office, "structure")
    as_object = false.replace(
        b"</alert>",
        signature.replace(
            b"</ds:Signature>", b"<ds:Object>" + body + b"</ds:Object></ds:Signature>"
        )
        + b"</alert>",
    )
    refused(as_object, office, "signature-misplaced")


def test_a_comment_that_cuts_a_word_changes_nothing(office: Signer, signed: bytes) -> None:
    cut = signed.replace(b"quethuan@example.vn<", b"quethuan<!-- -->@example.vn<", 1)
    assert verify(cut, office.certificate, now=NOW).sender == "quethuan@example.vn"


def test_weak_hashes_are_not_taken(office: Signer, signed: bytes) -> None:
    weak = signed.replace(b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#ecdsa-sha1")
    refused(weak, office, "signature-wrong")


def test_a_certificate_has_its_time(office: Signer, signed: bytes) -> None:
    with pytest.raises(NotGenuine) as refusal:
        verify(signed, office.certificate, now=NOW + timedelta(days=731))
    assert refusal.value.code == "certificate-expired"


def test_nothing_leaves_unsigned_where_a_certificate_is_configured(
    office: Signer, attacker: Signer, tmp_path: Path
) -> None:
    assert publishable(STORM, None, now=NOW) == write(STORM, now=NOW)
    assert verify(publishable(STORM, office, now=NOW), office.certificate, now=NOW) == STORM
    mixed = Signer(office.key, attacker.certificate)
    with pytest.raises(NotSigned):
        publishable(STORM, mixed, now=NOW)
    with pytest.raises(NotSigned):
        publishable(STORM, office, now=NOW + timedelta(days=731))


def test_keys_are_kept_once_and_half_a_pair_is_no_pair(
    office: Signer, attacker: Signer, tmp_path: Path
) -> None:
    assert signer_in(tmp_path) is None
    keep_signer(office, tmp_path)
    again = signer_in(tmp_path)
    assert again is not None
    assert again.pem == office.pem
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keep_signer(attacker, tmp_path)
    (tmp_path / CERTIFICATE_FILE).write_text(attacker.pem)
    with pytest.raises(NotSigned):
        signer_in(tmp_path)
    (tmp_path / CERTIFICATE_FILE).unlink()
    with pytest.raises(NotSigned):
        signer_in(tmp_path)


def test_one_certificate_is_read_from_text(office: Signer, attacker: Signer) -> None:
    assert certificate_from(f"Chứng thư:\n{office.pem}\n") == office.certificate
    for text in ("", office.pem + attacker.pem, office.pem.replace("M", "!")):
        with pytest.raises(Refusal):
            certificate_from(text)
