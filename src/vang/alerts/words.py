"""Why a loudspeaker refused a command, in words that an officer reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.evidence import words as evidence_words
from vang_protocol.reasons import Reason

_OF_A_COMMAND: dict[str, Promise] = {
    Reason.EXPIRED.value: _("the time to begin had passed"),
    Reason.ISSUED_IN_FUTURE.value: _("the device's clock is behind"),
    Reason.NONCE_UNKNOWN.value: _("the device asked for another command"),
}
"""What means something else of a command than of a plan; all others are told alike."""


def reason_words(code: str) -> str:
    """Empty for no reason."""
    return str(_OF_A_COMMAND[code]) if code in _OF_A_COMMAND else evidence_words.reason_words(code)
