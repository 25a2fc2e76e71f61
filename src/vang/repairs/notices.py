"""Telling technicians of faults, of storms as one matter, and of repairs that are theirs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_datetime
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify, settle
from vang.orgs.models import Unit
from vang.people.roles import Role
from vang.repairs.models import Fault, Outage, Ticket
from vang.stations.models import Cluster

FAULT, WEAR, OUTAGE = "device-fault", "device-wear", "outage"
TICKET, TEST = "repair", "repair-test"
_TECHNICIANS = frozenset({Role.TECHNICIAN.value})
KINDS = (
    Kind(FAULT, _("a loudspeaker has a fault"), "alert-triangle", Mail.AT_ONCE, _TECHNICIANS,
         "bad"),
    Kind(WEAR, _("a device will need care soon"), "adjustments", Mail.DAILY, _TECHNICIANS,
         "warn"),
    Kind(OUTAGE, _("many loudspeakers are out of contact at once"), "storm", Mail.AT_ONCE,
         _TECHNICIANS, "bad"),
    Kind(TICKET, _("a repair is yours"), "clipboard-list", Mail.AT_ONCE, _TECHNICIANS, "warn"),
    Kind(TEST, _("a technician wants a test broadcast"), "broadcast", Mail.AT_ONCE,
         frozenset({Role.WRITER.value}), "warn"),
)  # fmt: skip
GRAVE = frozenset({Fault.Kind.OFFLINE, Fault.Kind.SOUND, Fault.Kind.NOT_HEARD})


def tell_of_faults(faults: Collection[Fault], *, now: datetime) -> None:
    """One notice a commune, however many of its devices have just failed."""
    if not faults:
        return
    clusters = Cluster.objects.select_related("unit__parent__parent").in_bulk(
        {one.cluster_id for one in faults}
    )
    groups: dict[tuple[int, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        kind = FAULT if fault.kind in GRAVE else WEAR
        groups[clusters[fault.cluster_id].unit_id, kind].append(fault)
    for (_unit, kind), these in groups.items():
        if len(these) == 1:
            _tell_one(these[0], clusters[these[0].cluster_id], kind, now)
        else:
            _tell_many(these, clusters[these[0].cluster_id].unit, kind, now)


def _tell_one(fault: Fault, cluster: Cluster, kind: str, now: datetime) -> None:
    notify(
        kind=kind,
        to=Holders(Role.TECHNICIAN, cluster.unit),
        unit=cluster.unit,
        subject=f"cluster:{cluster.pk}",
        title=format_lazy(
            "{cluster}: {what}", cluster=cluster.name, what=Fault.Kind(fault.kind).label
        ),
        text=format_lazy(_("Since {when}."), when=vi_datetime(fault.began_at)),
        url=reverse("repairs:device", args=[cluster.pk]),
        now=now,
        once=f"{kind}:{fault.pk}",
    )


def _tell_many(faults: Collection[Fault], unit: Unit, kind: str, now: datetime) -> None:
    first = min(one.pk for one in faults)
    notify(
        kind=kind,
        to=Holders(Role.TECHNICIAN, unit),
        unit=unit,
        subject=f"unit:{unit.pk}",
        title=format_lazy(
            _("{unit}: {n} faults of loudspeakers"), unit=unit.full_name, n=len(faults)
        ),
        url=reverse("repairs:board"),
        now=now,
        once=f"{kind}:unit:{unit.pk}:{first}",
    )


def tell_of_outage(outage: Outage, *, now: datetime) -> None:
    unit = outage.unit
    notify(
        kind=OUTAGE,
        to=Holders(Role.TECHNICIAN, unit),
        unit=unit,
        subject=f"outage:{outage.pk}",
        title=format_lazy(
            _("{unit}: {away} of {serving} loudspeakers out of contact"),
            unit=unit.full_name,
            away=outage.away,
            serving=outage.serving,
        ),
        text=format_lazy(
            _MANY,
            when=vi_datetime(outage.began_at),
        ),
        url=reverse("repairs:board"),
        now=now,
        once=f"{OUTAGE}:{outage.pk}",
    )


def settle_outage(outage: Outage, *, now: datetime) -> None:
    settle(subject=f"outage:{outage.pk}", kinds=[OUTAGE], now=now)


def settle_faults(faults: Collection[Fault], *, now: datetime) -> None:
    """What is over needs nobody's look any more, unless something else is wrong there."""
    clusters = {one.cluster_id for one in faults}
    still = Fault.objects.filter(cluster__in=clusters, closed_at=None, opened_at__isnull=False)
    for cluster in clusters - set(still.values_list("cluster", flat=True)):
        settle(subject=f"cluster:{cluster}", kinds=[FAULT, WEAR], now=now)


def tell_technician(ticket: Ticket, *, now: datetime) -> None:
    """Whose work it is now."""
    if ticket.technician is None or ticket.sent_at is None:
        return
    cluster = ticket.cluster
    notify(
        kind=TICKET,
        to=[ticket.technician],
        unit=cluster.unit,
        subject=f"ticket:{ticket.pk}",
        title=format_lazy(
            _("Repair {number}: {cluster}"), number=str(ticket), cluster=cluster.name
        ),
        text=format_lazy(
            "{about}. {place}",
            about=capfirst(Ticket.About(ticket.about).label),
            place=cluster.place,
        ),
        url=reverse("repairs:ticket", args=[ticket.pk]),
        now=now,
        once=f"{TICKET}:{ticket.pk}:{ticket.sent_at.isoformat()}",
    )


def settle_ticket(ticket: Ticket, *, now: datetime) -> None:
    settle(subject=f"ticket:{ticket.pk}", kinds=[TICKET, TEST], now=now)


_MANY = _("Since {when}. So many at once are seldom broken: ask about power and the line first.")
