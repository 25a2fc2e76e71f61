"""How many messages one node may send."""

from datetime import datetime


class Pace:
    """``burst`` messages at once, then ``per_s``."""

    def __init__(self, *, burst: int, per_s: float, now: datetime) -> None:
        self._burst, self._per_s = float(burst), per_s
        self._left, self._at = float(burst), now

    def allows(self, now: datetime) -> bool:
        passed = max(0.0, (now - self._at).total_seconds())
        self._left = min(self._burst, self._left + passed * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
