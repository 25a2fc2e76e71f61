"""Repairs and spare parts as they are found (vang.search)."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vang.repairs.models import Part, Ticket
from vang.repairs.steps import step_of
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds

_CHUNK = 500


def tickets(keys: Collection[str] | None) -> Iterator[Item]:
    """By number, cluster and words."""
    rows = Ticket.objects.order_by("pk").select_related("cluster__unit__parent__parent__parent")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    for ticket in rows.iterator(chunk_size=_CHUNK):
        about = str(capfirst(ticket.get_about_display()))
        yield Item(
            key=str(ticket.pk),
            unit=ticket.cluster.unit,
            title=f"{ticket} {ticket.cluster.name}",
            text="\n".join([about, ticket.text, ticket.done]),
            url=reverse("repairs:ticket", args=[ticket.pk]),
            at=ticket.opened_at,
            note=about,
            state=step_of(ticket),
        )


def parts(keys: Collection[str] | None) -> Iterator[Item]:
    rows = Part.objects.order_by("pk").select_related("unit__parent__parent__parent")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    for part in rows.iterator(chunk_size=_CHUNK):
        yield Item(
            key=str(part.pk), unit=part.unit, title=part.name,
            url=reverse("repairs:change-part", args=[part.pk]),
        )  # fmt: skip


def register() -> None:
    """Called when the process starts."""
    register_kinds(
        Kind("ticket", _("Repairs"), "clipboard-list", tickets, order=22, view="repairs:ticket"),
        Kind("part", _("Spare parts"), "archive", parts, order=80, view="repairs:change-part"),
    )
