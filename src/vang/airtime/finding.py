"""Programmes as they are found (vang.search)."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Programme
from vang.base.display import vi_time
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """Those that have not been ended."""
    rows = Programme.objects.filter(ended_at=None).order_by("pk")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    for programme in rows.select_related("unit__parent__parent__parent").iterator():
        yield Item(
            key=str(programme.pk),
            unit=programme.unit,
            title=programme.name,
            url=reverse("airtime:programmes"),
            note=vi_time(programme.starts_at),
        )


def register() -> None:
    """Called when the process starts."""
    register_kinds(Kind("programme", _("Programmes"), "repeat", items, order=30))
