"""Who wants to know that a commune's air changed. Rooms further on register here."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from vang.bulletins.models import Edition

Listener = Callable[[int], None]
_listeners: list[Listener] = []


def on_airtime_changed(listener: Listener) -> None:
    """``listener`` is called with the unit's key after each committed change."""
    if listener not in _listeners:
        _listeners.append(listener)


def airtime_changed(unit_id: int) -> None:
    """Tell the listeners once the present transaction is committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, unit_id))


def edition_withdrawn(edition: Edition) -> None:
    """A withdrawn edition leaves the air at once."""
    airtime_changed(edition.unit_id)
