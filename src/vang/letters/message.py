"""What a letter says, and its form as an e-mail: plain text and simple HTML of the same words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from vang.base.text import clean_text
from vang.letters.models import Letter
from vang.letters.server import MailServer

_SUBJECT_CHARS = 150


@dataclass(frozen=True)
class Part:
    """One matter of a letter. ``url`` is absolute or begins with / (an address of ours)."""

    title: str = ""
    text: str = ""
    url: str = ""
    action: str = ""

    @property
    def address(self) -> str:
        return absolute(self.url)


@dataclass(frozen=True)
class Content:
    """A letter's words in its reader's language. ``why`` tells why the reader is written to."""

    subject: str
    parts: Sequence[Part]
    why: str
    greeting: str = ""
    settings_url: str = ""
    """Where the reader chooses what to be written about; "" where there is no choice."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def settings_address(self) -> str:
        return absolute(self.settings_url)


def absolute(url: str) -> str:
    """The full address, as people open these pages, of one of ours."""
    return f"{settings.ENVIRONMENT.address}{url}" if url.startswith("/") else url


def compose(letter: Letter, content: Content, server: MailServer) -> EmailMessage:
    """The e-mail. Its id is the letter's own, so that a mailbox recognises it."""
    message = EmailMessage()
    message["Subject"] = _one_line(content.subject)[:_SUBJECT_CHARS]
    name = parseaddr(server.sender)[0]
    message["From"] = Address(display_name=name, addr_spec=server.address)
    message["To"] = Address(addr_spec=letter.address)
    message["Date"] = format_datetime(letter.changed_at)
    message["Message-ID"] = f"<letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}@{server.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for header, value in content.headers.items():
        message[header] = _one_line(value)
    with translation.override(letter.language):
        values = {"content": content, "language": letter.language}
        message.set_content(render_to_string("letters/letter.txt", values), cte="base64")
        html = render_to_string("letters/letter.html", values)
        message.add_alternative(html, subtype="html", cte="base64")
    return message


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
