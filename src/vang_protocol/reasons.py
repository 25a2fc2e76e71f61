"""Every reason a plan, an item, a file, a journal or a request is refused: one stable table.

The code travels in journals and answers and never changes its meaning; the English text is for
developers and for the node's own terminal.
"""

from enum import Enum
from typing import Self


class Reason(Enum):
    """``value`` is the stable code, ``text`` one English sentence."""

    text: str

    def __new__(cls, code: str, text: str) -> Self:
        member = object.__new__(cls)
        member._value_ = code
        member.text = text
        return member

    @classmethod
    def by_code(cls, code: str) -> Self | None:
        """The member of a code that came from outside, or None."""
        return next((member for member in cls if member.value == code), None)

    # bytes and envelopes
    TOO_LARGE = "too-large", "The message is larger than the protocol allows."
    BAD_JSON = "bad-json", "The bytes are not strict JSON."
    BAD_ENVELOPE = (
        "bad-envelope",
        "The signature envelope is malformed or not canonical.",
    )
    WRONG_TYPE = "wrong-type", "The envelope carries another kind of payload."
    UNKNOWN_KEY = "unknown-key", "No signature is by a key pinned for this purpose."
    BAD_SIGNATURE = "bad-signature", "The signature does not match the bytes."
    BAD_FIELDS = "bad-fields", "A field is missing, unknown, or outside its range."

    # plans
    WRONG_UNIT = "wrong-unit", "The plan is for another commune."
    OLDER_VERSION = "older-version", "A newer plan has already been accepted."
    VERSION_CONFLICT = (
        "version-conflict",
        "The same version exists with other contents.",
    )
    EXPIRED = "expired", "The plan has expired."
    ISSUED_IN_FUTURE = (
        "issued-in-future",
        "The plan was issued later than the present time.",
    )
    EMERGENCY_NOT_ALLOWED = (
        "emergency-not-allowed",
        "A plan signed with the routine key may not carry an emergency.",
    )

    # commands, in the order in which they are checked
    NOT_FOR_ME = "not-for-me", "The command is for other loudspeakers."
    ALREADY_SEEN = "already-seen", "The command has been decided before."
    CANCELLED = "cancelled", "The command was cancelled before it arrived."
    NO_POLICY = "no-policy", "The node has no policy yet that says who may order this."
    POLICY_TOO_OLD = "policy-too-old", "The policy ended too long ago to go by it."
    NOT_ALLOWED = "not-allowed", "The policy lets nobody order this, here, in this mode."
    OVER_LIMIT = "over-limit", "The command is longer or louder than the policy allows."
    WRONG_TEMPLATE = "wrong-template", "The sound is not the one that was approved beforehand."
    TOO_FEW_PEOPLE = "too-few-people", "Too few different people have signed the command."
    KEY_TOO_NEW = "key-too-new", "A key was registered too recently to count for an emergency."
    WRONG_EPOCH = "wrong-epoch", "The command counts by an epoch that is not valid."
    SEQUENCE_USED = "sequence-used", "The command's number has been used or is too far back."
    SEQUENCE_JUMP = "sequence-jump", "The command's number is too far ahead."
    MANIFEST_WRONG = "manifest-wrong", "The description of the sound is not the one approved."
    POLICY_REFUSED = "policy-refused", "The policy offered is not one that the province signed."
    LOG_REWRITTEN = "log-rewritten", "The server's audit log is not the one the node heard of."
    NOT_GREETED = "not-greeted", "After a reset the node has not yet been told where it stands."

    # items
    OUTSIDE_HOURS = (
        "outside-hours",
        "The item is outside the hours in which sound is allowed.",
    )
    QUIET_HOURS = (
        "quiet-hours",
        "The item is outside the hours that this cluster, in a quiet zone, has of its own.",
    )
    LATE = "late", "The item could not begin at its time."
    NOT_FETCHED = "not-fetched", "The audio had not arrived when the item was due."
    CLOCK_UNTRUSTED = (
        "clock-untrusted",
        "The node does not know the time well enough to play.",
    )
    PLAN_EXPIRED = "plan-expired", "The plan had expired when the item was due."
    NODE_OFF = "node-off", "The node was switched off when the item was due."
    NOTHING_CAME = "nothing-came", "Nothing of the relayed programme came in its time."
    LEARNT_LATE = "learnt-late", "The node learnt of the item only after its time."
    STOPPED = "stopped", "The item was stopped before it began."
    PRE_EMPTED = "pre-empted", "An item of higher priority had the loudspeaker."
    BUSY = "busy", "Another item of the same priority had the loudspeaker."
    SINK_FAILED = "sink-failed", "The sound output did not work."
    DECODE_FAILED = "decode-failed", "The audio could not be decoded."

    # files
    FILE_NOT_FOUND = "file-not-found", "The server does not have the file."
    WRONG_SIZE = "wrong-size", "The file has another length than the plan says."
    WRONG_HASH = "wrong-hash", "The file has another SHA-256 than the plan says."
    DISK_FULL = "disk-full", "There is no room left on the node."
    SERVER_UNREACHABLE = "server-unreachable", "The server could not be reached."
    SERVER_ERROR = "server-error", "The server answered with an error."

    # journals
    BROKEN_LINE = "broken-line", "A journal line cannot be read."
    WRONG_NODE = "wrong-node", "A journal line is by another node."
    GAP = "gap", "A journal line is missing."
    WRONG_PREVIOUS = (
        "wrong-previous",
        "A journal line does not follow the line before it.",
    )

    # node API
    CODE_UNKNOWN = "code-unknown", "The enrolment code is not known."
    CODE_USED = "code-used", "The enrolment code has been used."
    CODE_EXPIRED = "code-expired", "The enrolment code has expired."
    NODE_UNKNOWN = "node-unknown", "The node is not known."
    NODE_REVOKED = "node-revoked", "The node has been withdrawn."
    NODE_SUSPENDED = "node-suspended", "The node is suspended until somebody has looked at it."
    NONCE_UNKNOWN = "nonce-unknown", "The challenge is not known or too old."
    SESSION_EXPIRED = "session-expired", "The session is not known or has expired."
    NO_PLAN = "no-plan", "There is no plan for this commune yet."
    TOO_MANY = "too-many", "Too many requests; try again later."


class Refused(Exception):
    """Something was refused for ``reason``; ``detail`` says where, for a developer's eye."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail or reason.text}")
        self.reason = reason
        self.detail = detail
