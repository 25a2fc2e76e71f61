"""Receipts on their way: given by the main loop, taken by whichever line is up."""

import threading
from collections import deque

MOST = 1_000


class Outbox:
    """The newest ``MOST`` receipts. Safe from any thread."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=MOST)
        self._lock = threading.Lock()

    def put(self, receipt: bytes) -> None:
        with self._lock:
            self._waiting.append(receipt)

    def take(self, most: int = 64) -> list[bytes]:
        """The oldest, taken out."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def waiting(self) -> list[bytes]:
        """All of them; they stay."""
        with self._lock:
            return list(self._waiting)

    def put_back(self, receipts: list[bytes]) -> None:
        """What could not be delivered, to be taken first next time."""
        with self._lock:
            room = MOST - len(self._waiting)
            self._waiting.extendleft(reversed(receipts[:room]))

    def __len__(self) -> int:
        return len(self._waiting)
