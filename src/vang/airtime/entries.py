"""What stands in the calendar: single broadcasts, and a programme's time as one thing. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vang.airtime.days import Day, Item
from vang.airtime.recurrence import MOVED
from vang_protocol.plans import Priority

_OWN_DAY = re.compile(r"(?:[pr]\d+|f\d+-\d{8}T\d{6})-(\d{8})")


@dataclass(frozen=True)
class Entry:
    """``key`` is what :mod:`vang.airtime.subjects` takes: ``o12`` or ``s3-20260610``.

    ``state`` follows the clock: planned, playing, ended, stopped, skipped.
    """

    key: str
    title: str
    start: datetime
    ends: datetime
    items: tuple[Item, ...]
    state: str

    @property
    def whole(self) -> bool:
        """A programme's time, not a single broadcast."""
        return self.key.startswith("s")

    @property
    def movable(self) -> bool:
        return self.state == "planned"

    @property
    def priority(self) -> Priority:
        return max((item.priority for item in self.items), key=lambda priority: priority.rank)

    @property
    def clusters(self) -> tuple[str, ...]:
        return tuple(sorted({code for item in self.items for code in item.clusters}))


def entries_of(day: Day, programmes: Mapping[int, str], now: datetime) -> list[Entry]:
    """The day's entries by start. What was moved away stands only where it went."""
    heard: dict[str, list[Item]] = defaultdict(list)
    struck: dict[str, list[Item]] = defaultdict(list)
    for item in day.items:
        heard[key_of(item)].append(item)
    for item in day.stopped:
        if item.why != MOVED:
            struck[key_of(item)].append(item)
    found = [_entry(key, items, programmes, now) for key, items in heard.items()]
    found += [_struck(key, items, programmes) for key, items in struck.items() if key not in heard]
    return sorted(found, key=lambda entry: (entry.start, entry.key))


def key_of(item: Item) -> str:
    """The entry that the item is part of."""
    if not item.programme:
        return f"o{item.placement}"
    own = _OWN_DAY.match(item.id)
    return f"s{item.programme}-{own[1]}" if own else item.id


def _entry(key: str, items: Iterable[Item], programmes: Mapping[int, str], now: datetime) -> Entry:
    ordered = tuple(sorted(items, key=lambda item: (item.start, item.id)))
    start, ends = ordered[0].start, max(item.ends for item in ordered)
    state = "planned" if start > now else "playing" if ends > now else "ended"
    return Entry(key, _title(ordered[0], programmes), start, ends, ordered, state)


def _struck(key: str, items: Iterable[Item], programmes: Mapping[int, str]) -> Entry:
    ordered = tuple(sorted(items, key=lambda item: (item.start, item.id)))
    state = ordered[0].why or "stopped"
    ends = max(item.ends for item in ordered)
    return Entry(key, _title(ordered[0], programmes), ordered[0].start, ends, ordered, state)


def _title(item: Item, programmes: Mapping[int, str]) -> str:
    return programmes.get(item.programme, item.title)
