"""Full-jitter back-off: a fleet that lost its server does not come back all at once."""

import random
from collections.abc import Callable


class Backoff:
    """Waits between 0 and a bound that doubles from ``first`` to ``most`` seconds, for ever."""

    def __init__(
        self,
        *,
        first: float = 1.0,
        most: float = 60.0,
        choose: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._first, self._most, self._choose = first, most, choose
        self.failures = 0

    def failed(self) -> float:
        """Count a failure; the seconds to wait before the next try."""
        bound = min(self._most, self._first * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return self._choose(0.1 * self._first, bound)

    def succeeded(self) -> None:
        self.failures = 0
