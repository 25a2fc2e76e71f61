"""What became of an attempt to send, and when to try again. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Failure(StrEnum):
    """Why a letter did not leave: stable codes."""

    AWAY = "away"
    NOT_LET_IN = "not-let-in"
    TRY_LATER = "try-later"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    UNREADABLE = "unreadable"


FAILURE_WORDS: dict[str, str | Promise] = {
    Failure.AWAY: _("The mail server cannot be reached."),
    Failure.NOT_LET_IN: _("The mail server does not accept this system's name and password."),
    Failure.TRY_LATER: _("The mail server asks to try again later."),
    Failure.REFUSED: _("The mail server refuses this address or letter."),
    Failure.UNCERTAIN: _("The connection broke while sending; it is not known whether it left."),
    Failure.UNREADABLE: _("The letter could not be written."),
}


@dataclass(frozen=True)
class Outcome:
    """``failure`` is None when the server took the letter; ``answer`` is what it said."""

    failure: Failure | None = None
    answer: str = ""

    @property
    def concerns_all(self) -> bool:
        """The server itself is out of reach: other letters need not be tried now."""
        return self.failure in {Failure.AWAY, Failure.NOT_LET_IN}

    @property
    def final(self) -> bool:
        """Trying again would not help, or might send it twice."""
        return self.failure in {Failure.REFUSED, Failure.UNCERTAIN, Failure.UNREADABLE}


SENT = Outcome()
# Together about 22 hours: a server repaired overnight still sends what waited.
_PAUSES_MIN = (1, 5, 15, 60, 180, 360, 720)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts (at least one); None means give up."""
    if attempts > len(_PAUSES_MIN):
        return None
    return timedelta(minutes=_PAUSES_MIN[attempts - 1])


def outcome_of_reply(code: int, answer: str) -> Outcome:
    """The meaning of an SMTP reply that is not a yes (RFC 5321 section 4.2.1)."""
    if code in {421, 454}:
        return Outcome(Failure.AWAY, answer)
    if code in {530, 534, 535}:
        return Outcome(Failure.NOT_LET_IN, answer)
    return Outcome(Failure.REFUSED if code >= 500 else Failure.TRY_LATER, answer)
