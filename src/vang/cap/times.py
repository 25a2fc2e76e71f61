"""Times as CAP writes them: seconds and the offset in figures."""

import re
from datetime import UTC, datetime, timedelta

from vang.base.clock import VIETNAM

_DAY_ENDS = "T24:00:00"
FIRST_YEAR, LAST_YEAR = 1970, 2200
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_UTC = re.compile(r"(?<=:\d\d)[Zz]$")


def parse_time(text: str) -> datetime:
    """With the offset in which it was written. Raises ValueError, also for years far away."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError("not a CAP time")
    whole = text.replace(_DAY_ENDS, "T00:00:00")
    time = datetime.fromisoformat(whole)
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise OverflowError("far away")
    return time if whole == text else time + timedelta(days=1)


def parse_reference_time(text: str) -> datetime:
    """As :func:`parse_time`, and Z as well: it is only compared."""
    return parse_time(_UTC.sub("+00:00", text))


def write_time(time: datetime) -> str:
    """In Vietnam's offset, cut to the second."""
    return written(time.astimezone(VIETNAM))


def written(time: datetime) -> str:
    """In its own offset; UTC is -00:00 (section 3.3.2)."""
    text = time.replace(microsecond=0).isoformat()
    return text[: -len("+00:00")] + "-00:00" if time.utcoffset() == UTC.utcoffset(None) else text
