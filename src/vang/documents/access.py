"""The only way a view comes to a document or a campaign."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.documents.models import Campaign, Document
from vang.documents.queries import reaching, visible
from vang.orgs.models import Unit
from vang.people.access import Role, may, roles
from vang.people.models import Person

CLERKS = (Role.WRITER, Role.APPROVER)
STARTERS = (Role.APPROVER,)


@dataclass(frozen=True)
class Sight:
    """A document before a person who works for ``unit``; ``own``: the unit's own register."""

    document: Document
    unit: Unit
    roles: frozenset[str]

    @property
    def own(self) -> bool:
        return self.document.unit_id == self.unit.pk

    @property
    def may_change(self) -> bool:
        return self.own and not self.roles.isdisjoint(CLERKS)

    @property
    def may_start(self) -> bool:
        """A campaign may be about a document of somebody else: a law, a plan of the district."""
        return not self.roles.isdisjoint(STARTERS)


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_document(person: Person, unit: Unit, pk: int, on: date) -> Sight:
    """A document that the unit sees; else one of another register of the person's.

    Raises Http404 for everybody else.
    """
    beside = ("unit", "noted_by", "replaced_by", "item")
    held = roles(person, unit, on)
    document = visible(unit).select_related(*beside).filter(pk=pk).first() if held else None
    if document is not None:
        return Sight(document, unit, held)
    rows = Document.objects.select_related(*beside).filter(pk=pk, unit__isnull=False)
    document = rows.first()
    if document is None or document.unit is None:
        raise Http404
    held = roles(person, document.unit, on)
    if not held:
        raise Http404
    return Sight(document, document.unit, held)


@dataclass(frozen=True)
class CampaignSight:
    """A campaign before a person: of the unit that holds it, or of one that it reaches."""

    campaign: Campaign
    unit: Unit
    roles: frozenset[str]

    @property
    def own(self) -> bool:
        return self.campaign.unit_id == self.unit.pk

    @property
    def may_act(self) -> bool:
        return self.own and not self.roles.isdisjoint(STARTERS)

    @property
    def may_note(self) -> bool:
        """Sessions are noted by whoever writes for a unit."""
        return not self.roles.isdisjoint(CLERKS)


def open_campaign(person: Person, unit: Unit, pk: int, on: date) -> CampaignSight:
    """Raises Http404 for whom it does not reach."""
    rows = Campaign.objects.select_related("document__unit", "unit", "started_by")
    campaign = rows.filter(pk=pk).first()
    if campaign is None:
        raise Http404
    held = roles(person, unit, on)
    if held and (campaign.unit_id == unit.pk or reaching(unit).filter(pk=pk).exists()):
        return CampaignSight(campaign, unit, held)
    held = roles(person, campaign.unit, on)
    if not held:
        raise Http404
    return CampaignSight(campaign, campaign.unit, held)


_WORDS = {
    CLERKS: _("Only a writer or an approver of the unit keeps its register."),
    STARTERS: _("Only an approver of the unit starts and closes a campaign."),
}
