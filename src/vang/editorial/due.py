"""What is due from plans and series, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.editorial.queries import due_series, series_of
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 10


def _overdue_series(desk: Desk) -> Iterator[Task]:
    """The next episode of a series for which the person answers."""
    for series, last_at in due_series(desk.unit, desk.person, local_date(desk.now))[:_MOST]:
        words = _("Nothing was released in this series yet.")
        if last_at is not None:
            words = _("The last one was released on %(day)s.")
        yield Task(
            harm=75,
            tone="note",
            icon="repeat",
            title=series.name,
            text=words % {"day": vi_date(last_at)},
            url=reverse("editorial:series", args=[series.pk]),
            action=_("Write the next one"),
            key=f"series:{series.pk}:{last_at:%Y%m%d}" if last_at else
            f"series:{series.pk}",
        )  # fmt: skip


def register() -> None:
    """Called when the process starts."""
    brings(
        "editorial.series",
        (Role.WRITER, Role.APPROVER),
        _overdue_series,
        if_any=lambda desk: Exists(series_of(desk.unit).filter(responsible=desk.person)),
    )
