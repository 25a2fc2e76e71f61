"""What waits for a decision, for the first page (vang.people.due)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.mergers.services import waiting
from vang.orgs.models import Succession
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 3
_LOOKED_BACK = timedelta(days=183)


def undecided(desk: Desk) -> Iterator[Task]:
    """Changes of the unit with things that nobody has decided about."""
    rows = _steps(desk).select_related("change").order_by("change__effective_on", "change")
    changes = {one.change_id: one.change for one in rows[:50]}
    for change in list(changes.values())[:_MOST]:
        count = waiting(change)
        if not count:
            continue
        late = change.effective_on <= local_date(desk.now)
        words = {"day": vi_date(change.effective_on)}
        yield Task(
            harm=15 if late else 40,
            tone="bad" if late else "warn",
            icon="arrows-move",
            title=_("%(count)d things of a merger wait for a decision") % {"count": count},
            text=_("It is in force since %(day)s.") % words
            if late
            else _("It comes into force on %(day)s.") % words,
            url=reverse("mergers:change", args=[change.pk]),
            action=_("Decide where it goes"),
            key=f"merger:{change.pk}:{count}:{late}",
        )


def _steps(desk: Desk) -> QuerySet[Succession]:
    """Of changes announced, or in force for less than half a year: later nothing is open."""
    since = local_date(desk.now) - _LOOKED_BACK
    named = Q(predecessor=desk.unit) | Q(successor=desk.unit) | Q(predecessor__parent=desk.unit)
    return Succession.objects.filter(
        named, follows=False, change__cancelled_at=None, change__effective_on__gt=since
    )


def register() -> None:
    """Called when the process starts."""
    brings(
        "mergers.undecided",
        {Role.ADMINISTRATOR},
        undecided,
        if_any=lambda desk: Exists(_steps(desk)),
    )
