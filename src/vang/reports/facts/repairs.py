"""How long devices were in contact, what broke, how long repairs took and what they cost."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.repairs.models import Fault, Ticket
from vang.repairs.queries import clusters_here, fared_by, instants, total
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register

_HOUR = 3600


def repairs(asked: Asked) -> Mapping[str, Figure]:
    """Of the period; five queries. None where nothing is known, which is not zero."""
    many = asked.unit.level != Unit.Level.COMMUNE
    fared = total(fared_by(asked.unit, asked.first, asked.last, by_commune=many))
    url = reverse("repairs:figures")
    share = None if fared.available is None else round(fared.available * MILLI)
    took = None if fared.repair_mean_s is None else round(fared.repair_mean_s * MILLI / _HOUR)
    return {
        "repairs.contact": Figure(share, url),
        "repairs.faults": Figure(fared.faults * MILLI, url),
        "repairs.closed": Figure(fared.repairs * MILLI, url),
        "repairs.hours": Figure(took, url),
        "repairs.cost": Figure(fared.cost * MILLI, url),
    }


def _tickets(asked: Asked) -> QuerySet[Ticket]:
    begins, ends = instants(asked.first, asked.last)
    rows = Ticket.objects.filter(
        cluster__in=clusters_here(asked.unit), closed_at__gte=begins, closed_at__lt=ends
    )
    return rows.select_related("cluster").order_by("closed_at", "pk")


def _ticket_records(asked: Asked) -> Records:
    return Records(_tickets(asked), _show_ticket)


def _show_ticket(ticket: Ticket) -> Record:
    words = str(ticket.get_outcome_display())
    url = reverse("repairs:ticket", args=[ticket.pk])
    return Record(f"{ticket} {ticket.cluster.name}", words, url)


def _fault_records(asked: Asked) -> Records:
    begins, ends = instants(asked.first, asked.last)
    rows = Fault.objects.filter(
        cluster__in=clusters_here(asked.unit), closed_at__gte=begins, closed_at__lt=ends
    )
    return Records(rows.select_related("cluster").order_by("closed_at", "pk"), _show_fault)


def _show_fault(fault: Fault) -> Record:
    url = reverse("repairs:device", args=[fault.cluster_id])
    return Record(fault.cluster.name, str(fault.get_kind_display()), url)


def add() -> None:
    """Called when the process starts."""
    contact = _("Samples of contact every five minutes; those in which the fault may have been "
                "the server's own count for nothing.")  # fmt: skip
    closed = _("Repairs that were closed in the period.")
    register(
        repairs,
        Fact("repairs.contact", _("Per cent of the time in which devices were in contact"),
             contact, _fault_records),
        Fact("repairs.faults", _("Faults of devices that were over"),
             _("Faults that devices told of and that were over in the period."), _fault_records),
        Fact("repairs.closed", _("Repairs closed"), closed, _ticket_records),
        Fact("repairs.hours", _("Mean hours from the report to the end of a repair"), closed,
             _ticket_records),
        Fact("repairs.cost", _("Parts used in repairs (đồng)"),
             _("Parts that were noted in repairs, at the price of that day."), _ticket_records),
    )  # fmt: skip
