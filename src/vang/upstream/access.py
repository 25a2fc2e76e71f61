"""The only way a view comes to a received warning or a feed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import DECIDE, Role, may, roles
from vang.people.models import Person
from vang.upstream.models import Feed, Received
from vang.upstream.queries import reaching

READERS = (Role.WRITER, Role.APPROVER, Role.LEADER, Role.READER, Role.ADMINISTRATOR)
DECIDERS = DECIDE
BRINGERS = (Role.WRITER, Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR)
KEEPERS = (Role.ADMINISTRATOR,)


@dataclass(frozen=True)
class Sight:
    """A warning before a person of a unit that it may concern."""

    received: Received
    unit: Unit
    roles: frozenset[str]

    @property
    def decider(self) -> bool:
        return not self.roles.isdisjoint(DECIDERS)


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_received(person: Person, unit: Unit, pk: int, on: date) -> Sight:
    """Received for the unit or one above it. Raises Http404 for everybody else."""
    rows = reaching(unit).select_related("feed", "ended_by", "brought_by", "unit")
    found = rows.defer("ended_by__content").filter(pk=pk).first()
    held = roles(person, unit, on)
    if found is None or held.isdisjoint(READERS):
        raise Http404
    return Sight(found, unit, held)


def open_feed(unit: Unit, pk: int) -> Feed:
    """A feed of this very unit that is in use. Raises Http404."""
    feed = Feed.objects.filter(unit=unit, pk=pk, ended_at=None).first()
    if feed is None:
        raise Http404
    return feed


_WORDS = {
    DECIDERS: _("Only an approver or the leader of the unit may do this."),
    KEEPERS: _("Only an administrator of the unit may do this."),
}
