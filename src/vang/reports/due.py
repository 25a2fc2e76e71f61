"""What is due: on the first page, and by itself every day."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.base.clock import local_date
from vang.base.counting import Counted, First
from vang.base.display import vi_date
from vang.people.access import Role
from vang.people.due import Desk, Task, asks, brings
from vang.reports.access import SIGNERS
from vang.reports.models import Move, Report
from vang.reports.notices import remind
from vang.reports.queries import kept_by
from vang.reports.services.opening import expect_newcomers
from vang.reports.services.regimes import open_due_rounds
from vang.reports.steps import OWED, days_left

State = Report.State
_MOST = 5
_HARM = {"bad": 15, "warn": 30, "plain": 60}
_told: dict[str, date] = {}


def _own(desk: Desk) -> QuerySet[Report]:
    """Reports of this unit that wait for it, those due first."""
    today = local_date(desk.now)
    rows = Report.objects.filter(kept_by(desk.unit), state__in=OWED, round__opens_on__lte=today)
    return rows.annotate(owed=Coalesce(F("extended_to"), F("due_on"))).order_by("owed", "pk")


def _first(column: str | Combinable) -> Callable[[Desk], First]:
    """Of the report that is due first."""
    return lambda desk: First(_own(desk).annotate(told=column).values("told")[:1])


def _day(name: str) -> Combinable:
    """A day as a number: 20260610."""
    return ExtractYear(name) * 10_000 + ExtractMonth(name) * 100 + ExtractDay(name)


_LAID = Move.objects.filter(kind=Move.Kind.SIGN, report=OuterRef("pk"), filing=OuterRef("current"))
_ASKED = {
    "reports_first": _first(F("pk")),
    "reports_due": _first(_day("owed")),
    "reports_state": _first(
        Case(
            When(Exists(_LAID), then=Value(3)),
            When(state=State.RETURNED, then=Value(2)),
            When(state=State.DRAFT, then=Value(1)),
            default=Value(0),
        )
    ),
}
"""What the first page asks together with all other rooms: no query of its own."""
_EXPECTED, _DRAFT, _RETURNED, _LAID_BEFORE = range(4)


def _owed(desk: Desk) -> Iterator[Task]:
    """Begin, go on, mend what was returned, or sign: the report that is due first."""
    key, told = desk.found["reports_first"], desk.found["reports_due"]
    state, others = desk.found["reports_state"], desk.found["reports_count"] - 1
    owed = date(told // 10_000, told // 100 % 100, told % 100)
    left = days_left((owed - local_date(desk.now)).days)
    text = left.words
    if others:
        more = ngettext("and %(n)d more report", "and %(n)d more reports", others)
        text = f"{text}; {more % {'n': others}}"
    if state == _LAID_BEFORE and not desk.roles.isdisjoint(SIGNERS):
        yield _to_sign(key, owed, text)
        return
    returned = state == _RETURNED
    title = _("Returned: report due on %(day)s") if returned else _("Report due on %(day)s")
    yield Task(
        harm=25 if returned else _HARM[left.tone],
        tone="bad" if left.tone == "bad" and not returned else "warn",
        icon="clipboard-check",
        title=title % {"day": vi_date(owed)},
        text=text,
        url=reverse("reports:report" if state == _EXPECTED else "reports:figures", args=[key]),
        action=_("Begin the report") if state == _EXPECTED else _("Go on"),
        key=f"report:{key}:{state}",
    )


def _to_sign(key: int, owed: date, text: str) -> Task:
    return Task(
        harm=18,
        tone="warn",
        icon="rosette-discount-check",
        title=_("To be signed: report due on %(day)s") % {"day": vi_date(owed)},
        text=text,
        url=reverse("reports:finish", args=[key]),
        action=_("Read and sign"),
        key=f"report-sign:{key}",
    )


def _to_check(desk: Desk) -> Iterator[Task]:
    """Reports from below that wait to be taken."""
    rows = Report.objects.filter(above=desk.unit, state=State.SUBMITTED, parent__isnull=False)
    counted = rows.values_list("parent", "round__name").annotate(n=Count("pk"))
    for parent, name, count in counted.order_by("parent")[:_MOST]:
        words = ngettext("%(n)d report to be checked", "%(n)d reports to be checked", count)
        yield Task(
            harm=40,
            tone="note",
            icon="clipboard-check",
            title=words % {"n": count},
            text=name,
            url=reverse("reports:below", args=[parent]) + "?view=waiting",
            action=_("Check"),
            key=f"report-below:{parent}:{count}",
        )


def register() -> None:
    """Called when the process starts."""
    writers = (Role.WRITER, Role.APPROVER)
    for name, question in _ASKED.items():
        asks(name, writers, question)
    asks("reports_count", writers, lambda desk: Counted(_own(desk).values("pk")))
    brings("reports.owed", writers, _owed, if_any=lambda desk: Exists(_own(desk)))
    brings(
        "reports.check",
        writers,
        _to_check,
        if_any=lambda desk: Exists(Report.objects.filter(above=desk.unit, state=State.SUBMITTED)),
    )


def reports_due(*, now: datetime) -> int:
    """The worker's part, once a day in a process: open rounds, send reminders. How many."""
    today = local_date(now)
    if _told.get("day") == today:
        return 0
    count = open_due_rounds(now=now) + expect_newcomers(now=now) + remind(now=now)
    _told["day"] = today
    return count
