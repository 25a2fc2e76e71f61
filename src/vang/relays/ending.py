"""Who wants to know that a station is relayed no more. Rooms further on register here."""

from collections.abc import Callable
from datetime import datetime

from vang.people.models import Person
from vang.relays.models import Station

Listener = Callable[[Station, Person, datetime], object]
_listeners: list[Listener] = []


def on_station_ended(listener: Listener) -> None:
    """``listener`` is called with the station, by whom and when, in the same transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def station_ended(station: Station, by: Person, now: datetime) -> None:
    for listener in _listeners:
        listener(station, by, now)
