"""Days as Vietnamese write them, in a field that is text for the rest. Pure."""

import re
from datetime import date

from vang.library.official.fields import Name

_DAY = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*")


def typed_day(name: str, value: str) -> str:
    """ "08/06/2026" typed for the day of issue becomes "2026-06-08"; all else stays."""
    found = _DAY.fullmatch(value)
    if name != Name.ISSUED_ON or found is None:
        return value
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return value
