"""Who may name stations to relay, and the only way a view comes to one."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import Role, may
from vang.people.models import Person
from vang.relays.models import Source, Station

KEEPERS = (Role.APPROVER, Role.ADMINISTRATOR)
READERS = (
    Role.WRITER,
    Role.APPROVER,
    Role.LEADER,
    Role.READER,
    Role.TECHNICIAN,
    Role.ADMINISTRATOR,
)


def guard(by: Person, unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, KEEPERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def stations_for(unit: Unit) -> QuerySet[Station]:
    """In use, of the unit and of those above it."""
    line = [one.pk for one in ancestors(unit)]
    return Station.objects.filter(unit__in=line, ended_at=None).select_related("unit")


def readable_station(person: Person, unit: Unit, pk: int, on: date) -> Station:
    """One that serves the unit. Raises Http404 for everybody else."""
    station = stations_for(unit).filter(pk=pk).first()
    if station is None or not may(person, READERS, unit, on):
        raise Http404
    return station


def own_source(unit: Unit, pk: int) -> Source:
    """In use, of a station of this very unit. Raises Http404."""
    rows = Source.objects.select_related("station__unit")
    found = rows.filter(pk=pk, ended_at=None, station__unit=unit, station__ended_at=None).first()
    if found is None:
        raise Http404
    return found


_NOT_ALLOWED = _("Only an approver or an administrator of the unit may do this.")
