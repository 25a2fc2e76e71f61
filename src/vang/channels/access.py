"""The only way a view comes to a delivery."""

from datetime import date

from django.http import Http404

from vang.bulletins.models import Delivery
from vang.people.access import readable_unit
from vang.people.models import Person


def open_delivery(person: Person, pk: int, on: date) -> Delivery:
    """Raises Http404 when there is none or the person is a stranger to its unit."""
    found = Delivery.objects.filter(pk=pk).select_related("edition__unit__parent__parent").first()
    if found is None or not readable_unit(person, found.edition.unit, on):
        raise Http404
    return found
