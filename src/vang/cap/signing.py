"""Enveloped signatures (XML-DSig) with one pinned certificate.

A certificate is trusted because somebody put it here, never because it stands in the message.
Bytes are signed and bytes are kept: nothing is formatted again afterwards, or the signature would
no longer fit. Where a certificate is configured, a message leaves signed or not at all.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from signxml import (
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureMethod,
    XMLSigner,
    XMLVerifier,
)
from signxml.exceptions import SignXMLException

from vang.base.files import write_atomic
from vang.base.refusals import Refusal
from vang.cap.model import SIGNATURE_NAMESPACE, Alert
from vang.cap.parsing import parse, well_formed
from vang.cap.reading import read_tree
from vang.cap.writing import write

KEY_FILE = "cap-key.pem"
CERTIFICATE_FILE = "cap-certificate.pem"
VALID = timedelta(days=2 * 365)
_METHODS = frozenset(
    {
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_ANY_SIGNATURE = f".//{{{SIGNATURE_NAMESPACE}}}Signature"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class NotSigned(Refusal):
    """The message could not be signed, and therefore does not leave."""


class NotGenuine(Refusal):
    """No signature by the pinned certificate covers the whole message."""


@dataclass(frozen=True)
class Signer:
    """An office's key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate, for those who are to verify."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def publishable(alert: Alert, signer: Signer | None, *, now: datetime) -> bytes:
    """The bytes that may leave: signed when there is a certificate. Raises Refusal."""
    content = write(alert, now=now)
    return content if signer is None else sign(content, signer, now=now)


def sign(content: bytes, signer: Signer, *, now: datetime) -> bytes:
    """The same message with its signature, verified before it is given out. Raises NotSigned."""
    try:
        signed = XMLSigner(
            signature_algorithm=SignatureMethod.ECDSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
        ).sign(parse(content), key=signer.key, cert=[signer.certificate])
        result: bytes = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
        verify(result, signer.certificate, now=now)
    except NotGenuine as error:
        if error.code == "certificate-expired":
            raise NotSigned(error.code, _EXPIRED) from error
        raise NotSigned("not-signed", _NOT_SIGNED) from error
    except (SignXMLException, Refusal, ValueError, TypeError) as error:
        raise NotSigned("not-signed", _NOT_SIGNED) from error
    return result


def verify(content: bytes, certificate: x509.Certificate, *, now: datetime) -> Alert:
    """The message as far as the signature covers it: all of it. Raises NotGenuine, NotAccepted."""
    plain = parse(content)
    root = well_formed(content, whole=True)
    found = root.findall(_ANY_SIGNATURE)
    if not found:
        raise NotGenuine("no-signature", _NO_SIGNATURE)
    if len(found) > 1 or found[0].getparent() is not root:
        raise NotGenuine("signature-misplaced", _MISPLACED)
    signed = _signed(root, certificate, now)
    if signed is None or signed.tag != root.tag:
        raise NotGenuine("signature-misplaced", _MISPLACED)
    covered = read_tree(parse(etree.tostring(signed)), now=now).alert
    if covered != read_tree(plain, now=now).alert:
        raise NotGenuine("signature-misplaced", _MISPLACED)
    return covered


def _signed(root: Any, certificate: x509.Certificate, now: datetime) -> Any:
    config = SignatureConfiguration(
        require_x509=True,
        location="./",
        expect_references=1,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        verification_time=now,
    )
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins <= now <= ends:
        raise NotGenuine("certificate-expired", _EXPIRED)
    try:
        result: Any = XMLVerifier().verify(root, x509_cert=certificate, expect_config=config)
    except Exception as error:
        raise NotGenuine("signature-wrong", _WRONG) from error
    return result.signed_xml


# keys


def make_signer(name: str, *, now: datetime) -> Signer:
    """A new key (P-256) and its own certificate, for an office that has none from elsewhere."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_ONLY, critical=True)
    )
    return Signer(key, builder.sign(key, hashes.SHA256()))


def keep_signer(signer: Signer, folder: Path) -> None:
    """Into the folder, the key for the owner's eyes alone. Raises FileExistsError, OSError."""
    for name in (KEY_FILE, CERTIFICATE_FILE):
        if (folder / name).exists():
            raise FileExistsError(folder / name)
    key = signer.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_atomic(folder / KEY_FILE, key, mode=0o600)
    write_atomic(folder / CERTIFICATE_FILE, signer.pem.encode())


def signer_in(folder: Path) -> Signer | None:
    """The office's own; None where neither file lies. Raises NotSigned for half or broken ones."""
    key_file, certificate_file = folder / KEY_FILE, folder / CERTIFICATE_FILE
    if not key_file.exists() and not certificate_file.exists():
        return None
    try:
        signer = Signer(
            _key_from(key_file.read_bytes()),
            x509.load_pem_x509_certificate(certificate_file.read_bytes()),
        )
    except (OSError, ValueError, TypeError) as error:
        raise NotSigned("keys-broken", _BROKEN) from error
    if signer.key.public_key() != signer.certificate.public_key():
        raise NotSigned("keys-broken", _BROKEN)
    return signer


def _key_from(content: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(content, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not a key on an elliptic curve")
    return key


def certificate_from(text: str) -> x509.Certificate:
    """The one certificate in PEM text. Raises Refusal."""
    found = _PEM.findall(text)
    if len(found) != 1:
        raise Refusal("bad-certificate", _NO_CERTIFICATE)
    try:
        return x509.load_pem_x509_certificate(found[0].encode())
    except ValueError as error:
        raise Refusal("bad-certificate", _NO_CERTIFICATE) from error


_SIGNS_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
_NOT_SIGNED: str | Promise = _("The warning could not be signed, so it was not published.")
_BROKEN = _("The key and certificate for signing warnings cannot be used.")
_NO_SIGNATURE = _("The warning is not signed.")
_MISPLACED = _("The signature does not cover the whole warning.")
_WRONG = _("The signature is not by the certificate that was agreed, or the warning was altered.")
_EXPIRED = _("The certificate is not valid at this time.")
_NO_CERTIFICATE = _("This is not one certificate in PEM form.")
SIGNING_WORDS: dict[str, str | Promise] = {
    "not-signed": _NOT_SIGNED,
    "keys-broken": _BROKEN,
    "certificate-expired": _EXPIRED,
}
"""Why a message of our own does not leave, by code."""
