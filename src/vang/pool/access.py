"""The only way a view comes to an offer, what became of it, a request or an order."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import Role, may, readable_unit, roles
from vang.people.models import Person
from vang.pool.models import Offer, Order, Request, Taking
from vang.pool.scope import offered_to

NEWSROOM = (Role.WRITER, Role.APPROVER)


@dataclass(frozen=True)
class Sight:
    """An offer before a person: as of the unit that made it, or of one it is made to."""

    offer: Offer
    unit: Unit
    roles: frozenset[str]

    @property
    def own(self) -> bool:
        return self.offer.unit_id == self.unit.pk

    @property
    def newsroom(self) -> bool:
        return not self.roles.isdisjoint(NEWSROOM)


def guard(by: Person, unit: Unit, now: datetime) -> None:
    """Raises Refusal unless the person writes or approves for the unit."""
    if not may(by, NEWSROOM, unit, local_date(now)):
        raise Refusal("not-in-newsroom", _("Only a writer or an approver of the unit may do this."))


def open_offer(person: Person, unit: Unit, pk: int, on: date) -> Sight:
    """An offer of the unit, or made to it; otherwise one of another unit of the person's.

    Raises Http404 for everybody else.
    """
    rows = Offer.objects.select_related("unit__parent__parent", "version__rendition", "offered_by")
    offer = rows.filter(pk=pk).first()
    if offer is None:
        raise Http404
    held = roles(person, unit, on)
    if held and (offer.unit_id == unit.pk or offered_to(unit).filter(pk=pk).exists()):
        return Sight(offer, unit, held)
    held = roles(person, offer.unit, on)
    if not held:
        raise Http404
    return Sight(offer, offer.unit, held)


def open_taking(person: Person, pk: int, on: date) -> Taking:
    """Raises Http404 for a stranger to the unit that took it."""
    rows = Taking.objects.select_related("unit__parent__parent", "offer__unit", "bulletin")
    taking = rows.filter(pk=pk).first()
    if taking is None or not readable_unit(person, taking.unit, on):
        raise Http404
    return taking


def open_request(person: Person, pk: int, on: date) -> Request:
    """Raises Http404 for a stranger to the unit that asks."""
    rows = Request.objects.select_related("unit__parent__parent", "created_by")
    request = rows.filter(pk=pk).first()
    if request is None or not readable_unit(person, request.unit, on):
        raise Http404
    return request


def open_order(person: Person, pk: int, on: date) -> Order:
    """Raises Http404 for a stranger both to the asking unit and to the one asked."""
    rows = Order.objects.select_related(
        "unit__parent__parent", "request__unit", "request__created_by", "offer", "bulletin__current"
    )
    order = rows.filter(pk=pk).first()
    if order is None or not readable_unit(person, order.unit, on):
        raise Http404
    return order
