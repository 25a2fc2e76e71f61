"""Taking a report in hand: locked, and only while it may be written."""

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.people.models import Person
from vang.reports.models import Filing, Move, Report

State = Report.State
WRITABLE = (State.DRAFT, State.RETURNED)


def locked(report: Report) -> Report:
    """As it is now, held until the transaction ends."""
    Report.objects.select_for_update(of=("self",)).only("pk").get(pk=report.pk)
    rows = Report.objects.select_related(
        "round__version", "round__regime", "unit__parent", "above__parent", "keeper__parent",
        "parent", "current", "accepted",
    )  # fmt: skip
    return rows.get(pk=report.pk)


def refuse_when_locked(report: Report, now: datetime) -> None:
    """Raises Refusal before the round opens and after its lock day, unless it was reopened."""
    today = local_date(now)
    if today < report.round.opens_on:
        raise Refusal("not-open-yet", format_lazy(_EARLY, day=vi_date(report.round.opens_on)))
    last = max(report.round.locks_on, report.extended_to or report.round.locks_on)
    if today > last and not report.unlocked:
        raise Refusal("round-locked", format_lazy(_LOCKED, day=vi_date(last)))


def open_filing(report: Report) -> Filing:
    """The filing that is being written. Raises Refusal."""
    if report.state not in WRITABLE or report.current is None:
        raise Refusal("not-being-written", _NOT_WRITABLE)
    return report.current


def moved(
    kind: str, report: Report, *, by: Person | None, now: datetime, comment: str = "", **detail: Any
) -> Move:
    """A line in the report's own history, and one in the journal."""
    word = kind.lower().replace("_", "-")
    record(f"report.{word}", f"report:{report.pk}", by=by, unit=report.unit, now=now, **detail)
    return Move.objects.create(
        report=report, filing=report.current, kind=kind, comment=comment, by=by, at=now
    )


_EARLY = _("The round opens on {day}.")
_LOCKED = _("The round was locked on {day}. Ask the unit above to reopen the report.")
_NOT_WRITABLE = _("This report is not being written now. Its state has changed: look again.")
