"""The only way a view comes to a form, a round or a report."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import Role, act, may, readable_unit, roles
from vang.people.models import Person
from vang.reports.models import Form, FormVersion, Report, Round

NEWSROOM = (Role.WRITER, Role.APPROVER)
SIGNERS = (Role.APPROVER, Role.LEADER)
MANAGERS = (Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR)
"""Who opens rounds and forms of their unit."""


@dataclass(frozen=True)
class Reading:
    """A report before somebody: ``own`` roles at the unit, ``above`` at the one it goes to."""

    report: Report
    own: frozenset[str]
    above: frozenset[str]

    @property
    def writes(self) -> bool:
        return not self.own.isdisjoint(NEWSROOM)

    @property
    def signs(self) -> bool:
        return not self.own.isdisjoint(SIGNERS)

    @property
    def decides(self) -> bool:
        """Returns, accepts, extends, reopens."""
        return not self.above.isdisjoint(NEWSROOM)


def guard(by: Person, wanted: Collection[str], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def guard_above(by: Person, report: Report, now: datetime) -> None:
    """Only people of the unit that the report goes to. Raises Refusal."""
    if report.above is None or not may(by, NEWSROOM, report.above, local_date(now)):
        raise Refusal("not-above", _NOT_ABOVE)


def open_report(person: Person, pk: int, on: date) -> Reading:
    """Raises Http404 for a stranger to the unit and to all above it."""
    rows = Report.objects.select_related(
        "round__regime__unit", "round__version__form", "unit__parent__parent__parent",
        "above__parent__parent", "keeper__parent__parent", "parent", "current", "accepted",
    )  # fmt: skip
    report = rows.filter(pk=pk).first()
    if report is None:
        raise Http404
    own = act(person, NEWSROOM, report.desk, on).roles
    above = roles(person, report.above, on) if report.above is not None else frozenset[str]()
    if not own and not above:
        raise Http404
    return Reading(report, own, above)


def open_round(person: Person, pk: int, unit: Unit, on: date) -> Round:
    """A round in which the unit the person works in has a report, or that it opened.

    Raises Http404.
    """
    round_ = Round.objects.select_related("regime__unit", "version__form").filter(pk=pk).first()
    if round_ is None or not readable_unit(person, unit, on):
        raise Http404
    regime_unit = round_.regime.unit_id
    if regime_unit != unit.pk and not Report.objects.filter(round=round_, unit=unit).exists():
        raise Http404
    return round_


def open_form(person: Person, pk: int, on: date) -> Form:
    """A form of everybody's, or of a unit of the person's or above one. Raises Http404."""
    form = Form.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if form is None:
        raise Http404
    if form.unit is not None and not readable_unit(person, form.unit, on):
        raise Http404
    return form


def open_version(person: Person, pk: int, on: date) -> FormVersion:
    """Raises Http404."""
    version = FormVersion.objects.select_related("form__unit").filter(pk=pk).first()
    if version is None:
        raise Http404
    open_form(person, version.form_id, on)
    return version


_NOT_ALLOWED = _("Your role in this unit does not allow this.")
_NOT_ABOVE = _("Only people of the unit that the report goes to may do this.")
