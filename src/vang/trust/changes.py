"""Who wants to know that another policy is in force: filled at start-up by the room above that
reaches the devices."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

_listeners: list[Callable[[], None]] = []


def on_policy_published(listener: Callable[[], None]) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def policy_published() -> None:
    """After the commit."""
    for listener in _listeners:
        transaction.on_commit(partial(listener), robust=True)
