"""The demonstration's repairs: one closed yesterday, one in work, a small store, and in another
commune a loudspeaker that really runs and whose sound card is really not there. Its fault is found
by itself, as any, and is over once a virtual loudspeaker that works takes its place."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs import services
from vang.repairs.store import Shelf, keep_part
from vang.stations.models import Cluster
from vang.stations.services import create_cluster

OTHER = "20683"
"""Quế Phong."""
NO_CARD = "alsa:khong-co-cac-am-thanh"
_MARKET = "Cụm loa chợ"
_HOUR = timedelta(hours=1)


def load_repairs(home: Unit, other: Unit, people: Mapping[str, Person], *, now: datetime) -> None:
    """``tu`` repairs in the home commune, ``thanh`` administers the district."""
    create_cluster(
        unit=other, name=_MARKET, place="Cổng chợ xã", by=people["thanh"], now=now - 2 * _HOUR
    )
    clusters = list(Cluster.objects.filter(unit=home).order_by("pk")[:2])
    if clusters:
        _closed(clusters[0], people, now - 26 * _HOUR)
        _in_work(clusters[-1], people, now - 3 * _HOUR)


def _closed(cluster: Cluster, people: Mapping[str, Person], at: datetime) -> None:
    office, technician = people["an"], people["tu"]
    plug = keep_part(
        unit=cluster.unit, shelf=Shelf("Giắc loa", 6, 4, 15_000), by=technician, now=at
    )
    keep_part(
        unit=cluster.unit, shelf=Shelf("Ắc quy 12 V 20 Ah", 1, 2, 850_000), by=technician, now=at
    )
    ticket = services.open_ticket(
        cluster=cluster, about="WEAK", text="Tiếng rè khi trời mưa.", by=office, now=at
    )
    services.set_out(ticket=ticket, by=technician, now=at + _HOUR)
    services.arrive(ticket=ticket, by=technician, now=at + 1.5 * _HOUR)
    done = at + 2 * _HOUR
    services.note_cause(
        ticket=ticket, cause="WIRING", done="Giắc loa bị gỉ, đã thay và bọc kín.",
        by=technician, now=done,
    )  # fmt: skip
    services.use_part(
        ticket=ticket, part=plug, name="", amount=2, cost=None, by=technician, now=done
    )
    services.close_ticket(
        ticket=ticket, outcome="SAID", reason="Trưởng thôn nghe loa tại chỗ, tiếng rõ.",
        by=technician, now=done,
    )  # fmt: skip


def _in_work(cluster: Cluster, people: Mapping[str, Person], at: datetime) -> None:
    ticket = services.open_ticket(
        cluster=cluster, about="NOISE", text="Loa quay vào trường học, giờ học nghe quá to.",
        by=people["an"], now=at,
    )  # fmt: skip
    services.send_technician(ticket=ticket, to=people["tu"], by=people["quan"], now=at + _HOUR / 4)
    services.set_out(ticket=ticket, by=people["tu"], now=at + _HOUR)


def deaf_cluster() -> Cluster | None:
    """Where the loudspeaker of the other commune hangs, while it is in use."""
    return Cluster.objects.filter(unit__code=OTHER, name=_MARKET, active=True).first()
