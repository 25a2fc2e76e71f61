"""Names of our own messages: never from a clock, so that two of one minute are two.

Without a registered authority ``urn:uuid:``; with one, an arc of the WMO's register of alerting
authorities, ``urn:oid:2.49.0.1.704.…`` (704 is Viet Nam, ISO 3166-1). 2.49.0.0 are the
authorities themselves, not their messages.
"""

import re
from uuid import UUID, uuid4

_AUTHORITY = re.compile(r"2\.49\.0\.1\.704(\.(0|[1-9]\d{0,8})){1,8}")


def is_authority(oid: str) -> bool:
    """Whether the arc is one under which messages of Viet Nam may be named."""
    return _AUTHORITY.fullmatch(oid) is not None


def new_identifier(authority: str = "", key: UUID | None = None) -> str:
    """A name that no other message has; ``key`` for one that has its UUID already.

    Raises ValueError for an arc that is none of Viet Nam's.
    """
    key = key or uuid4()
    if not authority:
        return f"urn:uuid:{key}"
    if not is_authority(authority):
        raise ValueError("the arc must begin with 2.49.0.1.704")
    return f"urn:oid:{authority}.{key.int}"
