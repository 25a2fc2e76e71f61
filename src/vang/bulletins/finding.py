"""Bulletins as they are found (vang.search): the newest words in every language."""

from collections.abc import Collection, Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin, Version, Wording
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds

_CHUNK = 500


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """Oldest change first."""
    rows = Bulletin.objects.exclude(current=None).order_by("changed_at", "pk")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    wordings = Prefetch("current__wordings", queryset=Wording.objects.order_by("pk"))
    found = rows.select_related("unit__parent__parent__parent", "current", "created_by")
    for bulletin in found.prefetch_related(wordings).iterator(chunk_size=_CHUNK):
        if bulletin.current is not None:
            yield _item(bulletin, bulletin.current)


def _item(bulletin: Bulletin, version: Version) -> Item:
    others = [f"{words.title} {words.text}" for words in version.wordings.all()]
    return Item(
        key=str(bulletin.pk),
        unit=bulletin.unit,
        title=version.title,
        text="\n".join([version.text, *others]),
        url=reverse("bulletins:detail", args=[bulletin.pk]),
        at=bulletin.changed_at,
        note=str(bulletin.created_by),
        state=bulletin.state.lower(),
    )


def register() -> None:
    """Called when the process starts."""
    kind = Kind("bulletin", _("Bulletins"), "news", items, order=10, view="bulletins:detail")
    register_kinds(kind)
