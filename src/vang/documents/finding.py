"""Documents as they are found (vang.search)."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.documents.models import Document
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """Those of a register; the State's stand on a page of their own."""
    rows = Document.objects.filter(unit__isnull=False).order_by("changed_at", "pk")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    found = rows.select_related("unit__parent__parent__parent").prefetch_related("bases")
    for document in found.iterator(chunk_size=500):
        if document.unit is not None:
            bases = "\n".join(one.words for one in document.bases.all())
            yield Item(
                key=str(document.pk),
                unit=document.unit,
                title=f"{document}: {document.abstract}",
                text=f"{document.abstract}\n{document.signer}\n{bases}",
                url=reverse("documents:document", args=[document.pk]),
                at=document.changed_at,
                note=document.issuer,
                shared_below=document.shared_below,
            )


def register() -> None:
    """Called when the process starts."""
    kind = Kind("document", _("Documents"), "file-text", items, order=25, view="documents:document")
    register_kinds(kind)
