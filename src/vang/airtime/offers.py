"""Free times of today for one bulletin."""

from dataclasses import replace
from datetime import datetime, timedelta

from vang.airtime.layout import LEAD_MS
from vang.airtime.moments import from_ms, local_day
from vang.airtime.policies import windows_ms
from vang.airtime.proposals import outcome_of
from vang.airtime.timeline import UnitAirtime
from vang.airtime.wishes import Kind, Wish

MOST_OFFERS = 8
_STEP = timedelta(minutes=15)


def free_times(air: UnitAirtime, wish: Wish, now: datetime) -> list[datetime]:
    """Quarter hours of today's windows at which the wish is heard exactly then and pushes nothing
    aside; at most eight, from ``now`` on."""
    found: list[datetime] = []
    for start in _quarters(air, now + timedelta(milliseconds=LEAD_MS)):
        if len(found) == MOST_OFFERS:
            break
        if _is_free(air, wish, start):
            found.append(start)
    return found


def _quarters(air: UnitAirtime, earliest: datetime) -> list[datetime]:
    quarters: list[datetime] = []
    for opens, closes in windows_ms(air.policy, local_day(earliest, air.policy.zone)):
        start, end = from_ms(opens), from_ms(closes)
        while start < end:
            if start >= earliest:
                quarters.append(start)
            start += _STEP
    return quarters


def _is_free(air: UnitAirtime, wish: Wish, start: datetime) -> bool:
    asked = replace(wish, kind=Kind.ONCE, when=start)
    outcome = outcome_of(air, asked, local_day(start, air.policy.zone), days=1)
    exact = [item for item in outcome.heard if item.start == start]
    return bool(exact) and not outcome.changes
