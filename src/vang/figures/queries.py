"""Reading the kept sums: a handful of queries, however long the period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Cast

from vang.figures.models import AirDay, ChannelDay, ClusterDay, Mark, OrderDay
from vang.figures.periods import Period, step_of
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below, villages
from vang.stations.models import Cluster

_AIR = (
    *("sounded_ms", "heard", "silent", "unknown", "open"),
    *("plays_heard", "plays_silent", "plays_unknown", "plays_open"),
    *("prompt", "soon", "late", "untimed"),
)
_ORDER = ("minute", "five", "quarter", "later", "silent", "unknown")
_CHANNEL = ("delivered", "failed", "waiting")
_CLUSTER = ("sounded_ms", "heard", "silent", "unknown", "open")
_UNIT = ("sounded_ms", "plays_heard", "plays_silent", "plays_unknown", "plays_open")


@dataclass
class Sums:
    """Sums of the columns of AirDay; of a place or a cluster, some of them stay 0."""

    sounded_ms: int = 0
    heard: int = 0
    silent: int = 0
    unknown: int = 0
    open: int = 0
    plays_heard: int = 0
    plays_silent: int = 0
    plays_unknown: int = 0
    plays_open: int = 0
    prompt: int = 0
    soon: int = 0
    late: int = 0
    untimed: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        for name in _AIR:
            setattr(self, name, getattr(self, name) + (row.get(name) or 0))

    @property
    def known(self) -> int:
        """Plays of which it is known what became of them."""
        return self.plays_heard + self.plays_silent

    @property
    def plays(self) -> int:
        return self.known + self.plays_unknown + self.plays_open

    @property
    def share(self) -> float | None:
        """Per cent of the known plays that were heard; None when nothing is known."""
        return 100 * self.plays_heard / self.known if self.known else None


Kind = tuple[str, bool]
"""(category, relayed)."""


@dataclass
class Air:
    """What was given out in a period: in all, by part of it, by kind."""

    total: Sums = field(default_factory=Sums)
    by_step: dict[date, Sums] = field(default_factory=lambda: defaultdict(Sums))
    own: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    relayed: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    by_kind: dict[Kind, Sums] = field(default_factory=lambda: defaultdict(Sums))


def communes_of(unit: Unit, on: date) -> QuerySet[Unit]:
    """Whose figures are summed for ``unit``."""
    if unit.level == Unit.Level.COMMUNE:
        return Unit.objects.filter(pk=unit.pk)
    return communes_below(unit, on)


def air(communes: QuerySet[Unit], period: Period) -> Air:
    """One query."""
    found = Air()
    rows = _kept(AirDay.objects.all(), communes, period)
    grouped = rows.values("day", "category", "relayed").annotate(**_sums(_AIR)).order_by("day")
    for row in grouped:
        told = {name: row[f"n_{name}"] for name in _AIR}
        part = step_of(row["day"], period.step)
        found.total.add(told)
        found.by_step[part].add(told)
        found.by_kind[row["category"], row["relayed"]].add(told)
        (found.relayed if row["relayed"] else found.own)[part] += told["sounded_ms"]
    return found


@dataclass
class Beside:
    """Sums of OrderDay by priority and of ChannelDay by channel; whether days of the period are
    still to be counted again."""

    orders: dict[str, dict[str, int]] = field(default_factory=dict)
    channels: dict[str, dict[str, int]] = field(default_factory=dict)
    counting: bool = False


def beside(communes: QuerySet[Unit], period: Period, today: date) -> Beside:
    """What stands beside the airtime. One query."""
    ordered = _kept(OrderDay.objects.all(), communes, period)
    told = _kept(ChannelDay.objects.all(), communes, period)
    marks = _kept(Mark.objects.filter(day__lte=today), communes, period)
    nothing = Value(0, IntegerField())
    rows = _columns(ordered, "orders", F("priority"), [Sum(name) for name in _ORDER]).union(
        _columns(told, "channels", F("channel"), [*map(Sum, _CHANNEL), *[nothing] * 3]),
        _columns(marks, "marks", Value(""), [Count("pk"), *[nothing] * 5]),
        all=True,
    )
    found = Beside()
    for kind, name, *sums in rows:
        if kind == "orders":
            found.orders[name] = dict(zip(_ORDER, sums, strict=True))
        elif kind == "channels":
            found.channels[name] = dict(zip(_CHANNEL, sums, strict=False))
        else:
            found.counting = sums[0] > 0
    return found


def _columns(rows: QuerySet[Any], kind: str, name: Any, sums: Sequence[Any]) -> QuerySet[Any]:
    """Six sums by ``name``, with a word for what they are."""
    grouped = rows.annotate(
        kind=Value(kind, CharField()), of=Cast(name, CharField(max_length=20))
    ).values("kind", "of")
    named = {f"n{number}": one for number, one in enumerate(sums)}
    found: QuerySet[Any] = grouped.annotate(**named).values_list("kind", "of", *named)
    return found


@dataclass(frozen=True)
class Reached:
    """A village, a commune or a district with what came there.

    ``loudspeakers``: None above the commune, where it is not asked.
    """

    name: str
    sums: Sums
    loudspeakers: int | None = None
    unit: int | None = None
    """The key of a unit whose own figures can be opened."""


def reached_villages(unit: Unit, period: Period, on: date) -> list[Reached]:
    """The villages of a commune by name, each as it was reached by the cluster that reached it
    best; then the clusters that stand for no village. Three queries."""
    heard: dict[int, Sums] = {}
    within = {"day__gte": period.first, "day__lte": period.last}
    rows: QuerySet[Any] = ClusterDay.objects.filter(unit=unit, **within)
    for row in rows.values("cluster").annotate(**_sums(_CLUSTER)).order_by("cluster"):
        heard[row["cluster"]] = Sums(
            sounded_ms=row["n_sounded_ms"],
            plays_heard=row["n_heard"],
            plays_silent=row["n_silent"],
            plays_unknown=row["n_unknown"],
            plays_open=row["n_open"],
        )
    serving: dict[int, list[int]] = defaultdict(list)
    alone: dict[int, str] = {}
    village: int | None
    clusters: QuerySet[Any] = Cluster.objects.filter(unit=unit).order_by("name", "pk")
    for pk, name, active, village in clusters.values_list("pk", "name", "active", "villages"):
        if not active and pk not in heard:
            continue
        if village is None:
            alone[pk] = name
        else:
            serving[village].append(pk)
    found = [
        Reached(village.full_name, _best(serving[village.pk], heard), len(serving[village.pk]))
        for village in villages(unit, on)
    ]
    return found + [Reached(name, heard.get(pk, Sums()), 1) for pk, name in alone.items()]


def _best(clusters: Sequence[int], heard: Mapping[int, Sums]) -> Sums:
    told = [heard[pk] for pk in clusters if pk in heard]
    return max(told, key=lambda sums: (sums.sounded_ms, sums.known), default=Sums())


def reached_below(unit: Unit, communes: QuerySet[Unit], period: Period) -> list[Reached]:
    """The communes of a district; of a province, its districts, and communes right below it.

    By name. Two queries.
    """
    rows = _kept(AirDay.objects.all(), communes, period)
    by_commune = {
        row["unit"]: {name: row[f"n_{name}"] for name in _UNIT}
        for row in rows.values("unit").annotate(**_sums(_UNIT)).order_by("unit")
    }
    places: dict[int, Unit] = {}
    sums: dict[int, Sums] = defaultdict(Sums)
    for commune in communes.select_related("parent"):
        place = commune if commune.parent_id == unit.pk else (commune.parent or commune)
        places[place.pk] = place
        sums[place.pk].add(by_commune.get(commune.pk, {}))
    return sorted(
        (Reached(place.full_name, sums[pk], unit=pk) for pk, place in places.items()),
        key=lambda one: one.name,
    )


def _kept(rows: QuerySet[Any], communes: QuerySet[Unit], period: Period) -> QuerySet[Any]:
    within = rows.filter(day__gte=period.first, day__lte=period.last).order_by()
    return within.filter(unit__in=communes.order_by().values("pk"))


def _sums(names: Sequence[str]) -> dict[str, Sum]:
    return {f"n_{name}": Sum(name) for name in names}
