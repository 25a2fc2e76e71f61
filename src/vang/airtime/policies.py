"""Slot policy as a value: allowed hours, longest session, sessions a day, weekend.

Provincial rules differ, so all of it is data. Found in force: Hà Nội 12/3/2021: communes at most
45 minutes a session with relays, wards 15 minutes, two sessions and no weekend; Vĩnh Phúc
12/2022: at most three sessions a day of 45 minutes with relays. QCVN 26:2010/BTNMT counts 21:00
to 06:00 as night.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from vang.airtime.moments import midnight_ms, wall_ms
from vang_protocol.limits import VOLUME_FLOOR_DB
from vang_protocol.volumes import Loudness

Hours = tuple[tuple[str, str], ...]
MOST_WINDOWS = 24
MOST_LEVELS = 8
"""Hours with a level, or quiet hours, of one commune or cluster."""
NIGHT_ENDS, NIGHT_BEGINS = "06:00", "21:00"


@dataclass(frozen=True)
class Policy:
    """``hours`` are local windows ``("05:00", "06:30")`` in ``zone``; the last may end at 24:00.

    ``volume``: dB by hour below what each cluster's installer allowed. ``based_on`` is the key of
    the ready set it began with, ``note`` why it goes beyond that.
    """

    hours: Hours
    longest_session_s: int
    sessions_a_day: int
    weekend: bool
    zone: str = "Asia/Ho_Chi_Minh"
    volume: Loudness = ()
    based_on: str = ""
    note: str = ""


# A new unit begins with the longest and most that the rules above allow a commune, at the three
# times of day villagers know: before work, noon, after work.
DEFAULT_POLICY = Policy(
    hours=(("05:00", "06:30"), ("10:30", "12:00"), ("16:30", "20:30")),
    longest_session_s=45 * 60,
    sessions_a_day=3,
    weekend=True,
)


class Fault(StrEnum):
    """What is wrong with a policy that somebody typed."""

    NO_HOURS = "no-hours"
    TOO_MANY_WINDOWS = "too-many-windows"
    NOT_A_TIME = "not-a-time"
    CROSSES_MIDNIGHT = "crosses-midnight"
    OVERLAP = "overlap"
    SESSION_LENGTH = "session-length"
    SESSIONS_A_DAY = "sessions-a-day"
    UNKNOWN_ZONE = "unknown-zone"
    TOO_LOUD = "too-loud"
    NO_LEVEL = "no-level"


class BadPolicy(ValueError):
    """The policy cannot be used; ``fault`` says why, ``window`` which window, if one."""

    def __init__(self, fault: Fault, window: tuple[str, str] | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.window = window


def checked(policy: Policy) -> Policy:
    """The policy with its windows sorted and touching ones joined. Raises BadPolicy."""
    hours = _checked_hours(policy.hours)
    if not 60 <= policy.longest_session_s <= 6 * 3600:
        raise BadPolicy(Fault.SESSION_LENGTH)
    if not 1 <= policy.sessions_a_day <= 24:
        raise BadPolicy(Fault.SESSIONS_A_DAY)
    _check_zone(policy.zone)
    return replace(policy, hours=hours, volume=checked_volume(policy.volume))


def checked_volume(volume: Loudness) -> Loudness:
    """Sorted. Raises BadPolicy."""
    if len(volume) > MOST_LEVELS:
        raise BadPolicy(Fault.TOO_MANY_WINDOWS)
    for opens, closes, db in volume:
        _checked_window(opens, closes)
        if db == 0:
            raise BadPolicy(Fault.NO_LEVEL, (opens, closes))
        if not VOLUME_FLOOR_DB <= db < 0:
            raise BadPolicy(Fault.TOO_LOUD, (opens, closes))
    return tuple(sorted(volume))


def checked_quiet(quiet: Hours) -> Hours:
    """Sorted and joined; none is allowed. Raises BadPolicy."""
    if len(quiet) > MOST_LEVELS:
        raise BadPolicy(Fault.TOO_MANY_WINDOWS)
    return _checked_hours(quiet) if quiet else ()


def _checked_hours(hours: Iterable[tuple[str, str]]) -> Hours:
    windows = sorted(_checked_window(opens, closes) for opens, closes in hours)
    if not windows:
        raise BadPolicy(Fault.NO_HOURS)
    if len(windows) > MOST_WINDOWS:
        raise BadPolicy(Fault.TOO_MANY_WINDOWS)
    return _joined(windows)


def _checked_window(opens: str, closes: str) -> tuple[str, str]:
    if not (_is_clock(opens) and (_is_clock(closes) or closes == "24:00")):
        raise BadPolicy(Fault.NOT_A_TIME, (opens, closes))
    if opens >= closes:
        raise BadPolicy(Fault.CROSSES_MIDNIGHT, (opens, closes))
    return opens, closes


def _is_clock(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False


def _joined(windows: list[tuple[str, str]]) -> Hours:
    joined = windows[:1]
    for opens, closes in windows[1:]:
        if opens < joined[-1][1]:
            raise BadPolicy(Fault.OVERLAP, (opens, closes))
        if opens == joined[-1][1]:
            joined[-1] = (joined[-1][0], closes)
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError) as error:
        raise BadPolicy(Fault.UNKNOWN_ZONE) from error


def allows_day(policy: Policy, day: date) -> bool:
    """False on Saturday and Sunday where the weekend is quiet."""
    return policy.weekend or day.weekday() < 5


def windows_ms(policy: Policy, day: date) -> tuple[tuple[int, int], ...]:
    """The windows of ``day`` as instants (ms), none on a quiet weekend day."""
    return _windows(policy.hours, policy.zone, day) if allows_day(policy, day) else ()


@lru_cache(maxsize=4096)
def _windows(hours: Hours, zone: str, day: date) -> tuple[tuple[int, int], ...]:
    spans = ((_clock_ms(day, opens, zone), _clock_ms(day, closes, zone)) for opens, closes in hours)
    # A clock change can swallow a window whole.
    return tuple((opens, closes) for opens, closes in spans if opens < closes)


def _clock_ms(day: date, clock: str, zone: str) -> int:
    if clock == "24:00":
        return midnight_ms(day + timedelta(days=1), zone)
    return wall_ms(day, time.fromisoformat(clock), zone)


def night_hours(policy: Policy) -> Hours:
    """The parts of the windows that lie in the night of QCVN 26:2010/BTNMT, 21:00 to 06:00."""
    early = ((opens, min(closes, NIGHT_ENDS)) for opens, closes in policy.hours)
    late = ((max(opens, NIGHT_BEGINS), closes) for opens, closes in policy.hours)
    return tuple((opens, closes) for opens, closes in (*early, *late) if opens < closes)
