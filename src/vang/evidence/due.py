"""Plays that were not heard and journals that do not hold, for the first page."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.base.clock import local_date
from vang.base.display import vi_datetime, vi_time
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds, open_faults
from vang.evidence.words import fault_words, reason_words
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_EACH = 5
_AMISS = (AsRun.State.MISSED, AsRun.State.PARTIAL, AsRun.State.UNKNOWN)


def not_heard(now: datetime) -> Q:
    """Plays of today that villagers did not hear, not whole, or not surely."""
    begin, end = day_bounds(local_date(now))
    doubtful = Q(state__in=_AMISS) | Q(state=AsRun.State.DONE) & ~Q(reason="")
    return doubtful & Q(planned_start__gte=begin, planned_start__lt=end)


def not_heard_today(unit: Unit, now: datetime) -> QuerySet[AsRun]:
    """Latest first, with what a line of the work list tells."""
    rows = AsRun.objects.filter(not_heard(now), cluster__unit=unit)
    found = rows.select_related("cluster", "planned")
    return found.order_by("-planned_start", "cluster__name", "pk")


def unheard(desk: Desk) -> Iterator[Task]:
    """The latest in lines of their own, the others counted."""
    rows = list(not_heard_today(desk.unit, desk.now))
    for row in rows[:_EACH]:
        yield Task(
            harm=30,
            tone="bad",
            icon="circle-x",
            title=_("%(cluster)s: %(title)s")
            % {"cluster": row.cluster.name, "title": row.planned.title},
            text=_("Planned for %(when)s today: %(why)s.")
            % {"when": vi_time(row.planned_start), "why": _why(row)},
            url=reverse("evidence:list"),
            action=_("See the log"),
            key=f"unheard:{row.pk}",
        )
    if more := len(rows[_EACH:]):
        title = ngettext("and %(n)d more play", "and %(n)d more plays", more) % {"n": more}
        log, text = reverse("evidence:list"), _("Not heard, or not whole, today.")
        key = f"unheard-more:{local_date(desk.now):%Y%m%d}:{more}"
        yield Task(31, "bad", "circle-x", title, text, log, _("See the log"), key)


def _why(row: AsRun) -> str:
    return reason_words(row.reason) or str(row.get_state_display())


def faults(desk: Desk) -> Iterator[Task]:
    """Journals that cannot be relied on."""
    for fault in open_faults(desk.unit)[:_EACH]:
        cluster = fault.node.cluster
        yield Task(
            harm=35,
            tone="bad",
            icon="shield-x",
            title=_("%(cluster)s: the journal cannot be relied on") % {"cluster": cluster.name},
            text=_("Noticed at %(when)s: %(what)s.")
            % {"when": vi_datetime(fault.noticed_at), "what": fault_words(fault.reason)},
            url=reverse("evidence:journals"),
            action=_("Open"),
            key=f"fault:{fault.pk}",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "evidence.unheard",
        {Role.TECHNICIAN},
        unheard,
        if_any=lambda desk: Exists(
            AsRun.objects.filter(not_heard(desk.now), cluster__unit=desk.unit)
        ),
    )
    brings(
        "evidence.faults",
        {Role.TECHNICIAN},
        faults,
        if_any=lambda desk: Exists(open_faults(desk.unit)),
    )
