"""Why a loudspeaker refused a command, in words that an officer reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.evidence import words as evidence_words
from vang_protocol.reasons import Reason

_REASONS: dict[str, Promise] = {
    Reason.NOT_FOR_ME.value: _("the command is for others"),
    Reason.ALREADY_SEEN.value: _("it had the command already"),
    Reason.CANCELLED.value: _("it had been cancelled before"),
    Reason.NO_POLICY.value: _("the device has no policy of the province yet"),
    Reason.POLICY_TOO_OLD.value: _("the policy on the device is too old"),
    Reason.NOT_ALLOWED.value: _("the policy of the province does not allow it"),
    Reason.OVER_LIMIT.value: _("longer or louder than the policy allows"),
    Reason.WRONG_TEMPLATE.value: _("this sound of the template is not approved in the policy"),
    Reason.TOO_FEW_PEOPLE.value: _("too few people have signed"),
    Reason.KEY_TOO_NEW.value: _("a key that signed is too new for an emergency"),
    Reason.NOT_YET.value: _("it is not time yet"),
    Reason.WRONG_EPOCH.value: _("the office's numbers have begun anew"),
    Reason.SEQUENCE_USED.value: _("the command's number was used before"),
    Reason.SEQUENCE_JUMP.value: _("the command's number is too far ahead"),
    Reason.MANIFEST_WRONG.value: _("the sound is not the one that was signed"),
    Reason.NOT_GREETED.value: _("the device was reset and has not been greeted yet"),
    Reason.EXPIRED.value: _("the time to begin had passed"),
    Reason.ISSUED_IN_FUTURE.value: _("the device's clock is behind"),
    Reason.NONCE_UNKNOWN.value: _("the device asked for another command"),
}


def reason_words(code: str) -> str:
    """Empty for no reason."""
    return str(_REASONS[code]) if code in _REASONS else evidence_words.reason_words(code)
