"""Who wants to know that as-run rows changed. Rooms further on register here."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from vang.base.clock import local_date
from vang.orgs.models import Unit

Listener = Callable[[Collection[UUID], datetime], None]
Watcher = Callable[[Unit, Collection[date], datetime], None]
_listeners: list[Listener] = []
_watchers: list[Watcher] = []


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


def on_days_changed(watcher: Watcher) -> None:
    """``watcher`` is called likewise with the commune and the local days on which a play, of an
    edition or of a sound of the station, was added, moved away, or had another fate."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def plays_changed(unit: Unit, starts: Iterable[datetime], now: datetime) -> None:
    """Tell the watchers. ``starts``: planned, before and after the change."""
    days = frozenset(local_date(start) for start in starts)
    for watcher in _watchers if days else []:
        watcher(unit, days, now)
