"""Talking to a mail server that is really there, or really is not."""

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.letters.post_office import SENDER, only_user, open_post_office, unused_port
from vang.letters.outcomes import SENT, Failure, Outcome
from vang.letters.server import MailServer, read_mail_server
from vang.letters.transport import Connection

FROM = "vang@queson.example.vn"
TO = "an@xa.example.vn"


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Tin mới"
    message.set_content("Xin chào", cte="base64")
    return message


def sent(server: MailServer | None, *recipients: str) -> list[Outcome]:
    assert server is not None
    with Connection(server) as connection:
        return [connection.send(letter(), FROM, recipient) for recipient in recipients]


def test_letters_share_one_conversation() -> None:
    with open_post_office() as office:
        assert sent(office.server, TO, TO, TO) == [SENT] * 3
        assert len(office.taken) == 3
        assert office.conversations == 1


def test_a_refused_address_does_not_hold_up_the_next() -> None:
    with open_post_office() as office:
        office.on_rcpt["nobody@xa.example.vn"] = "550 no such mailbox"
        first, second = sent(office.server, "nobody@xa.example.vn", TO)
        assert first == Outcome(Failure.REFUSED, "550 no such mailbox")
        assert second == SENT


def test_a_full_mailbox_is_for_later() -> None:
    with open_post_office() as office:
        office.on_data[TO] = "452 mailbox full"
        assert sent(office.server, TO) == [Outcome(Failure.TRY_LATER, "452 mailbox full")]
        assert office.taken == []


def test_a_line_that_breaks_while_sending_leaves_it_open() -> None:
    with open_post_office() as office:
        office.on_data[TO] = "hang up"
        assert [o.failure for o in sent(office.server, TO)] == [Failure.UNCERTAIN]


def test_a_server_that_ended_the_conversation_is_called_again() -> None:
    with open_post_office(timeout=0.2) as office, Connection(office.server) as connection:
        assert connection.send(letter(), FROM, TO) == SENT
        office.on_data[TO] = "421 enough for today"
        assert connection.send(letter(), FROM, TO).failure == Failure.AWAY
        office.on_data.clear()
        assert connection.send(letter(), FROM, TO) == SENT
        assert office.conversations == 3


def test_nobody_at_home() -> None:
    server = read_mail_server(f"smtp://127.0.0.1:{unused_port()}", SENDER)
    assert [o.failure for o in sent(server, TO)] == [Failure.AWAY]


def test_an_unknown_name_is_a_server_out_of_reach() -> None:
    server = read_mail_server("smtp://mail.invalid", SENDER)
    assert [o.failure for o in sent(server, TO)] == [Failure.AWAY]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this computer, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def protected(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_name_and_password_go_only_over_a_protected_line_to_a_known_server(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {
        "tls_context": protected(certificate),
        "require_starttls": True,
        "auth_required": True,
        "authenticator": only_user("vang", "bi mat"),
    }
    with open_post_office(**options) as office:
        at = f"127.0.0.1:{office.port}"
        right = f"smtp+starttls://vang:bi%20mat@{at}"
        wrong = f"smtp+starttls://vang:sai@{at}"
        # Nobody vouches for this certificate.
        unknown = sent(read_mail_server(right, SENDER), TO)[0]
        assert unknown.failure == Failure.AWAY
        assert "certificate" in unknown.answer
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(read_mail_server(right, SENDER), TO) == [SENT]
        assert sent(read_mail_server(wrong, SENDER), TO)[0].failure == Failure.NOT_LET_IN
        assert len(office.taken) == 1


def test_a_server_that_cannot_protect_the_line_gets_nothing() -> None:
    with open_post_office() as office:
        server = read_mail_server(f"smtp+starttls://a:b@127.0.0.1:{office.port}", SENDER)
        assert [o.failure for o in sent(server, TO)] == [Failure.AWAY]
        assert office.taken == []
