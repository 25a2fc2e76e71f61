"""Who wants to know that as-run rows changed. Rooms further on register here."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

Listener = Callable[[Collection[UUID], datetime], None]
_listeners: list[Listener] = []


def on_as_run_changed(listener: Listener) -> None:
    """``listener`` is called inside the changing transaction with the ids of the editions
    concerned and ``now``: what it writes is lost only together with the change."""
    if listener not in _listeners:
        _listeners.append(listener)


def as_run_changed(editions: Collection[UUID], now: datetime) -> None:
    """Tell the listeners."""
    if not editions:
        return
    for listener in _listeners:
        listener(frozenset(editions), now)
