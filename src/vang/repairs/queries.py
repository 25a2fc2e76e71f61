"""Reading faults, repairs and how devices fared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from vang.base.clock import VIETNAM
from vang.orgs.models import Unit
from vang.repairs.access import units_here
from vang.repairs.kinds import Kind
from vang.repairs.models import DayHealth, Fault, HourHealth, Outage, Part, PartUsed, Ticket
from vang.stations.models import Cluster, Node

_ORDER = {kind.value: n for n, kind in enumerate(Kind)}
VIEWS = ("open", "mine", "closed")


def clusters_here(unit: Unit) -> QuerySet[Cluster]:
    """Of the unit and what stands under it."""
    return Cluster.objects.filter(unit__in=units_here(unit)).order_by()


def standing_faults(unit: Unit) -> QuerySet[Fault]:
    """Opened and not closed, but for those that an outage stands for."""
    rows = Fault.objects.filter(
        closed_at=None, opened_at__isnull=False, outage=None, cluster__in=clusters_here(unit)
    )
    return rows.select_related("cluster__unit", "node")


def by_gravity(faults: QuerySet[Fault]) -> QuerySet[Fault]:
    """The worst kinds first, the oldest first in a kind."""
    places = [When(kind=kind, then=Value(place)) for kind, place in _ORDER.items()]
    return faults.order_by(Case(*places, default=Value(99)), "opened_at", "pk")


def standing_outages(unit: Unit) -> QuerySet[Outage]:
    """Told of the unit, of what stands under it, or of what it stands under."""
    above: list[int] = []
    one: Unit | None = unit
    while one is not None and len(above) < 5:
        above.append(one.pk)
        one = one.parent
    here = Q(unit__in=units_here(unit)) | Q(unit__in=above)
    return Outage.objects.filter(here, closed_at=None).select_related("unit").order_by("opened_at")


def tickets_here(unit: Unit, view: str, person: int) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(cluster__in=clusters_here(unit))
    if view == "closed":
        rows = rows.exclude(closed_at=None).order_by("-closed_at", "-pk")
    else:
        rows = rows.filter(closed_at=None).order_by("opened_at", "pk")
    if view == "mine":
        rows = rows.filter(technician=person)
    return rows.select_related("cluster__unit", "technician", "fault").defer(
        "text", "done", "proof"
    )


def tickets_of(person: int) -> QuerySet[Ticket]:
    """Open repairs of one technician, wherever they are, the oldest first."""
    rows = Ticket.objects.filter(technician=person, closed_at=None)
    return rows.select_related("cluster__unit", "fault").order_by("opened_at", "pk")


def parts_here(unit: Unit) -> QuerySet[Part]:
    """The stores that serve a place: its own and those above."""
    line: list[int] = []
    one: Unit | None = unit
    while one is not None and len(line) < 5:
        line.append(one.pk)
        one = one.parent
    return Part.objects.filter(unit__in=line).select_related("unit").order_by("key", "pk")


def short_parts(unit: Unit) -> QuerySet[Part]:
    return Part.objects.filter(unit=unit, on_hand__lt=F("least")).order_by("key")


def hours_of(cluster: Cluster, *, now: datetime, days: int = 3) -> list[HourHealth]:
    """Of the devices that served there, the oldest first."""
    rows = HourHealth.objects.filter(node__cluster=cluster, begins__gte=now - timedelta(days=days))
    return list(rows.order_by("begins", "pk"))


def days_of(cluster: Cluster, first: date, last: date) -> list[DayHealth]:
    rows = DayHealth.objects.filter(cluster=cluster, day__gte=first, day__lte=last)
    return list(rows.order_by("day", "pk"))


@dataclass(frozen=True)
class Fared:
    """Of a place in a period. ``up`` and ``down``: samples of five minutes."""

    up: int = 0
    down: int = 0
    unknown: int = 0
    faults: int = 0
    mean_s: float | None = None
    repairs: int = 0
    repair_mean_s: float | None = None
    cost: int = 0

    @property
    def available(self) -> float | None:
        """Percent of the time in which one could know."""
        known = self.up + self.down
        return 100 * self.up / known if known else None


@dataclass(frozen=True)
class Line:
    """One place of the table."""

    name: str
    key: int
    fared: Fared


def fared_by(unit: Unit, first: date, last: date, *, by_commune: bool) -> list[Line]:
    """A line a commune, or a line a cluster of the commune. Five queries."""
    field = "cluster__unit" if by_commune else "cluster"
    clusters = clusters_here(unit)
    days = _summed(
        DayHealth.objects.filter(day__gte=first, day__lte=last, cluster__in=clusters), field,
        up=Sum("up"), down=Sum("down"), unknown=Sum("unknown"),
    )  # fmt: skip
    begins, ends = instants(first, last)
    faults = _summed(
        Fault.objects.filter(
            closed_at__gte=begins, closed_at__lt=ends, cluster__in=clusters
        ), field, faults=Count("pk"), mean=Avg(_took("opened_at")),
    )  # fmt: skip
    closed = Ticket.objects.filter(closed_at__gte=begins, closed_at__lt=ends, cluster__in=clusters)
    repairs = _summed(
        closed.exclude(outcome=Ticket.Outcome.NEEDLESS), field, repairs=Count("pk"),
        mean=Avg(_took("opened_at")),
    )  # fmt: skip
    costs = _summed(
        PartUsed.objects.filter(
            added_at__gte=begins, added_at__lt=ends, ticket__cluster__in=clusters
        ), f"ticket__{field}", cost=Sum(F("amount") * F("cost")),
    )  # fmt: skip
    if by_commune:
        names = dict(units_here(unit).filter(level=Unit.Level.COMMUNE).values_list("pk", "name"))
    else:
        names = dict(clusters.values_list("pk", "name"))
    lines = []
    for key, name in names.items():
        d, f = days.get(key, {}), faults.get(key, {})
        r, c = repairs.get(key, {}), costs.get(key, {})
        fared = Fared(
            up=d.get("up") or 0, down=d.get("down") or 0, unknown=d.get("unknown") or 0,
            faults=f.get("faults", 0), mean_s=_seconds(f.get("mean")),
            repairs=r.get("repairs", 0), repair_mean_s=_seconds(r.get("mean")),
            cost=c.get("cost") or 0,
        )  # fmt: skip
        lines.append(Line(str(name), key, fared))
    return sorted(lines, key=lambda line: (
        line.fared.available if line.fared.available is not None else 101, line.name
    ))  # fmt: skip


def total(lines: Collection[Line]) -> Fared:
    """All of them together; means weighed by how many there were."""
    fared = [line.fared for line in lines]
    return Fared(
        up=sum(one.up for one in fared),
        down=sum(one.down for one in fared),
        unknown=sum(one.unknown for one in fared),
        faults=sum(one.faults for one in fared),
        mean_s=_weighed([(one.mean_s, one.faults) for one in fared]),
        repairs=sum(one.repairs for one in fared),
        repair_mean_s=_weighed([(one.repair_mean_s, one.repairs) for one in fared]),
        cost=sum(one.cost for one in fared),
    )


def _weighed(pairs: Collection[tuple[float | None, int]]) -> float | None:
    known = [(mean, count) for mean, count in pairs if mean is not None and count]
    count = sum(count for _mean, count in known)
    return sum(mean * n for mean, n in known) / count if count else None


def available_by_day(unit: Unit, first: date, last: date) -> Mapping[date, Fared]:
    rows = DayHealth.objects.filter(
        day__gte=first, day__lte=last, cluster__in=clusters_here(unit)
    ).order_by()
    found = rows.values("day").annotate(u=Sum("up"), d=Sum("down"), n=Sum("unknown"))
    return {row["day"]: Fared(row["u"], row["d"], row["n"]) for row in found}


def causes(unit: Unit, first: date, last: date) -> list[tuple[str, int, int]]:
    """(cause, repairs, đồng) of what was closed, the most frequent first."""
    begins, ends = instants(first, last)
    rows = Ticket.objects.filter(
        closed_at__gte=begins, closed_at__lt=ends, cluster__in=clusters_here(unit)
    ).exclude(cause="").order_by()  # fmt: skip
    counted = rows.values("cause").annotate(
        n=Count("pk", distinct=True), cost=Sum(F("parts__amount") * F("parts__cost"))
    )
    found = [(row["cause"], row["n"], row["cost"] or 0) for row in counted]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def cost_by_year(unit: Unit) -> list[tuple[int, int]]:
    """(year, đồng) of parts used, the newest first."""
    rows = PartUsed.objects.filter(ticket__cluster__in=clusters_here(unit)).order_by()
    found = rows.values("added_at__year").annotate(n=Sum(F("amount") * F("cost")))
    return sorted(((row["added_at__year"], row["n"]) for row in found), reverse=True)


def instants(first: date, last: date) -> tuple[datetime, datetime]:
    """The days in Vietnam as [begin, end)."""
    begins = datetime(first.year, first.month, first.day, tzinfo=VIETNAM)
    after = last + timedelta(days=1)
    return begins, datetime(after.year, after.month, after.day, tzinfo=VIETNAM)


def open_ticket_here() -> Exists:
    """Whether a repair of the fault of a row is open."""
    return Exists(Ticket.objects.filter(fault=OuterRef("pk"), closed_at=None))


def serving_nodes(unit: Unit) -> int:
    return Node.objects.filter(
        retired_at=None, cluster__active=True, cluster__in=clusters_here(unit)
    ).count()


def _summed(rows: QuerySet[Any], field: str, **sums: Any) -> dict[int, dict[str, Any]]:
    found = rows.order_by().values(field).annotate(**sums)
    return {row[field]: row for row in found}


def _took(since: str) -> Any:
    return ExpressionWrapper(F("closed_at") - F(since), output_field=DurationField())


def _seconds(value: object) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None
