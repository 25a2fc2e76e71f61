"""Whom a notice is for: named people, or whoever holds a role."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.models import Person
from vang.people.queries import deputies, holders


@dataclass(frozen=True)
class Holders:
    """Whoever may act as ``role`` for ``unit``: its own people and who stands in for them, or
    without any the next above.

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
    acting = [(m.unit_id, m.person) for m in holders(to.unit, to.role, on)]
    acting += [(lent.unit_id, lent.delegate) for lent in deputies(to.unit, to.role, on)]
    for unit in ancestors(to.unit):
        here = {
            person.pk: person
            for unit_pk, person in acting
            if unit_pk == unit.pk and person.pk not in to.without
        }
        if here:
            return list(here.values())
    return []
