"""The only way a view comes to a claim. Its evidence is for the newsroom alone."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.claims.models import Claim
from vang.claims.queries import with_answers, with_channels
from vang.orgs.models import Unit
from vang.people.access import Role, may, roles
from vang.people.models import Person

NEWSROOM = (Role.WRITER, Role.APPROVER)
DECIDERS = (Role.APPROVER,)


@dataclass(frozen=True)
class Sight:
    """A claim before a person of its unit."""

    claim: Claim
    roles: frozenset[str]

    @property
    def newsroom(self) -> bool:
        return not self.roles.isdisjoint(NEWSROOM)

    @property
    def decider(self) -> bool:
        return not self.roles.isdisjoint(DECIDERS)


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_claim(person: Person, pk: int, on: date) -> Sight:
    """With ``answered_at`` and ``channels``. Raises Http404 for a stranger to its unit."""
    rows = Claim.objects.select_related(
        "unit__parent__parent", "noted_by", "verdict_by", "closed_by", "bulletin__current"
    )
    claim = with_channels(with_answers(rows)).filter(pk=pk).first()
    held = roles(person, claim.unit, on) if claim else frozenset()
    if claim is None or not held:
        raise Http404
    return Sight(claim, held)


_WORDS = {
    NEWSROOM: _("Only a writer or an approver of the unit may do this."),
    DECIDERS: _("Only an approver of the unit may do this."),
}
