"""Roles that nobody holds, for the first page (vang.people.due)."""

from collections.abc import Callable, Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.orgs.queries import valid_on
from vang.people.access import Role, counts_at
from vang.people.due import Desk, Question, Task, brings
from vang.people.models import Membership
from vang.people.roles import bringing

_WITHOUT: dict[str, Callable[[], str]] = {
    Role.WRITER: lambda: _("No bulletin can be written."),
    Role.APPROVER: lambda: _("No bulletin can be approved, so none can be broadcast."),
    Role.TECHNICIAN: lambda: _("Nobody looks after the loudspeakers."),
}


def vacant(role: str) -> Callable[[Desk], Iterator[Task]]:
    """The task of one role."""

    def maker(desk: Desk) -> Iterator[Task]:
        if desk.heard:
            yield Task(
                harm=36 if role == Role.APPROVER else 90,
                tone="warn",
                icon="users",
                title=_("Nobody here is %(role)s") % {"role": Role(role).label},
                text=_WITHOUT[role](),
                url=reverse("people:list"),
                action=_("Name somebody"),
                key=f"vacant:{role}",
            )

    return maker


def _held(role: str) -> Question:
    def question(desk: Desk) -> Exists:
        held = Membership.objects.filter(
            valid_on(local_date(desk.now)), counts_at(desk.unit), person__is_active=True
        )
        return Exists(held.filter(role__in=bringing(role)))

    return question


def register() -> None:
    """Called when the process starts."""
    for role in _WITHOUT:
        name = f"people.vacant.{role.lower()}"
        brings(name, {Role.ADMINISTRATOR}, vacant(role), if_none=_held(role))
