"""Reason codes in words that an officer reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.evidence.faults import Fault
from vang.evidence.outcomes import Doubt
from vang_protocol.reasons import Reason

REASONS: dict[str, Promise] = {
    # what the node says of an item
    Reason.OUTSIDE_HOURS.value: _("outside the allowed hours"),
    Reason.QUIET_HOURS.value: _("inside the quiet hours of the cluster"),
    Reason.LATE.value: _("could not begin at its time"),
    Reason.NOT_FETCHED.value: _("the sound had not reached the device in time"),
    Reason.CLOCK_UNTRUSTED.value: _("the device did not know the time"),
    Reason.PLAN_EXPIRED.value: _("the device's plan had run out: too long without contact"),
    Reason.NODE_OFF.value: _("the device was switched off"),
    Reason.NOTHING_CAME.value: _("nothing came from the station that was to be relayed"),
    Reason.LEARNT_LATE.value: _("the device learnt of it only after its time"),
    Reason.STOPPED.value: _("stopped by an officer"),
    Reason.PRE_EMPTED.value: _("gave way to a higher priority"),
    Reason.BUSY.value: _("another bulletin was still playing"),
    Reason.SINK_FAILED.value: _("the sound output did not work"),
    Reason.DECODE_FAILED.value: _("the sound file could not be read"),
    Reason.FILE_NOT_FOUND.value: _("the server did not have the sound file"),
    Reason.WRONG_SIZE.value: _("the sound file arrived incomplete"),
    Reason.WRONG_HASH.value: _("the sound file was not the approved one"),
    Reason.DISK_FULL.value: _("the device's storage was full"),
    Reason.SERVER_UNREACHABLE.value: _("the device could not reach the server"),
    Reason.SERVER_ERROR.value: _("the server answered with an error"),
    # what the node or the server says of a plan, a message, a request
    Reason.TOO_LARGE.value: _("the message was too large"),
    Reason.BAD_JSON.value: _("the message could not be read"),
    Reason.BAD_ENVELOPE.value: _("the signed message was malformed"),
    Reason.WRONG_TYPE.value: _("the message was of another kind"),
    Reason.UNKNOWN_KEY.value: _("signed with a key that is not known"),
    Reason.BAD_SIGNATURE.value: _("the signature was wrong"),
    Reason.BAD_FIELDS.value: _("a field of the message was wrong"),
    Reason.WRONG_UNIT.value: _("the plan was for another commune"),
    Reason.OLDER_VERSION.value: _("the plan was older than the one in force"),
    Reason.VERSION_CONFLICT.value: _("two plans with the same number"),
    Reason.EXPIRED.value: _("the plan had run out"),
    Reason.ISSUED_IN_FUTURE.value: _("the plan came from the future"),
    Reason.EMERGENCY_NOT_ALLOWED.value: _("an emergency needs two personal signatures"),
    Reason.CODE_UNKNOWN.value: _("the enrolment code was not known"),
    Reason.CODE_USED.value: _("the enrolment code had been used"),
    Reason.CODE_EXPIRED.value: _("the enrolment code was too old"),
    Reason.NODE_UNKNOWN.value: _("the device was not known"),
    Reason.NODE_REVOKED.value: _("the device had been taken out of service"),
    Reason.NODE_SUSPENDED.value: _("the device was suspended"),
    Reason.NONCE_UNKNOWN.value: _("the sign-in took too long"),
    Reason.SESSION_EXPIRED.value: _("the session had ended"),
    Reason.NO_PLAN.value: _("there was no plan yet"),
    Reason.TOO_MANY.value: _("too many requests"),
    # what the node says of a command
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
    Reason.WRONG_EPOCH.value: _("the office's numbers have begun anew"),
    Reason.SEQUENCE_USED.value: _("the command's number was used before"),
    Reason.SEQUENCE_JUMP.value: _("the command's number is too far ahead"),
    Reason.MANIFEST_WRONG.value: _("the sound is not the one that was signed"),
    Reason.NOT_GREETED.value: _("the device was reset and has not been greeted yet"),
    Reason.POLICY_REFUSED.value: _("the policy offered is not one that the province signed"),
    Reason.LOG_REWRITTEN.value: _("the server's journal is not the one the device had heard of"),
    # what the server concludes
    Doubt.NO_NODE: _("no device was in service"),
    Doubt.NO_WORD: _("the device has not reported"),
    Doubt.SILENCE: _("played, but nothing was heard at the output"),
    Doubt.WRONG_AUDIO: _("another sound than the approved one was played"),
    Doubt.TOO_SHORT: _("ended early"),
    Doubt.POWER_LOST: _("the device lost power"),
    Doubt.MAX_PLAY: _("cut off at the longest allowed time"),
    Doubt.PLAY_ERROR: _("an error while playing"),
    Doubt.AFTER_WITHDRAWAL: _("played although it had been withdrawn"),
}

FAULTS: dict[str, Promise] = {
    Reason.GAP.value: _("lines are missing; the device has been asked for them again"),
    Reason.WRONG_PREVIOUS.value: _("a line does not follow the one before it: altered or lost"),
    Reason.BROKEN_LINE.value: _("a line cannot be read"),
    Reason.WRONG_NODE.value: _("a line is by another device"),
    Fault.FORK: _("two different histories of the same device"),
    Fault.ALTERED: _("a stored line was altered on the server"),
    Fault.UNPLANNED_PLAY: _("played something that no plan ordered"),
    Fault.PLAYED_TWICE: _("played the same broadcast twice"),
    Fault.WRONG_AUDIO: _("played another sound than the approved one"),
}

UNKNOWN_CODE = pgettext_lazy("reason", "other reason")


def reason_words(code: str) -> str:
    """Why a play is not green, in words; empty for no reason."""
    return str(REASONS.get(code, f"{UNKNOWN_CODE} ({code})")) if code else ""


def fault_words(code: str) -> str:
    """What is wrong with a journal, in words."""
    return str(FAULTS.get(code, f"{UNKNOWN_CODE} ({code})"))
