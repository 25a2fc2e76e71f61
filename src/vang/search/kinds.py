"""The kinds of things that can be found: rooms further on register theirs when they start."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from vang.orgs.models import Unit


@dataclass(frozen=True)
class Item:
    """One thing as its room tells of it.

    ``unit`` comes with its parents loaded. ``shared_below``: everybody in the units below sees it
    too. ``state`` is a key of base.states, ``note`` a short line such as who wrote it.
    """

    key: str
    unit: Unit
    title: str
    url: str
    at: datetime | None = None
    text: str = ""
    note: str = ""
    state: str = ""
    shared_below: bool = False


Items = Callable[[Collection[str] | None], Iterable[Item]]
"""The items of some keys, or with None all there are, oldest first. What is gone is left out."""


@dataclass(frozen=True)
class Kind:
    """``name`` is the kind in the journal's subjects ("bulletin:12"): whatever the journal tells
    of is read anew in the same transaction. ``roles``: who finds it at its unit; none means all.
    ``view`` is the page of one, whose argument ``argument`` is the key."""

    name: str
    label: str | Promise
    icon: str
    items: Items
    order: int = 50
    roles: frozenset[str] = frozenset()
    view: str = ""
    argument: str = "pk"


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known. Registering one again replaces it."""
    for kind in kinds:
        _kinds[kind.name] = kind


def find_kind(name: str) -> Kind | None:
    return _kinds.get(name)


def all_kinds() -> list[Kind]:
    """In the order in which hits are shown."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.name))


def kind_of_view(view: str) -> Kind | None:
    """The kind whose page this is."""
    return next((kind for kind in _kinds.values() if view and kind.view == view), None)
