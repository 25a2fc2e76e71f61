"""Who finds what: marks that stand among an entry's words, and the marks that a person has. Pure.

unit12   the entry belongs to unit 12 or below it
over12   it belongs to an office under unit 12, which only those who oversee look into
down12   unit 12 shares it with everybody below
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors

_MARK = re.compile(r"(unit|over|down)\d+|kind[a-z-]+", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """Marks of places, and the roles with which the person looks there."""

    places: frozenset[str]
    roles: frozenset[str]


def marks_of(kind: str, unit: Unit, *, shared_below: bool) -> list[str]:
    """What is put among the words of an entry."""
    office = unit.level == Unit.Level.OFFICE
    line = [f"unit{unit.pk}"]
    line += [f"{'over' if office else 'unit'}{above.pk}" for above in ancestors(unit)[1:]]
    shared = [f"down{unit.pk}"] if shared_below else []
    return [f"kind{kind}", *line, *shared]


def is_mark(word: str) -> bool:
    """Whether a word of an entry is one of these marks, or looks like one."""
    return _MARK.fullmatch(word) is not None


def scope_at(unit: Unit, roles: Iterable[str], *, oversees: bool) -> Scope:
    """What one holds by roles at a unit, whose parents are loaded."""
    places = {f"unit{unit.pk}"} | {f"down{above.pk}" for above in ancestors(unit)}
    if oversees:
        places.add(f"over{unit.pk}")
    return Scope(frozenset(places), frozenset(roles))
