"""Communes as those find them who look after many (vang.search)."""

from collections.abc import Collection, Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.people.access import Role
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """By code; the address leads to the commune among the others, where it can be opened."""
    rows = Unit.objects.filter(level=Unit.Level.COMMUNE, valid_to=None).order_by("code", "pk")
    if keys is not None:
        rows = rows.filter(code__in=keys)
    for unit in rows.select_related("parent__parent__parent").iterator():
        yield Item(
            key=unit.code,
            unit=unit,
            title=unit.full_name,
            text=unit.code,
            url=f"{reverse('desk:communes')}?{urlencode({'q': unit.name})}",
            note=str(unit.parent or ""),
        )


def register() -> None:
    """Called when the process starts."""
    roles = frozenset({Role.READER.value})
    kind = Kind("unit", _("Communes"), "building-community", items, order=15, roles=roles)
    register_kinds(kind)
