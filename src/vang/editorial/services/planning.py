"""The year's plan: begun, derived from the plan above, its lines, adopted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Category
from vang.editorial.access import ADOPTERS, NEWSROOM, guard
from vang.editorial.models import Line, Plan, Season, Series
from vang.editorial.queries import stands_above
from vang.editorial.seasons import Suggestion
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person

State = Plan.State
MOST_LINES = 100


@dataclass(frozen=True)
class Theme:
    """What a line says. At least one of ``items`` and ``minutes`` is given."""

    name: str
    month_from: int = 1
    month_to: int = 12
    category: str = ""
    series: Series | None = None
    source: str = Line.Source.ANY
    items: int | None = None
    minutes: int | None = None
    note: str = ""


def start_plan(
    *, unit: Unit, year: int, title: str, by: Person, now: datetime, number: str = ""
) -> Plan:
    """An empty plan of the unit for that year. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        fresh = Plan(unit=unit, year=year, title=_title(title), number=_line(number)[:60])
        plan = _begun(fresh, by, now)
        _record("start-plan", plan, by, now)
    return plan


def copy_plan(*, plan: Plan, unit: Unit, by: Person, now: datetime) -> Plan:
    """The plan of a unit above with all its lines as a draft of the unit's own. Raises Refusal.

    A line for a series becomes one without: series are each unit's own.
    """
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        plan = _locked(plan)
        if plan.state != State.ADOPTED or not stands_above(plan.unit, unit):
            raise Refusal("not-above", _NOT_ABOVE)
        copy = _begun(Plan(unit=unit, year=plan.year, title=plan.title, parent=plan), by, now)
        Line.objects.bulk_create(_copied(copy, line) for line in plan.lines.all())
        _record("copy-plan", copy, by, now)
    return copy


def change_plan(*, plan: Plan, title: str, number: str, by: Person, now: datetime) -> Plan:
    """Another title or number of a draft. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(plan, by, now)
        fresh.title, fresh.number = _title(title), _line(number)[:60]
        fresh.save(update_fields=["title", "number"])
        _record("change-plan", fresh, by, now)
    return fresh


def adopt_plan(*, plan: Plan, by: Person, now: datetime) -> Plan:
    """From now on it counts, and units below may copy it. Raises Refusal."""
    with transaction.atomic():
        fresh = _locked(plan)
        guard(by, ADOPTERS, fresh.unit, now)
        if fresh.state == State.ADOPTED:
            raise Refusal("adopted-already", _ADOPTED)
        if not fresh.lines.exists():
            raise Refusal("plan-empty", _EMPTY)
        fresh.state, fresh.adopted_by, fresh.adopted_at = State.ADOPTED, by, now
        fresh.save(update_fields=["state", "adopted_by", "adopted_at"])
        _record("adopt-plan", fresh, by, now)
    return fresh


def reopen_plan(*, plan: Plan, by: Person, now: datetime) -> Plan:
    """Make it a draft again, to be changed and adopted anew. Raises Refusal."""
    with transaction.atomic():
        fresh = _locked(plan)
        guard(by, ADOPTERS, fresh.unit, now)
        if fresh.state != State.ADOPTED:
            raise Refusal("not-adopted", _NOT_ADOPTED)
        fresh.state = State.DRAFT
        fresh.save(update_fields=["state"])
        _record("reopen-plan", fresh, by, now)
    return fresh


def add_line(*, plan: Plan, theme: Theme, by: Person, now: datetime) -> Line:
    """One theme more in a draft. Raises Refusal."""
    with transaction.atomic():
        fresh = _draft(plan, by, now)
        if fresh.lines.count() >= MOST_LINES:
            raise Refusal("too-many-lines", _TOO_MANY)
        line = Line(plan=fresh)
        _fill(line, theme)
        _record("add-line", fresh, by, now, line=line.pk)
    return line


@transaction.atomic
def add_suggestion(
    *, plan: Plan, suggestion: Suggestion, items: int, by: Person, now: datetime
) -> list[Line]:
    """A season as a line of the draft, or two when it goes over the turn of the year.

    Raises Refusal.
    """
    themes = [
        Theme(
            name=suggestion.name,
            month_from=first,
            month_to=last,
            category=suggestion.category,
            items=items,
            note=suggestion.note,
        )
        for first, last in suggestion.within_a_year()
    ]
    return [add_line(plan=plan, theme=theme, by=by, now=now) for theme in themes]


def change_line(*, line: Line, theme: Theme, by: Person, now: datetime) -> Line:
    """Another content of a line in a draft. Raises Refusal."""
    with transaction.atomic():
        plan = _draft(line.plan, by, now)
        fresh = Line.objects.select_related("plan__unit").get(pk=line.pk)
        _fill(fresh, theme)
        _record("change-line", plan, by, now, line=fresh.pk)
    return fresh


def remove_line(*, line: Line, by: Person, now: datetime) -> None:
    """Take a theme out of a draft. Raises Refusal."""
    with transaction.atomic():
        plan = _draft(line.plan, by, now)
        key, name = line.pk, line.name
        line.delete()
        _record("remove-line", plan, by, now, line=key, name=name)


def add_season(
    *,
    unit: Unit,
    name: str,
    month_from: int,
    month_to: int,
    by: Person,
    now: datetime,
    category: str = "",
    note: str = "",
) -> Season:
    """A season of the unit's own calendar, suggested to all below it too. Raises Refusal."""
    clean = _line(name)[:200]
    if not clean:
        raise Refusal("name-missing", _NAME_MISSING)
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        season = Season.objects.create(
            unit=unit,
            name=clean,
            month_from=month_from,
            month_to=month_to,
            category=category if category in Category else "",
            note=clean_text(note).strip(),
            created_by=by,
        )
        record("add-season", f"season:{season.pk}", by=by, unit=unit, now=now)
    return season


def remove_season(*, season: Season, by: Person, now: datetime) -> None:
    """Take it out of the calendar; plans keep what they took from it. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, season.unit, now)
        record("remove-season", f"season:{season.pk}", by=by, unit=season.unit, now=now)
        season.delete()


def _begun(plan: Plan, by: Person, now: datetime) -> Plan:
    plan.created_by, plan.created_at = by, now
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise Refusal("plan-known", _PLAN_KNOWN) from error
    return plan


def _copied(plan: Plan, line: Line) -> Line:
    return Line(
        plan=plan,
        name=line.name,
        month_from=line.month_from,
        month_to=line.month_to,
        category=line.category,
        source=line.source,
        items=line.items,
        minutes=line.minutes,
        note=line.note,
        parent=line,
    )


def _fill(line: Line, theme: Theme) -> None:
    _check(line, theme)
    line.name, line.note = _line(theme.name)[:200], clean_text(theme.note).strip()
    line.month_from, line.month_to = theme.month_from, theme.month_to
    line.category = theme.category if theme.category in Category else ""
    line.series = theme.series
    line.source = Line.Source(theme.source)
    line.items, line.minutes = theme.items or None, theme.minutes or None
    line.save()


def _check(line: Line, theme: Theme) -> None:
    if not _line(theme.name):
        raise Refusal("name-missing", _NAME_MISSING)
    if not 1 <= theme.month_from <= theme.month_to <= 12:
        raise Refusal("months-wrong", _MONTHS_WRONG)
    if not theme.items and not theme.minutes:
        raise Refusal("quota-missing", _QUOTA_MISSING)
    if theme.series is not None and theme.series.unit_id != line.plan.unit_id:
        raise Refusal("series-of-another-unit", _SERIES_ELSEWHERE)


def _draft(plan: Plan, by: Person, now: datetime) -> Plan:
    fresh = _locked(plan)
    guard(by, NEWSROOM, fresh.unit, now)
    if fresh.state != State.DRAFT:
        raise Refusal("plan-adopted", _NOT_A_DRAFT)
    return fresh


def _locked(plan: Plan) -> Plan:
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    return Plan.objects.select_related("unit").get(pk=plan.pk)


def _title(title: str) -> str:
    clean = _line(title)[:300]
    if not clean:
        raise Refusal("title-missing", _TITLE_MISSING)
    return clean


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _record(action: str, plan: Plan, by: Person, now: datetime, **detail: Any) -> None:
    record(action, f"plan:{plan.pk}", by=by, unit=plan.unit, now=now, **detail)


_TITLE_MISSING = _("Give the plan a title.")
_NAME_MISSING = _("Give it a name.")
_MONTHS_WRONG = _("The last month must not lie before the first.")
_QUOTA_MISSING = _("Give a number of bulletins, of minutes, or both.")
_SERIES_ELSEWHERE = _("The series belongs to another unit.")
_PLAN_KNOWN = _("The unit has a plan for this year already.")
_NOT_ABOVE = _("Only an adopted plan of a unit above can be copied.")
_ADOPTED = _("This plan is adopted already.")
_NOT_ADOPTED = _("This plan is a draft.")
_NOT_A_DRAFT = _("This plan is adopted. An approver opens it again before it is changed.")
_EMPTY = _("The plan has no theme yet. Add one first.")
_TOO_MANY = _("A plan has a hundred themes at most.")
