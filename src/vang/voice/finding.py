"""Words of the dictionaries as they are found (vang.search)."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds
from vang.voice.models import Pronunciation


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """A word once in each unit whose dictionary has it."""
    rows = Pronunciation.objects.order_by("updated_at", "pk")
    if keys is not None:
        rows = rows.filter(written__in=keys)
    for entry in rows.select_related("unit__parent__parent__parent").iterator():
        yield Item(
            key=entry.written,
            unit=entry.unit,
            title=entry.written,
            text=entry.spoken,
            url=reverse("voice:pronunciations"),
            at=entry.updated_at,
            note=entry.spoken,
        )


def register() -> None:
    """Called when the process starts."""
    register_kinds(Kind("pronunciation", _("Pronunciations"), "book-2", items, order=70))
