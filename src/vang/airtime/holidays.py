"""Days off: the public holidays of Vietnam, and those a commune has or has not of its own. Pure.

The lunar ones and the days that the government exchanges come with the ``holidays`` library; what
it does not know yet a commune enters itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays import country_holidays


@dataclass(frozen=True, slots=True)
class OwnDay:
    """``off`` False: people work although it is a public holiday."""

    day: date
    name: str
    off: bool


@lru_cache(maxsize=64)
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of a year with their Vietnamese names."""
    return dict(sorted(country_holidays("VN", years=year, language="vi").items()))


def days_off(first: date, last: date, own: Iterable[OwnDay] = ()) -> dict[date, str]:
    """Days from ``first`` to ``last`` on which people do not work, by day, with their names."""
    years = range(first.year, last.year + 1)
    found = {day: name for year in years for day, name in public_holidays(year).items()}
    for one in own:
        if one.off:
            found[one.day] = one.name
        else:
            found.pop(one.day, None)
    return {day: found[day] for day in sorted(found) if first <= day <= last}
