"""Where a report stands, in words and looks for pages. Pure but for the types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vang.base.display import vi_date
from vang.reports.access import NEWSROOM
from vang.reports.models import Report

State = Report.State
OWED = (State.EXPECTED, State.DRAFT, State.RETURNED)
BADGES = {
    State.EXPECTED: "report_expected",
    State.DRAFT: "report_draft",
    State.SUBMITTED: "report_submitted",
    State.RETURNED: "report_returned",
    State.CLOSED: "report_closed",
    State.ACCEPTED: "report_accepted",
}


@dataclass(frozen=True)
class Timing:
    """``tone`` is ok, warn, bad or plain."""

    words: str
    tone: str


def timing(report: Report, today: date) -> Timing:
    """On time, late for ever, or how many days are left."""
    owed: date = report.extended_to or report.due_on
    if report.first_submitted_at is not None:
        if report.late:
            return Timing(_("submitted late"), "bad")
        return Timing(_("submitted on time"), "ok")
    return days_left((owed - today).days)


def days_left(left: int) -> Timing:
    """Before the due day, on it, or after it where ``left`` is below zero."""
    if left < 0:
        words = ngettext("%(n)d day overdue", "%(n)d days overdue", -left) % {"n": -left}
        return Timing(words, "bad")
    if left == 0:
        return Timing(_("due today"), "bad")
    words = ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
    return Timing(words, "warn" if left <= 7 else "plain")


def wizard(at: str, *, consolidates: bool) -> list[tuple[str, str]]:
    """The steps of a report with the present one marked."""
    names = [
        ("figures", _("Figures")),
        ("texts", pgettext("report", "In words")),
        ("finish", _("Sign and submit")),
    ]
    if consolidates:
        names.insert(0, ("below", _("Reports from below")))
    order = [name for name, _label in names]
    found = []
    for n, (name, label) in enumerate(names):
        state = "current" if name == at else "done" if n < order.index(at) else "todo"
        found.append((label, state))
    return found


def can_write(roles: Iterable[str]) -> bool:
    return not set(roles).isdisjoint(NEWSROOM)


def due_words(report: Report) -> str:
    """The due day, with the extension that was given."""
    if report.extended_to is None:
        return vi_date(report.due_on)
    return _("%(day)s (extended from %(before)s)") % {
        "day": vi_date(report.extended_to),
        "before": vi_date(report.due_on),
    }
