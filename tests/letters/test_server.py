"""Reading the mail server's address."""

import pytest

from vang.letters.server import MailServer, read_mail_server

SENDER = "Vang <vang@queson.example.vn>"


def test_nothing_configured_is_no_server() -> None:
    assert read_mail_server("", "") is None
    assert read_mail_server("", SENDER) is None


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtps://u%40x.vn:p%3Aw@mail.example.vn", 465, "tls"),
        ("smtp+starttls://u%40x.vn:p%3Aw@mail.example.vn", 587, "starttls"),
        ("smtp+starttls://u%40x.vn:p%3Aw@mail.example.vn:2525", 2525, "starttls"),
        ("smtp://u%40x.vn:p%3Aw@127.0.0.1", 25, ""),
    ],
)
def test_the_scheme_tells_how_the_line_is_protected(url: str, port: int, security: str) -> None:
    found = read_mail_server(url, SENDER)
    assert found is not None
    assert (found.port, found.security) == (port, security)
    assert (found.user, found.password) == ("u@x.vn", "p:w")
    assert (found.address, found.domain) == ("vang@queson.example.vn", "queson.example.vn")


def test_the_senders_address_may_be_the_users_name() -> None:
    found = read_mail_server("smtps://vang%40queson.example.vn:x@mail.example.vn", "")
    assert isinstance(found, MailServer)
    assert found.address == "vang@queson.example.vn"


@pytest.mark.parametrize(
    ("url", "sender", "about"),
    [
        ("http://mail.example.vn", SENDER, "VANG_SMTP_URL"),
        ("mail.example.vn:25", SENDER, "VANG_SMTP_URL"),
        ("smtps://", SENDER, "VANG_SMTP_URL"),
        ("smtp://u:p@mail.example.vn", SENDER, "password"),
        ("smtps://u:m%E1%BA%ADt@mail.example.vn", SENDER, "ASCII"),
        ("smtps://mail.example.vn", "", "VANG_MAIL_FROM"),
        ("smtps://mail.example.vn", "Vang", "VANG_MAIL_FROM"),
        ("smtps://mail.example.vn", "a@b.vn\nBcc: c@d.vn", "VANG_MAIL_FROM"),
    ],
)
def test_what_cannot_work_is_refused_at_once_with_what_to_mend(
    url: str, sender: str, about: str
) -> None:
    with pytest.raises(ValueError, match=about):
        read_mail_server(url, sender)
