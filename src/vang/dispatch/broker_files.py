"""What a Mosquitto of ours is given: who may come in, what each may read and write, and TLS.

Passwords are derived from the installation's secret and the node's own key: 256 bits that nobody
chose and nobody types, so that a quick hash is as good as a slow one. The files are the same as
long as nothing has changed, salts too.
"""

import base64
import hashlib
import ipaddress
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vang.base.shards import Directory, Shard, link_password, node_password
from vang.base.tokens import derived_secret
from vang.stations.models import Node
from vang.stations.queries import trusted
from vang_protocol.topics import ROOT, UPWARDS, Topic, of_server

ROUNDS = 101
"""As mosquitto_passwd itself."""
SALT_BYTES = 12
CA_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=825)
HAPPENED_BEFORE = timedelta(days=1)
"""A device whose clock is a little behind still takes a new certificate."""


def password_line(user: str, password: str, *, secret: bytes) -> str:
    """One line of Mosquitto's password file: PBKDF2-SHA512."""
    salt = bytes.fromhex(derived_secret(secret, f"broker-salt:{user}:{password}"))[:SALT_BYTES]
    proof = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"{user}:$7${ROUNDS}${_base64(salt)}${_base64(proof)}"


def passwords(shard: Shard, directory: Directory, *, secret: bytes) -> str:
    """The link and every trusted device of the shard's communes; whoever is withdrawn or suspended
    is not in it, and the broker ends their sessions when it reads it again."""
    lines = [password_line(shard.user, link_password(secret, shard.name), secret=secret)]
    for node in _nodes(shard, directory):
        password = node_password(secret, node.pk, node.public_key)
        lines.append(password_line(node.pk, password, secret=secret))
    return "".join(f"{line}\n" for line in lines)


def _nodes(shard: Shard, directory: Directory) -> Iterable[Node]:
    rows = Node.objects.filter(trusted()).select_related("cluster__unit", "home").order_by("pk")
    for node in rows.iterator(chunk_size=2000):
        if directory.of_unit(node.obeys.code) == shard:
            yield node


def rights(shard: Shard) -> str:
    """The list of rights. %u is the node's name: it writes its own topics and nobody else's. What
    goes to communes may be read by all: it is signed, and will be heard in the street anyway."""
    mine = f"{ROOT}/d/%u"
    lines = [
        f"pattern read {mine}/{Topic.CMD.value}",
        *(f"pattern write {mine}/{topic.value}" for topic in UPWARDS),
        f"pattern read {ROOT}/u/+/{Topic.CMD.value}",
        f"pattern read {ROOT}/srv/+/status",
        "",
        f"user {shard.user}",
        *(f"topic read {ROOT}/d/+/{topic.value}" for topic in UPWARDS),
        f"topic write {ROOT}/d/+/{Topic.CMD.value}",
        f"topic write {ROOT}/u/+/{Topic.CMD.value}",
        f"topic write {of_server(shard.name)}",
    ]
    return "".join(f"{line}\n" for line in lines)


def write_if_changed(file: Path, text: str) -> bool:
    """Whole or not at all, for the owner and the group only; whether it was another text before."""
    with suppress(OSError):
        if file.read_text() == text:
            return False
    aside = file.with_name(f".{file.name}.new")
    aside.touch(mode=0o640)
    aside.write_text(text)
    aside.replace(file)
    return True


def make_certificates(folder: Path, hosts: Sequence[str], *, now: datetime) -> None:
    """``server.crt`` and ``server.key`` for a broker of these names or addresses, by the authority
    ``ca.crt``/``ca.key`` in the folder, which is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "ca.crt").exists():
        _make_authority(folder, now)
    authority = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    signer = _authority_key(folder / "ca.key")
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(hosts[0], key, now, SERVER_LASTS).issuer_name(authority.subject)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    names = x509.SubjectAlternativeName([_name(host) for host in hosts])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(names, critical=False)
        .add_extension(identifier, critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write_pair(folder, "server", key, made)


def _authority_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise OSError(f"{file} is not a key that was made here.")
    return key


def _make_authority(folder: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder("Vang brokers", key, now, CA_LASTS)
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        builder.issuer_name(_subject("Vang brokers"))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_pair(folder, "ca", key, made)


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - HAPPENED_BEFORE)
        .not_valid_after(now + lasts)
        .add_extension(identifier, critical=False)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_pair(
    folder: Path, name: str, key: ec.EllipticCurvePrivateKey, made: x509.Certificate
) -> None:
    secret = folder / f"{name}.key"
    secret.touch(mode=0o640)
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / f"{name}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
