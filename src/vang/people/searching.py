"""What the signed-in person may find."""

from collections import defaultdict
from datetime import date

from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role
from vang.people.models import Membership, Person
from vang.people.roles import effective
from vang.search.scopes import Scope, scope_at

_OVERSEE = frozenset({Role.READER.value, Role.ADMINISTRATOR.value})


def scopes_of(person: Person, on: date) -> list[Scope]:
    """One for each unit where the person holds roles. One query."""
    if not person.is_active:
        return []
    held = Membership.objects.filter(valid_on(on), person=person).order_by("unit", "role")
    by_unit: dict[Unit, set[str]] = defaultdict(set)
    for row in held.select_related("unit__parent__parent__parent"):
        by_unit[row.unit].add(row.role)
    return [
        scope_at(unit, effective(roles), oversees=not _OVERSEE.isdisjoint(roles))
        for unit, roles in by_unit.items()
    ]
