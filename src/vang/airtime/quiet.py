"""Quiet zones and loudness of single clusters. Pure.

A cluster beside a school or a health station is silent in its quiet hours, whatever the commune
plays; and at some hours it is less loud. An emergency knows no quiet zone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vang.airtime.policies import Hours
from vang_protocol.volumes import Loudness, relative_db

NEVER: Hours = (("00:00", "00:01"),)
"""Hours of a cluster whose quiet zone takes all of the commune's: an empty list means "as all"."""


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """``quiet``: hours in which the cluster is silent; ``ceiling_db``: never louder than this;
    ``volume``: dB below the ceiling by hour; ``delay_ms``: it sounds this much later."""

    quiet: Hours = ()
    volume: Loudness = ()
    ceiling_db: int = 0
    because: str = ""
    delay_ms: int = 0


Rules = Mapping[str, ClusterRule]


def quiet_codes(
    rules: Rules, codes: Collection[str], start: datetime, ends: datetime, zone: str
) -> tuple[str, ...]:
    """Those of the clusters that are silent at some time between ``start`` and ``ends``."""
    silent = (code for code in codes if code in rules and rules[code].quiet)
    return tuple(c for c in silent if is_quiet(rules[c].quiet, start, ends, zone))


def is_quiet(quiet: Hours, start: datetime, ends: datetime, zone: str) -> bool:
    """Whether something between the two instants would touch the quiet hours."""
    local, until = start.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    first, last = _wall(local), _wall(until)
    if until.date() > local.date():
        return any(f"{closes}:00.000" > first for _opens, closes in quiet)
    return any(f"{opens}:00.000" < last and f"{closes}:00.000" > first for opens, closes in quiet)


def _wall(local: datetime) -> str:
    return local.strftime("%H:%M:%S") + f".{local.microsecond // 1000:03}"


def allowed_hours(hours: Hours, quiet: Hours) -> Hours:
    """What is left of ``hours`` without the quiet ones; :data:`NEVER` when nothing is."""
    left = list(hours)
    for opens, closes in quiet:
        parts = ((a, b, max(a, opens), min(b, closes)) for a, b in left)
        left = [
            piece
            for a, b, cut, resumes in parts
            for piece in (((a, b),) if cut >= resumes else ((a, cut), (resumes, b)))
            if piece[0] < piece[1]
        ]
    return tuple(left) or NEVER


def level_db(policy_volume: Loudness, rule: ClusterRule, at: datetime, zone: str) -> int:
    """How loud the cluster is at ``at``: dB, 0 is as loud as its installer allowed."""
    return rule.ceiling_db + relative_db(at, zone=zone, volume=(*policy_volume, *rule.volume))
