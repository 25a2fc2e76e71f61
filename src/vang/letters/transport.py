"""Handing letters to the mail server. A letter is either certainly unsent or never sent again."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType
from typing import Self

from vang.letters.outcomes import SENT, Failure, Outcome, outcome_of_reply
from vang.letters.server import MailServer

_TIMEOUT_S = 20
_OK = 250
_CLOSING = 421


class Connection:
    """One conversation with the mail server; use as a context manager.

    It is opened with the first letter, so that entering never fails.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        """Never raises for what the network or the server does."""
        used = self._smtp is not None
        outcome = self._try(message, sender, recipient)
        if used and outcome.failure == Failure.AWAY:
            # Some servers end a conversation after so many letters.
            outcome = self._try(message, sender, recipient)
        return outcome

    def _try(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        try:
            smtp = self._opened()
            for command, address in ((smtp.mail, sender), (smtp.rcpt, recipient)):
                code, answer = command(address)
                if code not in {_OK, 251}:
                    return self._refused(code, answer)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Outcome(Failure.AWAY, _words(error))
        return self._hand_over(smtp, message)

    def _hand_over(self, smtp: smtplib.SMTP, message: EmailMessage) -> Outcome:
        """From here on a broken connection leaves it open whether the server has the letter."""
        try:
            code, answer = smtp.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Outcome(Failure.UNCERTAIN, _words(error))
        return SENT if code == _OK else self._refused(code, answer)

    def _refused(self, code: int, answer: bytes | str) -> Outcome:
        """Clear what the server remembers of this letter; the next may go better."""
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        if code == _CLOSING:
            self._close()
        elif self._smtp is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self._close()
        return outcome_of_reply(code, f"{code} {' '.join(text.split())}")

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = _open(self._server)
        return self._smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()


def _open(server: MailServer) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    smtp = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=trust)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
    )
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=trust)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
