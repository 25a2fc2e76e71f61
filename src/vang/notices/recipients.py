"""Whom a notice is for: named people, or whoever holds a role."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.models import Person
from vang.people.queries import holders


@dataclass(frozen=True)
class Holders:
    """Whoever may act as ``role`` for ``unit``: its own people, or without any the next above.

    ``without`` are keys of people who cannot act in this matter.
    """

    role: str
    unit: Unit
    without: frozenset[int] = frozenset()


To = Holders | Iterable[Person]


def people_meant(to: To, on: date) -> list[Person]:
    """Each person once, only those whose account is open."""
    if isinstance(to, Holders):
        return _nearest(to, on)
    return list({person.pk: person for person in to if person.is_active}.values())


def _nearest(to: Holders, on: date) -> list[Person]:
    held = [m for m in holders(to.unit, to.role, on) if m.person_id not in to.without]
    for unit in ancestors(to.unit):
        here = {m.person_id: m.person for m in held if m.unit_id == unit.pk}
        if here:
            return list(here.values())
    return []
