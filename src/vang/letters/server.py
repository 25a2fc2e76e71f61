"""Which mail server takes our letters: one address, read from the environment."""

from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """``security`` is "", "starttls" or "tls"; ``sender`` as in ``Vang <vang@example.vn>``."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str

    @property
    def address(self) -> str:
        """The sender's bare address."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """What stands behind the @ of the sender."""
        return self.address.rpartition("@")[2]


def read_mail_server(url: str, sender: str) -> MailServer | None:
    """None for an empty address: then no letters leave.

    ``smtps://name:password@host``, ``smtp+starttls://name:password@host:587``, or ``smtp://host``
    for a relay on this computer. Raises ValueError with what to mend.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("VANG_SMTP_URL must begin with smtps://, smtp+starttls:// or smtp://")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("VANG_SMTP_URL: name and password may hold only plain letters (ASCII)")
    if parts.scheme == "smtp" and user and not _on_this_computer(parts.hostname):
        raise ValueError("VANG_SMTP_URL: a password is sent only with smtps:// or smtp+starttls://")
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        security={"smtps": "tls", "smtp+starttls": "starttls"}.get(parts.scheme, ""),
        user=user,
        password=password,
        sender=_sender(sender or user),
    )


def _sender(text: str) -> str:
    local, at, domain = parseaddr(text)[1].rpartition("@")
    if not (local and at and domain) or not text.isprintable():
        raise ValueError("VANG_MAIL_FROM must be an e-mail address, such as Vang <vang@example.vn>")
    return text


def _on_this_computer(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
