"""Acting in somebody's name: which delegations run, and which of them an act is done by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from vang.orgs.queries import valid_on
from vang.people.models import Delegation, Membership, Person
from vang.people.roles import Role, effective

OWN_RIGHT = 0
"""Chosen for a session: act in one's own right where one has it."""


@dataclass(frozen=True)
class Standing:
    """A person's own roles at a unit, and by delegation's key those lent to them."""

    own: frozenset[str] = frozenset()
    lent: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int]]) -> "Standing":
        """Rows of role and delegation's key; 0 for a role of one's own."""
        found = list(rows)
        return cls(
            own=effective(role for role, key in found if not key),
            lent={key: effective([role]) for role, key in found if key},
        )

    @property
    def roles(self) -> frozenset[str]:
        return self.own.union(*self.lent.values())

    def covers(self, wanted: Iterable[str]) -> bool:
        """Whether the person has one of the wanted roles in their own right."""
        return not self.own.isdisjoint(wanted)

    def delegations_for(self, wanted: Iterable[str], chosen: int | None) -> list[int]:
        """Keys of the delegations to act by, best first; none where one's own right is chosen.

        First the one chosen for the session, then the one that lends most.
        """
        some = set(wanted)
        fitting = [key for key, roles in self.lent.items() if roles & some]
        if chosen == OWN_RIGHT and self.covers(some):
            return []
        return sorted(fitting, key=lambda key: (key != chosen, -len(self.lent[key]), key))


NOBODY = Standing()


def running(person: Person, on: date) -> QuerySet[Delegation]:
    """Delegations to the person in force, as long as their principals hold what they lend."""
    return Delegation.objects.filter(in_force(on), delegate=person)


def in_force(on: date) -> Q:
    """The condition that a delegation runs and its principal still holds what it lends."""
    holds = Membership.objects.filter(
        Q(role=OuterRef("role")) | Q(role=Role.LEADER),
        valid_on(on),
        person=OuterRef("principal"),
        unit=OuterRef("unit"),
    )
    return Q(valid_on(on), Exists(holds), principal__is_active=True)


def in_order(keys: list[int]) -> list[Delegation]:
    """The delegations of these keys, as ordered, with both people."""
    if not keys:
        return []
    found = Delegation.objects.select_related("principal", "delegate").in_bulk(keys)
    return [found[key] for key in keys]
