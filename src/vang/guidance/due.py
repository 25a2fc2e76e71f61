"""Guidance that somebody has not read yet, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.guidance.queries import unread
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_MOST = 20


def _unread_guidance(desk: Desk) -> Iterator[Task]:
    for note in unread(desk.person, desk.unit, local_date(desk.now))[:_MOST]:
        yield Task(
            harm=45,
            tone="note",
            icon="book-2",
            title=note.title,
            text=_("Guidance of %(unit)s, in force from %(first)s to %(last)s.")
            % {
                "unit": note.unit.full_name,
                "first": vi_date(note.starts_on),
                "last": vi_date(note.ends_on),
            },
            url=reverse("guidance:note", args=[note.pk]),
            action=_("Read it"),
            key=f"guidance:{note.pk}",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "guidance",
        (Role.WRITER, Role.APPROVER),
        _unread_guidance,
        if_any=lambda desk: Exists(unread(desk.person, desk.unit, local_date(desk.now))),
    )
