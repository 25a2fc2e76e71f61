"""Who wants to know that what is in force changed: rooms further on register here."""

from collections.abc import Callable
from datetime import datetime

from vang.alerts.models import Alert

Listener = Callable[[Alert, datetime], None]
_listeners: list[Listener] = []


def on_alert_changed(listener: Listener) -> None:
    """``listener`` is called inside the transaction in which an alert was sent or left force."""
    if listener not in _listeners:
        _listeners.append(listener)


def alert_changed(alert: Alert, now: datetime) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(alert, now)
