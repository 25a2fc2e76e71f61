"""Reading who works where."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import counts_at
from vang.people.models import Membership, Person
from vang.people.roles import bringing


def colleagues(unit: Unit, on: date) -> QuerySet[Membership]:
    """Roles in force at the unit, by person."""
    held = Membership.objects.filter(valid_on(on), unit=unit, person__is_active=True)
    return held.select_related("person").order_by("person__full_name", "person", "role")


def team(held: Iterable[Membership]) -> list[tuple[Person, list[Membership]]]:
    """Each person once, with their roles. ``held`` comes ordered by person."""
    return [(person, list(roles)) for person, roles in groupby(held, key=lambda m: m.person)]


def holders(unit: Unit, role: str, on: date) -> QuerySet[Membership]:
    """Who may act as ``role`` for the unit by a role held there or above; each role a row."""
    held = Membership.objects.filter(
        valid_on(on), counts_at(unit), role__in=bringing(role), person__is_active=True
    )
    return held.select_related("person").order_by("person__full_name", "person")
