"""A day of the air as the console draws it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vang.airtime.days import Day, Item
from vang.airtime.entries import key_of
from vang.airtime.policies import Policy
from vang.base.daystrip import Span, Strip, day_strip


@dataclass(frozen=True)
class Line:
    """One broadcast in the table below the strip."""

    number: int
    item: Item
    state: str
    clusters: tuple[str, ...]
    may_stop: bool
    quiet: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the page of moving takes."""
        return key_of(self.item)

    @property
    def may_move(self) -> bool:
        return self.state == "planned"


def lines(laid: Day, names: Mapping[str, str], now: datetime) -> list[Line]:
    """Broadcasts and stopped ones together, by start."""
    stopped = {item.id for item in laid.stopped}
    ordered = sorted((*laid.items, *laid.stopped), key=lambda item: (item.start, item.id))
    return [
        Line(
            number,
            item,
            _state(item, item.id in stopped, now),
            tuple(names.get(code, code) for code in item.clusters),
            item.id not in stopped and item.ends > now,
            tuple(names.get(code, code) for code in item.quiet),
        )
        for number, item in enumerate(ordered, start=1)
    ]


def _state(item: Item, stopped: bool, now: datetime) -> str:  # noqa: FBT001 - private
    """By the clock alone: what was really heard stands in the as-run log."""
    if stopped:
        return item.why or "stopped"
    if item.start <= now < item.ends:
        return "playing"
    return "planned" if item.start > now else "ended"


def strip(
    day: date, rows: Iterable[Line], names: Mapping[str, str], policy: Policy, now: datetime
) -> Strip:
    """The picture: one lane a cluster, the allowed hours wide."""
    zone = ZoneInfo(policy.zone)
    local = now.astimezone(zone)
    return day_strip(
        [_span(row, zone) for row in rows],
        lanes=list(names.values()),
        windows=[(_clock(opens), _clock(closes)) for opens, closes in policy.hours],
        now=local.time() if local.date() == day else None,
    )


def _span(row: Line, zone: ZoneInfo) -> Span:
    item = row.item
    seconds = max(1, round((item.ends - item.start).total_seconds()))
    start = item.start.astimezone(zone).time()
    return Span(row.number, start, seconds, item.title, row.state, row.clusters)


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)
