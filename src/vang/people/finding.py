"""Colleagues as administrators find them (vang.search)."""

from collections.abc import Collection, Iterator
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.people.access import Role
from vang.people.models import Membership
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """A person once in each unit where a role of theirs goes on."""
    rows = Membership.objects.filter(valid_to=None, person__is_active=True)
    if keys is not None:
        rows = rows.filter(person__in=[int(key) for key in keys if key.isdecimal()])
    found = rows.select_related("person", "unit__parent__parent__parent")
    ordered = found.order_by("person", "unit", "role").iterator()
    for _place, held in groupby(ordered, key=lambda row: (row.person_id, row.unit_id)):
        roles = list(held)
        person = roles[0].person
        yield Item(
            key=str(person.pk),
            unit=roles[0].unit,
            title=person.full_name,
            text=f"{person.title}\n{person.username}",
            url=reverse("people:list"),
            note=person.title,
        )


def register() -> None:
    """Called when the process starts."""
    roles = frozenset({Role.ADMINISTRATOR.value})
    register_kinds(Kind("person", _("People"), "users", items, order=60, roles=roles))
