"""Repairs on the first page (vang.people.due): one's own, those nobody has, and storms."""

from collections.abc import Iterator

from django.db.models import Exists, F, Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.repairs.access import units_here
from vang.repairs.models import Outage, Part, TestCall, Ticket

_MOST = 10


def _own(desk: Desk) -> QuerySet[Ticket]:
    return Ticket.objects.filter(technician=desk.person.pk, closed_at=None)


def _unsent(desk: Desk) -> QuerySet[Ticket]:
    here = units_here(desk.unit)
    return Ticket.objects.filter(technician=None, closed_at=None, cluster__unit__in=here)


def _outages(desk: Desk) -> QuerySet[Outage]:
    here = Q(unit=desk.unit) | Q(unit__in=units_here(desk.unit))
    return Outage.objects.filter(here, closed_at=None)


def _short(desk: Desk) -> QuerySet[Part]:
    return Part.objects.filter(unit=desk.unit, on_hand__lt=F("least"))


def own(desk: Desk) -> Iterator[Task]:
    for ticket in _own(desk).select_related("cluster").order_by("opened_at", "pk")[:_MOST]:
        yield _task(24, ticket, _("Your repair: %(about)s."), _("Open"))


def unsent(desk: Desk) -> Iterator[Task]:
    for ticket in _unsent(desk).select_related("cluster").order_by("opened_at", "pk")[:_MOST]:
        yield _task(26, ticket, _("Nobody goes there yet: %(about)s."), _("Open"))


def _task(harm: int, ticket: Ticket, words: str, action: str) -> Task:
    return Task(
        harm=harm,
        tone="warn",
        icon="clipboard-list",
        title=ticket.cluster.name,
        text=words % {"about": ticket.get_about_display()},
        url=reverse("repairs:ticket", args=[ticket.pk]),
        action=action,
        key=f"ticket:{ticket.pk}:{ticket.technician_id}",
    )


def _tests(desk: Desk) -> QuerySet[TestCall]:
    here = units_here(desk.unit)
    return TestCall.objects.filter(
        bulletin=None, ticket__closed_at=None, ticket__cluster__unit__in=here
    )


def tests(desk: Desk) -> Iterator[Task]:
    """A technician stands at the pole and waits."""
    wanted = _tests(desk).select_related("ticket__cluster", "asked_by")
    for call in wanted.order_by("asked_at", "pk")[:_MOST]:
        yield Task(
            harm=16,
            tone="warn",
            icon="broadcast",
            title=_("Test broadcast wanted: %(cluster)s") % {"cluster": call.ticket.cluster.name},
            text=_("%(name)s stands there and waits.") % {"name": call.asked_by.full_name},
            url=reverse("repairs:ticket", args=[call.ticket_id]),
            action=_("Open"),
            key=f"test:{call.pk}",
        )


def outages(desk: Desk) -> Iterator[Task]:
    for outage in _outages(desk).select_related("unit").order_by("opened_at", "pk")[:_MOST]:
        yield Task(
            harm=17,
            tone="bad",
            icon="storm",
            title=outage.unit.full_name,
            text=_("%(away)s of %(serving)s loudspeakers are out of contact at once.")
            % {"away": outage.away, "serving": outage.serving},
            url=reverse("repairs:board"),
            action=_("Open"),
            key=f"outage:{outage.pk}",
        )


def short(desk: Desk) -> Iterator[Task]:
    parts = list(_short(desk).order_by("key"))
    names = ", ".join(part.name for part in parts[:5])
    yield Task(
        harm=70,
        tone="warn",
        icon="archive",
        title=ngettext(
            "%(n)s spare part to be bought", "%(n)s spare parts to be bought", len(parts)
        )
        % {"n": len(parts)},
        text=capfirst(names),
        url=reverse("repairs:store"),
        action=_("Open"),
        key=f"parts:{desk.unit.pk}:{len(parts)}",
    )


def register() -> None:
    """Called when the process starts."""
    keepers = {Role.TECHNICIAN, Role.ADMINISTRATOR}
    brings("repairs.own", {Role.TECHNICIAN}, own, if_any=lambda desk: Exists(_own(desk)))
    brings("repairs.unsent", keepers, unsent, if_any=lambda desk: Exists(_unsent(desk)))
    brings("repairs.tests", {Role.WRITER}, tests, if_any=lambda desk: Exists(_tests(desk)))
    brings("repairs.outages", keepers, outages, if_any=lambda desk: Exists(_outages(desk)))
    brings("repairs.short", keepers, short, if_any=lambda desk: Exists(_short(desk)))
