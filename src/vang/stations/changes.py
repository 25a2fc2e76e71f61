"""Who wants to know that the clusters of a commune changed. Rooms further on register here."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

Listener = Callable[[int], None]
Barred = Callable[[str], None]
_listeners: list[Listener] = []
_beside: list[Listener] = []
_barred: list[Barred] = []
_issued: list[Listener] = []


def on_clusters_changed(listener: Listener) -> None:
    """``listener`` is called with the unit's key after each committed change."""
    if listener not in _listeners:
        _listeners.append(listener)


def on_clusters_written(listener: Listener) -> None:
    """``listener`` is called with the unit's key at once, in the same transaction: what it keeps
    beside the clusters and devices is never behind them."""
    if listener not in _beside:
        _beside.append(listener)


def clusters_changed(unit_id: int) -> None:
    """Tell the rooms beside at once, the listeners once the present transaction is committed."""
    for listener in _beside:
        listener(unit_id)
    for listener in _listeners:
        transaction.on_commit(partial(listener, unit_id))


def on_code_issued(listener: Listener) -> None:
    """``listener`` is called with the cluster's key at once, in the same transaction."""
    if listener not in _issued:
        _issued.append(listener)


def code_issued(cluster_id: int) -> None:
    for listener in _issued:
        listener(cluster_id)


def on_node_barred(listener: Barred) -> None:
    """``listener`` is called with the id of each device that is no longer trusted, after the
    commit: what it has open must be ended at once."""
    if listener not in _barred:
        _barred.append(listener)


def node_barred(node_id: str) -> None:
    for listener in _barred:
        transaction.on_commit(partial(listener, node_id))
