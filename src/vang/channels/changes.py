"""Who wants to know that a unit chose other channels. Channels register here."""

from collections.abc import Callable
from datetime import datetime

from vang.orgs.models import Unit

Listener = Callable[[Unit, datetime], None]
_listeners: list[Listener] = []


def on_channel_chosen(listener: Listener) -> None:
    """``listener`` is called inside the transaction of the choice."""
    if listener not in _listeners:
        _listeners.append(listener)


def channel_chosen(unit: Unit, now: datetime) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(unit, now)
