"""Who wants to know when something is released or withdrawn: a registry, filled at start-up.

The callables run after the transaction is committed. They may be lost when the process dies
there, so whoever registers also looks at the database from time to time.
"""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from vang.bulletins.models import Edition

Listener = Callable[[Edition], None]
released: list[Listener] = []
withdrawn: list[Listener] = []


def tell(listeners: list[Listener], edition: Edition) -> None:
    """Call each listener once the present transaction is committed."""
    for listener in listeners:
        transaction.on_commit(partial(listener, edition))
