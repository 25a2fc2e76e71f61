"""Token buckets by name, in the memory of one process: a flood never reaches the database."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

_MOST_NAMES = 4096


@dataclass
class _Level:
    tokens: float
    at: datetime


class Buckets:
    """``burst`` at once, then ``per_minute``, for each name."""

    def __init__(self, *, burst: int, per_minute: float) -> None:
        self._burst = float(burst)
        self._per_s = per_minute / 60
        self._levels: dict[str, _Level] = {}
        self._lock = Lock()

    def may(self, name: str, *, now: datetime) -> bool:
        """Whether ``name`` has a token left, without taking it."""
        with self._lock:
            return self._filled(name, now).tokens >= 1

    def take(self, name: str, *, now: datetime) -> bool:
        """Take one token; False when there is none."""
        with self._lock:
            level = self._filled(name, now)
            if level.tokens < 1:
                return False
            level.tokens -= 1
            return True

    def clear(self) -> None:
        with self._lock:
            self._levels.clear()

    def _filled(self, name: str, now: datetime) -> _Level:
        level = self._levels.get(name)
        if level is None:
            self._make_room(now)
            level = self._levels[name] = _Level(self._burst, now)
        passed = max(0.0, (now - level.at).total_seconds())
        level.tokens = min(self._burst, level.tokens + passed * self._per_s)
        level.at = now
        return level

    def _make_room(self, now: datetime) -> None:
        """Forget names whose bucket is full again; under a flood of names, the oldest half."""
        if len(self._levels) < _MOST_NAMES:
            return
        full_after = self._burst / self._per_s
        kept = {
            name: level
            for name, level in self._levels.items()
            if (now - level.at).total_seconds() < full_after
        }
        newest = sorted(kept.items(), key=lambda pair: pair[1].at)[-_MOST_NAMES // 2 :]
        self._levels = dict(newest)
