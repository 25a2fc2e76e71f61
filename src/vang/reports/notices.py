"""Telling people of reports: reminders before and after the due day, and every move."""

from datetime import date, datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role
from vang.people.models import Membership, Person
from vang.reports.models import Report
from vang.reports.queries import OWED

DUE = "report-due"
MOVED = "report-moved"
SIGNATURE = "report-signature"
HANDED = "report-submitted"
_DESK = frozenset({Role.WRITER.value, Role.APPROVER.value, Role.LEADER.value})
BEFORE = (14, 7, 3, 1)
"""Days before the due day on which the unit is reminded."""
AFTER = (1, 4, 11)
"""Days after it; the unit above is told on the first."""

KINDS = (
    Kind(DUE, _("a report that is due"), "clipboard-check", Mail.AT_ONCE, _DESK, "warn"),
    Kind(MOVED, _("a report returned, accepted, extended or reopened"), "clipboard-check",
         Mail.AT_ONCE, _DESK),
    Kind(SIGNATURE, _("a report that waits for the leader"), "clipboard-check", Mail.AT_ONCE,
         _DESK),
    Kind(HANDED, _("a report submitted by a unit below"), "clipboard-check", Mail.DAILY, _DESK),
)  # fmt: skip


def _tell(
    kind: str, report: Report, roles: tuple[str, ...], unit: Unit, title: str | Promise, *,
    now: datetime, by: Person | None = None, text: str | Promise = "", once: str = "",
) -> int:  # fmt: skip
    told = 0
    for role in roles:
        told += notify(
            kind=kind, to=Holders(role, unit), unit=unit, subject=f"report:{report.pk}",
            title=title, text=text, url=reverse("reports:report", args=[report.pk]), now=now,
            by=by, once=f"{once}:{role}" if once else "",
        )  # fmt: skip
    return told


def remind(*, now: datetime) -> int:
    """The worker's part, every day: units whose report is due soon or overdue, each once a day."""
    today = local_date(now)
    days = [today + timedelta(days=n) for n in BEFORE] + [today - timedelta(days=n) for n in AFTER]
    rows = Report.objects.filter(
        state__in=OWED, first_submitted_at__isnull=True, round__opens_on__lte=today
    ).annotate(owed=Coalesce(F("extended_to"), F("due_on")))
    due = rows.filter(owed__in=days).select_related(
        "round__regime", "unit__parent", "keeper__parent", "above"
    )
    return sum(_remind(report, today, now) for report in due)


def _remind(report: Report, today: date, now: datetime) -> int:
    owed: date = report.extended_to or report.due_on
    left = (owed - today).days
    once = f"report-due:{report.pk}:{owed.isoformat()}:{left}"
    people = [one for one in _own_people(report, today) if left <= 0 or one.role != Role.LEADER]
    to = [one.person for one in people]
    if left > 0:
        title = format_lazy(
            _("{name}: due on {day}, {n} days left"),
            name=report.round.name, day=vi_date(owed), n=left,
        )  # fmt: skip
        return _tell_people(DUE, report, to, title, now=now, once=once)
    title = format_lazy(_("{name}: was due on {day}"), name=report.round.name, day=vi_date(owed))
    return _tell_people(DUE, report, to, title, now=now, once=once)


def _own_people(report: Report, on: date) -> list[Membership]:
    """Whoever writes, approves or leads in the unit itself: a unit without anybody stands in the
    list of the one above, which is not written to for each."""
    held = Membership.objects.filter(
        valid_on(on), unit=report.desk, role__in=_DESK, person__is_active=True
    )
    return list(held.select_related("person").order_by("pk"))


def _tell_people(
    kind: str, report: Report, to: list[Person], title: str | Promise, *, now: datetime, once: str
) -> int:
    return notify(
        kind=kind, to=to, unit=report.desk, subject=f"report:{report.pk}", title=title,
        url=reverse("reports:report", args=[report.pk]), now=now, once=once,
    )  # fmt: skip


def tell_of_signature(report: Report, *, by: Person, now: datetime) -> None:
    title = format_lazy(_("To be signed: {name}"), name=report.round.name)
    _tell(SIGNATURE, report, (Role.LEADER,), report.desk, title, by=by, now=now)


def tell_of_submission(report: Report, *, by: Person, now: datetime) -> None:
    if report.above is None:
        return
    title = format_lazy(
        _("{unit} has submitted: {name}"), unit=report.unit.full_name, name=report.round.name
    )
    _tell(HANDED, report, (Role.WRITER,), report.above, title, by=by, now=now)


def tell_of_return(report: Report, comment: str, *, by: Person, now: datetime) -> None:
    title = format_lazy(_("Returned: {name}"), name=report.round.name)
    _tell(MOVED, report, (Role.WRITER, Role.LEADER), report.desk, title, by=by, now=now,
          text=comment)  # fmt: skip


def tell_of_acceptance(report: Report, *, by: Person, now: datetime) -> None:
    title = format_lazy(_("Accepted: {name}"), name=report.round.name)
    _tell(MOVED, report, (Role.WRITER,), report.desk, title, by=by, now=now)


def tell_of_extension(report: Report, day: str, *, by: Person, now: datetime) -> None:
    title = format_lazy(_("More time until {day}: {name}"), day=day, name=report.round.name)
    _tell(MOVED, report, (Role.WRITER,), report.desk, title, by=by, now=now)


def tell_of_reopening(report: Report, reason: str, *, by: Person, now: datetime) -> None:
    title = format_lazy(_("Reopened: {name}"), name=report.round.name)
    _tell(MOVED, report, (Role.WRITER, Role.LEADER), report.desk, title, by=by, now=now,
          text=reason)  # fmt: skip
