"""Why something does not go on the air: stable codes. The words people read are in ``words``."""

from enum import StrEnum


class Reason(StrEnum):
    """Stored, logged and shown by the same code for ever."""

    OUTSIDE_HOURS = "outside-hours"
    WEEKEND = "weekend"
    ENDS_OUTSIDE_HOURS = "ends-outside-hours"
    LONGER_THAN_SESSION = "longer-than-session"
    NO_ROOM = "no-room"
    SESSION_FULL = "session-full"
    SESSIONS_USED = "sessions-used"
    QUIET_ZONE = "quiet-zone"
    NO_CLUSTERS = "no-clusters"
