"""The only way a view comes to a guidance note."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.guidance.models import Guidance
from vang.guidance.queries import received
from vang.orgs.models import Unit
from vang.people.access import Role, may, roles
from vang.people.models import Person

NEWSROOM = (Role.WRITER, Role.APPROVER)
ISSUERS = (Role.APPROVER,)


@dataclass(frozen=True)
class Sight:
    """A note before a person: as of the unit that issues it, or of one that it goes to."""

    guidance: Guidance
    unit: Unit
    roles: frozenset[str]

    @property
    def own(self) -> bool:
        return self.guidance.unit_id == self.unit.pk

    @property
    def newsroom(self) -> bool:
        return not self.roles.isdisjoint(NEWSROOM)

    @property
    def may_issue(self) -> bool:
        return self.own and not self.roles.isdisjoint(ISSUERS)


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_guidance(person: Person, unit: Unit, pk: int, on: date) -> Sight:
    """A note of the unit, or issued to it; otherwise one of another unit of the person's.

    A draft is seen by its own unit alone. Raises Http404 for everybody else.
    """
    rows = Guidance.objects.select_related("unit__parent__parent", "created_by", "issued_by")
    guidance = rows.filter(pk=pk).first()
    if guidance is None:
        raise Http404
    held = roles(person, unit, on)
    if held and (guidance.unit_id == unit.pk or received(unit).filter(pk=pk).exists()):
        return Sight(guidance, unit, held)
    held = roles(person, guidance.unit, on)
    if not held:
        raise Http404
    return Sight(guidance, guidance.unit, held)


_WORDS = {
    NEWSROOM: _("Only a writer or an approver of the unit may do this."),
    ISSUERS: _("Only an approver of the unit issues or revokes its guidance."),
}
