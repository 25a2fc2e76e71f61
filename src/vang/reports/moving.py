"""Reports that are open when their unit becomes another.

A report tells of its unit for ever: whoever goes on with it only writes it. So the records of a
unit that ended are told once, by its own report, and sums mapped to today find them by its shares.
What was accepted stays where it is. A period that goes on after the change is told to its end by a
report of the unit that comes after (vang.reports.services.opening), which tells of what was closed
here too.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing, Words
from vang.people.models import Person
from vang.reports.models import Move, Report
from vang.reports.services.locking import State, locked, moved
from vang.reports.services.staleness import mark_stale

CLOSE = "close"
_MOST = 5_000
_OPEN = (State.EXPECTED, State.DRAFT, State.RETURNED, State.SUBMITTED)


class Reports:
    """They go on at the desk of the unit that comes after, or are closed; of a divided unit
    somebody says which."""

    name = "reports"
    title = _("Open reports")
    icon = "clipboard-check"

    def things(self, change: UnitChange) -> list[Thing]:
        after = _after(change)
        rows = _open_reports(change, list(after)).select_related("round", "unit", "keeper")
        return [
            _thing(one, after[one.keeper_id or one.unit_id], change.effective_on)
            for one in rows.order_by("unit", "due_on", "pk")[:_MOST]
        ]

    def move(self, act: Act, key: str, choice: str) -> None:
        report = locked(Report(pk=int(key)))
        after = _after(act.change).get(report.desk.pk)
        if after is None or report.state not in _OPEN:
            raise Refusal("report-settled", _SETTLED)
        by = act.by if isinstance(act.by, Person) else None
        if choice == CLOSE:
            _close(report, after, act, by)
            return
        goal = next((unit for unit in after if str(unit.pk) == choice), None)
        if goal is None:
            raise Refusal("no-successor", _SETTLED)
        _hand_on(report, goal, act, by)


def _after(change: UnitChange) -> dict[int, list[Unit]]:
    """By key of each unit that ends those that come after; none after one that is abolished."""
    rows = change.successions.exclude(predecessor__level=Unit.Level.VILLAGE)
    found: dict[int, list[Unit]] = {}
    for one in rows.select_related("successor__parent").order_by("follows", "pk"):
        found.setdefault(one.predecessor_id, []).append(one.successor)
    return {row["unit"]: [] for row in change.account if "to" not in row} | found


def _open_reports(change: UnitChange, units: list[int]) -> QuerySet[Report]:
    """Those that the units' people write, of rounds that still take something on that day."""
    day = change.effective_on
    lasting = Q(round__locks_on__gte=day) | Q(extended_to__gte=day) | Q(unlocked=True)
    desk = Q(unit__in=units, keeper=None) | Q(keeper__in=units)
    return Report.objects.filter(desk, lasting, state__in=_OPEN)


def _thing(one: Report, after: list[Unit], on: date) -> Thing:
    """One not begun, whose period goes on after the change, is told by that of the unit after."""
    choices: tuple[tuple[str, Words], ...] = tuple((str(unit.pk), unit.full_name) for unit in after)
    if one.state != State.SUBMITTED:  # what was handed in is not taken away
        choices += ((CLOSE, _("closed, with the change as the reason")),)
    proposed = str(choices[0][0]) if choices and len(after) <= 1 else ""
    if len(after) == 1 and one.state == State.EXPECTED and on <= one.round.covers_to:
        proposed = CLOSE
    detail = f"{one.get_state_display()}, {one.unit.full_name}"
    return Thing(str(one.pk), one.round.name, detail, choices, proposed)


def _hand_on(report: Report, goal: Unit, act: Act, by: Person | None) -> None:
    before = report.desk
    report.keeper = goal
    fields = ["keeper"]
    # What counts already is part of the sum above; it is not to be part of two.
    if report.accepted_id is None and report.above_id and goal.parent_id != before.parent_id:
        report.above = goal.parent
        report.parent = Report.objects.filter(
            round=report.round_id, unit=goal.parent, consolidates=True
        ).first()
        fields += ["above", "parent"]
    report.save(update_fields=fields)
    words = format_lazy("{before} → {after}", before=before.full_name, after=goal.full_name)
    moved(Move.Kind.HAND_ON, report, by=by, now=act.now, comment=str(words), to=goal.code)


def _close(report: Report, after: list[Unit], act: Act, by: Person | None) -> None:
    """What was written is kept, and whoever is above may open it again."""
    if report.state == State.SUBMITTED:
        raise Refusal("report-submitted", _SUBMITTED)
    if len(after) == 1:
        report.keeper = after[0]
    report.state, report.unlocked = State.CLOSED, False
    report.save(update_fields=["keeper", "state", "unlocked"])
    reason = f"{act.change.told} ({act.change.legal_basis})"
    moved(Move.Kind.CLOSE, report, by=by, now=act.now, comment=reason)
    if report.consolidates and report.accepted_id is None:
        _lead_past(report)
    mark_stale(report)


def _lead_past(report: Report) -> None:
    """Reports below one that will never be put together go to the one above it."""
    for child in Report.objects.filter(parent=report).select_related("unit", "keeper"):
        child.parent = report.parent
        child.above = report.above or child.desk.parent
        child.save(update_fields=["parent", "above"])
        mark_stale(child)


_SETTLED = _("This report is no longer open there. Look at the page again.")
_SUBMITTED = _("What was submitted is decided about by the unit above.")
