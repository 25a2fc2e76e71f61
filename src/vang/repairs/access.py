"""The only way a view comes to a repair: a stranger to the commune finds nothing."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import at_or_under
from vang.people.access import Role, may, readable_unit, require
from vang.people.models import Person
from vang.repairs.models import Part, Ticket

KEEPERS = (Role.TECHNICIAN, Role.ADMINISTRATOR)
OFFICE = (Role.WRITER, Role.APPROVER, Role.LEADER, *KEEPERS)
"""Whoever may report that something is wrong."""


def units_here(unit: Unit) -> QuerySet[Unit]:
    """The unit and what stands under it."""
    return Unit.objects.filter(at_or_under(Unit.objects.filter(pk=unit.pk))).order_by()


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def open_ticket_of(person: Person, pk: int, on: date) -> Ticket:
    """Raises Http404 for a stranger."""
    rows = Ticket.objects.select_related(
        "cluster__unit__parent__parent", "fault__node", "node", "technician", "opened_by",
        "closed_by",
    )  # fmt: skip
    ticket = rows.filter(pk=pk).first()
    if ticket is None or not readable_unit(person, ticket.cluster.unit, on):
        raise Http404
    return ticket


def kept_ticket(person: Person, pk: int, on: date) -> Ticket:
    """For whoever works on it. Raises Http404, PermissionDenied."""
    ticket = open_ticket_of(person, pk, on)
    require(person, KEEPERS, ticket.cluster.unit, on)
    return ticket


def kept_part(person: Person, pk: int, on: date) -> Part:
    """Raises Http404, PermissionDenied."""
    part = Part.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if part is None:
        raise Http404
    require(person, KEEPERS, part.unit, on)
    return part


_NOT_ALLOWED = _("Only technicians and administrators of the unit may do this.")
