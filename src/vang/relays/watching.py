"""Is there a programme, or only a connection? Pure: levels and instants are given.

A station that sends silence is as gone as one that sends nothing: a relay that looks only at the
connection carries a dead studio for hours.
"""

import math
from dataclasses import dataclass, field
from enum import Enum

SILENCE_DB = -55.0
"""RMS of 60 ms below this is no programme; an empty studio with an open microphone is near -60."""
SILENT_AFTER_S = 8.0
"""A reader's pause and the second before the time signal are shorter."""
GONE_AFTER_S = 1.0
"""Behind a store of some seconds already, so nothing has come for longer than this."""
FULL_SCALE = 32768


class Condition(Enum):
    """What a source gives."""

    TUNING = "tuning"
    GOOD = "good"
    SILENT = "silent"
    GONE = "gone"


@dataclass
class Watch:
    """One source. ``heard`` once for every 60 ms that it gave, ``nothing`` when it gave none."""

    began: float
    level_db: float = -100.0
    _last: float | None = None
    _sounded: float | None = None
    _good_since: float | None = field(default=None)

    def heard(self, rms_db: float, at: float) -> None:
        """``at``: seconds on one steady clock."""
        self._last = at
        self.level_db = rms_db
        if rms_db > SILENCE_DB:
            self._sounded = at
            if self._good_since is None:
                self._good_since = at
        self._settle(at)

    def nothing(self, at: float) -> None:
        self._settle(at)

    def condition(self, at: float) -> Condition:
        if self._last is None:
            return Condition.TUNING
        if at - self._last > GONE_AFTER_S:
            return Condition.GONE
        if self._sounded is None:
            return Condition.SILENT if at - self.began > SILENT_AFTER_S else Condition.TUNING
        return Condition.SILENT if at - self._sounded > SILENT_AFTER_S else Condition.GOOD

    def good_for(self, at: float) -> float:
        """Seconds for which it has been good without a break; 0 when it is not."""
        if self._good_since is None or self.condition(at) is not Condition.GOOD:
            return 0.0
        return at - self._good_since

    def _settle(self, at: float) -> None:
        if self.condition(at) in {Condition.SILENT, Condition.GONE}:
            self._good_since = None


def decibels(mean_square: float) -> float:
    """Of full scale; -100 for nothing at all."""
    if mean_square <= 0:
        return -100.0
    return max(-100.0, 10 * math.log10(mean_square / FULL_SCALE**2))
