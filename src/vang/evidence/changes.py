"""Who wants to know that as-run rows changed. Rooms further on register here."""

from collections.abc import Callable, Collection
from functools import partial
from uuid import UUID

from django.db import transaction

Listener = Callable[[Collection[UUID]], None]
_listeners: list[Listener] = []


def on_as_run_changed(listener: Listener) -> None:
    """``listener`` is called after the commit with the ids of the editions concerned."""
    if listener not in _listeners:
        _listeners.append(listener)


def as_run_changed(editions: Collection[UUID]) -> None:
    """Tell the listeners once the present transaction is committed."""
    if not editions:
        return
    for listener in _listeners:
        transaction.on_commit(partial(listener, frozenset(editions)))
