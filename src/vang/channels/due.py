"""What a channel could not do, for the first page (vang.people.due)."""

from collections.abc import Callable, Iterator

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.bulletins.models import Delivery
from vang.channels.queries import failed_deliveries
from vang.channels.registry import find_channel
from vang.evidence.deliveries import NOT_PROVED, SPEAKER
from vang.people.access import Role
from vang.people.due import Desk, Task, brings

_EACH = 5
_FAILED_ACTS: dict[str, Callable[[], str]] = {
    Delivery.Act.DELIVER: lambda: _("%(channel)s: not delivered: %(title)s"),
    Delivery.Act.CORRECT: lambda: _("%(channel)s: not corrected yet: %(title)s"),
    Delivery.Act.WITHDRAW: lambda: _("%(channel)s: not withdrawn yet: %(title)s"),
}


def failed(desk: Desk) -> Iterator[Task]:
    """Loudspeakers that were not heard have lines of their own."""
    for delivery in _failed(desk)[:_EACH]:
        channel = find_channel(delivery.channel)
        bad = delivery.act != Delivery.Act.DELIVER
        yield Task(
            harm=18 if bad else 80,
            tone="bad" if bad else "warn",
            icon=channel.icon if channel else "alert-triangle",
            title=_FAILED_ACTS[delivery.act]()
            % {
                "channel": channel.label if channel else delivery.channel,
                "title": delivery.edition.title,
            },
            text=delivery.detail or _("It is tried again by itself."),
            url=reverse("channels:bulletin", args=[delivery.edition.bulletin_id]),
            action=_("Open"),
            key=f"delivery:{delivery.pk}:{delivery.act}",
        )


def _failed(desk: Desk) -> QuerySet[Delivery]:
    return failed_deliveries(desk.unit).exclude(channel=SPEAKER, detail=NOT_PROVED)


def register() -> None:
    """Called when the process starts."""
    brings(
        "channels.failed",
        {Role.TECHNICIAN, Role.ADMINISTRATOR, Role.APPROVER},
        failed,
        if_any=lambda desk: Exists(_failed(desk)),
    )
