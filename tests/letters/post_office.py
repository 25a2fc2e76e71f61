"""A real mail server for tests: it keeps what it takes and answers as it is told to."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from vang.letters.server import MailServer, read_mail_server

SENDER = "Vang <vang@queson.example.vn>"


@dataclass
class PostOffice:
    """What came in; ``on_rcpt``/``on_data`` are replies by address, "" takes it."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    on_rcpt: dict[str, str] = field(default_factory=dict)
    on_data: dict[str, str] = field(default_factory=dict)
    hang_up_after: int = 0
    conversations: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return replies

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.on_rcpt.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = self.on_data.get(envelope.rcpt_tos[0], "")
        if reply == "hang up":
            server.transport.close()
            return "250 never heard"
        if reply:
            return reply
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"

    @property
    def server(self) -> MailServer:
        found = read_mail_server(f"smtp://127.0.0.1:{self.port}", SENDER)
        assert found is not None
        return found


def unused_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def open_post_office(**options: Any) -> Iterator[PostOffice]:
    office = PostOffice(port=unused_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def only_user(name: str, password: str) -> Any:
    """Lets one name and password in."""

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = (data.login, data.password) == (name.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return authenticate


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())
