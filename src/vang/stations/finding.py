"""Clusters as they are found (vang.search): by name, place, villages and code."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds
from vang.stations.models import Cluster

_CHUNK = 500


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """In the order in which they were opened."""
    rows = Cluster.objects.order_by("pk").prefetch_related("villages")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    found = rows.select_related("unit__parent__parent__parent")
    for cluster in found.iterator(chunk_size=_CHUNK):
        heard = [village.full_name for village in cluster.villages.all()]
        yield Item(
            key=str(cluster.pk),
            unit=cluster.unit,
            title=cluster.name,
            text="\n".join([cluster.place, ", ".join(heard), cluster.code]),
            url=reverse("stations:detail", args=[cluster.pk]),
            note=cluster.place,
            state="active" if cluster.active else "ended",
        )


def register() -> None:
    """Called when the process starts."""
    kind = Kind(
        "cluster", _("Loudspeakers"), "speakerphone", items, order=20, view="stations:detail"
    )
    register_kinds(kind)
