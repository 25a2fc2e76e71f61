"""What is approved and has no time yet, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.bulletins.models import Bulletin, Priority
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 50


def unaired(desk: Desk) -> Iterator[Task]:
    """Oldest first."""
    for bulletin in _approved(desk).order_by("changed_at", "pk")[:_MOST] if desk.heard else ():
        version = bulletin.current
        urgent = version is not None and version.priority != Priority.NORMAL
        yield Task(
            harm=15 if urgent else 60,
            tone="warn" if urgent else "note",
            icon="rosette-discount-check",
            title=version.title if version else _("Untitled"),
            text=_("Approved, but nobody has chosen when it is broadcast."),
            url=reverse("airtime:place", args=[bulletin.pk]),
            action=_("Choose the time"),
            key=f"place:{bulletin.pk}:{bulletin.changed_at:%Y%m%d%H%M%S}",
        )


def _approved(desk: Desk) -> QuerySet[Bulletin]:
    found = Bulletin.objects.filter(unit=desk.unit, state=Bulletin.State.APPROVED)
    return found.select_related("current").defer("current__text")


def register() -> None:
    """Called when the process starts."""
    brings(
        "airtime.unaired",
        {Role.WRITER, Role.APPROVER},
        unaired,
        if_any=lambda desk: Exists(_approved(desk)),
    )
