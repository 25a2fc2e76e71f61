"""The only way a view comes to a plan, a line, a season, a series or a criterion."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.editorial.models import Criterion, Line, Plan, Season, Series
from vang.editorial.queries import stands_above
from vang.orgs.models import Unit
from vang.people.access import Role, may, readable_unit, roles
from vang.people.models import Person

NEWSROOM = (Role.WRITER, Role.APPROVER)
ADOPTERS = (Role.APPROVER,)
Row = TypeVar("Row", bound=Model)


def guard(by: Person, wanted: tuple[Role, ...], unit: Unit, now: datetime) -> None:
    """Raises Refusal."""
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _WORDS[wanted])


def open_plan(person: Person, unit: Unit, pk: int, on: date) -> Plan:
    """A plan of a unit of the person's; an adopted one of a unit or office above theirs too.

    Raises Http404.
    """
    plan = _found(Plan.objects.select_related("unit__parent__parent", "parent__unit"), pk)
    if readable_unit(person, plan.unit, on):
        return plan
    above = stands_above(plan.unit, unit) and readable_unit(person, unit, on)
    if not above or plan.state != Plan.State.ADOPTED:
        raise Http404
    return plan


def open_line(person: Person, pk: int, on: date) -> Line:
    """Raises Http404 for a stranger to its unit."""
    rows = Line.objects.select_related("plan__unit__parent__parent", "series")
    line = _found(rows, pk)
    _require_readable(person, line.plan.unit, on)
    return line


def open_season(person: Person, pk: int, on: date) -> Season:
    """Raises Http404 for a stranger to its unit."""
    season = _found(Season.objects.select_related("unit__parent__parent"), pk)
    _require_readable(person, season.unit, on)
    return season


def see_series(person: Person, pk: int, on: date) -> tuple[Series, frozenset[str]]:
    """With the person's roles at its unit. Raises Http404 for a stranger to it."""
    rows = Series.objects.select_related("unit__parent__parent", "programme", "responsible")
    series = _found(rows, pk)
    held = roles(person, series.unit, on)
    if not held:
        raise Http404
    return series, held


def open_series(person: Person, pk: int, on: date) -> Series:
    """Raises Http404 for a stranger to its unit."""
    return see_series(person, pk, on)[0]


def open_criterion(person: Person, pk: int, on: date) -> Criterion:
    """Raises Http404 for a stranger to its unit."""
    criterion = _found(Criterion.objects.select_related("unit__parent__parent"), pk)
    _require_readable(person, criterion.unit, on)
    return criterion


def _found(rows: QuerySet[Any, Row], pk: int) -> Row:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _require_readable(person: Person, unit: Unit, on: date) -> None:
    if not readable_unit(person, unit, on):
        raise Http404


_WORDS = {
    NEWSROOM: _("Only a writer or an approver of the unit may do this."),
    ADOPTERS: _("Only an approver of the unit adopts its plan."),
}
