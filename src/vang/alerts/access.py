"""The only way a view comes to an alert or a template, and who may do what with it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.alerts.households import WITH_SIZES
from vang.alerts.models import Alert, AlertOrder, AlertTemplate, TemplateVersion
from vang.alerts.states import Who
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import DECIDE, Role, may, roles
from vang.people.models import Person

WRITERS = (Role.WRITER, Role.APPROVER, Role.LEADER)
SEE = (*WRITERS, Role.TECHNICIAN, Role.READER, Role.ADMINISTRATOR)
ROLES_OF = {Who.WRITER: WRITERS, Who.APPROVER: DECIDE}


@dataclass(frozen=True)
class Sight:
    """An alert before a person of its unit, or of a unit above."""

    alert: Alert
    roles: frozenset[str]

    @property
    def writer(self) -> bool:
        return not self.roles.isdisjoint(WRITERS)

    @property
    def approver(self) -> bool:
        return not self.roles.isdisjoint(DECIDE)


def guard(by: Person, who: Who, unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, ROLES_OF[who], unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[who])


def whole(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """With what a page shows of each."""
    return alerts.select_related(
        "unit__parent__parent", "current__template__template", "created_by", "submitted_by"
    )


def open_alert(person: Person, pk: UUID, on: date) -> Sight:
    """Raises Http404 for a stranger to its unit."""
    alert = whole(Alert.objects.all()).select_related(*WITH_SIZES).filter(pk=pk).first()
    held = roles(person, alert.unit, on) if alert else frozenset()
    if alert is None or not held:
        raise Http404
    return Sight(alert, held)


def open_order(person: Person, pk: UUID, order_pk: UUID, on: date) -> tuple[Sight, AlertOrder]:
    """An order of the alert. Raises Http404 for a stranger, and for another alert's."""
    related = (
        "unit__parent__parent",
        *WITH_SIZES,
        "current__template__template",
        "created_by",
        "submitted_by",
    )
    found = AlertOrder.objects.select_related("version", *(f"alert__{one}" for one in related))
    order = found.filter(pk=order_pk, alert=pk).first()
    held = roles(person, order.alert.unit, on) if order else frozenset()
    if order is None or not held:
        raise Http404
    return Sight(order.alert, held), order


def templates_for(unit: Unit) -> QuerySet[AlertTemplate]:
    """Those of the unit and of the units above it that are in service."""
    found = AlertTemplate.objects.filter(unit__in=ancestors(unit), retired_at=None)
    return found.select_related("approved", "unit")


def open_template(person: Person, pk: int, on: date) -> tuple[AlertTemplate, frozenset[str]]:
    """With the roles that the person holds at its unit. Raises Http404 for a stranger."""
    found = AlertTemplate.objects.select_related("approved", "unit__parent__parent")
    template = found.filter(pk=pk, retired_at=None).first()
    held = roles(person, template.unit, on) if template else frozenset()
    if template is None or not held:
        raise Http404
    return template, held


def template_to_use(unit: Unit, pk: int) -> TemplateVersion:
    """The version in force. Raises Http404 for what the unit may not use."""
    template = templates_for(unit).filter(pk=pk, approved__isnull=False).first()
    if template is None or template.approved is None:
        raise Http404
    return template.approved


_WORDS = {
    Who.WRITER: _("Only a writer, an approver or a leader of the unit may do this."),
    Who.APPROVER: _("Only an approver or a leader of the unit may do this."),
}
