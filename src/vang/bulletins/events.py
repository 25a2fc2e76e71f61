"""Who wants to know when something is released, corrected or withdrawn: registries, filled at
start-up.

``released``, ``withdrawn`` and ``expired`` run after the transaction is committed. They may be lost
when the process dies there, so whoever registers also looks at the database from time to time.
``correcting`` runs inside the transaction of the release: the earlier edition leaves the air and
the correction takes its places, or neither happens. ``delivering`` runs inside the transaction in
which deliveries were made or changed their state.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from vang.bulletins.models import Edition
from vang.orgs.models import Unit
from vang.people.models import Person

Listener = Callable[[Edition], None]
Corrector = Callable[[Edition, Person, datetime], None]
Chooser = Callable[[Unit], Sequence[str]]
Watcher = Callable[[Collection[Edition], datetime], None]

released: list[Listener] = []
withdrawn: list[Listener] = []
expired: list[Listener] = []
"""Its last day is over: it leaves what shows what holds now."""

correcting: list[Corrector] = []
choosers: list[Chooser] = []
narrowing: list[Callable[[Edition], Collection[str] | None]] = []
"""Names of the only channels that an edition may take; None when every channel may be."""
delivering: list[Watcher] = []


def tell(listeners: list[Listener], edition: Edition) -> None:
    """Call each listener once the present transaction is committed."""
    for listener in listeners:
        transaction.on_commit(partial(listener, edition))


def correct(edition: Edition, *, by: Person, now: datetime) -> None:
    """Let every room put ``edition`` in the place of the one it corrects."""
    for corrector in correcting:
        corrector(edition, by, now)


def channels_for(edition: Edition) -> list[str]:
    """Names of the channels that this edition takes, were it nothing but new."""
    names = set(channels_on(edition.unit))
    for narrow in narrowing:
        only = narrow(edition)
        names = names if only is None else names & set(only)
    return sorted(names)


def deliveries_changed(editions: Collection[Edition], now: datetime) -> None:
    """Tell who watches over deliveries."""
    for watcher in delivering if editions else []:
        watcher(editions, now)


def channels_on(unit: Unit) -> list[str]:
    """Names of the channels that a new edition of the unit takes."""
    return sorted({name for chooser in choosers for name in chooser(unit)})
