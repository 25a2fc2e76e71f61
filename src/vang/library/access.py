"""The only way a view obtains material."""

from datetime import date

from django.http import Http404

from vang.library.models import DocumentField, Item
from vang.people.access import readable_unit
from vang.people.models import Person


def open_item(person: Person, pk: int, on: date) -> Item:
    """Raises Http404 when there is none or the person is a stranger to its unit."""
    item = (
        Item.objects.filter(pk=pk)
        .select_related("unit__parent__parent", "recording", "document", "added_by")
        .defer("search_key")
        .first()
    )
    if item is None or not readable_unit(person, item.unit, on):
        raise Http404
    return item


def open_field(item: Item, pk: int) -> DocumentField:
    """A field of this item. Raises Http404."""
    field = DocumentField.objects.filter(item=item, pk=pk).select_related("item__unit").first()
    if field is None:
        raise Http404
    return field
