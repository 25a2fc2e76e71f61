"""How far "stop all" reaches. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from vang.airtime.moments import from_ms, local_day, midnight_ms, to_ms
from vang.airtime.policies import Policy, windows_ms


class Reach(StrEnum):
    """WINDOW: to the end of the present hours (khung giờ), or between two of the next ones today;
    DAY: to midnight."""

    WINDOW = "window"
    DAY = "day"


def silent_until(policy: Policy, now: datetime, reach: Reach) -> datetime:
    """The instant until which nothing that is planned now shall sound."""
    today = local_day(now, policy.zone)
    ends = [closes for _opens, closes in windows_ms(policy, today) if closes > to_ms(now)]
    if ends and reach is Reach.WINDOW:
        return from_ms(ends[0])
    return from_ms(midnight_ms(today + timedelta(days=1), policy.zone))
