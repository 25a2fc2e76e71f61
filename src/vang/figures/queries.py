"""Reading the kept sums: a handful of queries, however long the period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Cast

from vang.figures.counting import AIR, CHANNEL, CLUSTER, ORDER
from vang.figures.models import AirDay, ChannelDay, ClusterDay, Mark, OrderDay
from vang.figures.periods import Period, step_of
from vang.orgs.models import Unit
from vang.orgs.queries import at_or_under, valid_on, villages
from vang.stations.models import Cluster

SUMMED = (Unit.Level.COMMUNE, Unit.Level.DISTRICT)
"""Levels whose days are summed into those of the unit above."""
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
        for name in AIR:
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


def air(unit: Unit, period: Period) -> Air:
    """One query."""
    found = Air()
    rows = _within(AirDay.objects.filter(unit=unit), period)
    grouped = rows.values("day", "category", "relayed").annotate(**_sums(AIR)).order_by("day")
    for row in grouped:
        told = {name: row[f"n_{name}"] for name in AIR}
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


def beside(unit: Unit, period: Period, today: date) -> Beside:
    """What stands beside the airtime. One query."""
    ordered = _within(OrderDay.objects.filter(unit=unit), period)
    told = _within(ChannelDay.objects.filter(unit=unit), period)
    below = Unit.objects.filter(at_or_under(Unit.objects.filter(pk=unit.pk))).order_by()
    marks = _within(Mark.objects.filter(day__lte=today, unit__in=below.values("pk")), period)
    nothing = Value(0, IntegerField())
    rows = _columns(ordered, "orders", F("priority"), [Sum(name) for name in ORDER]).union(
        _columns(told, "channels", F("channel"), [*map(Sum, CHANNEL), *[nothing] * 3]),
        _columns(marks, "marks", Value(""), [Count("pk"), *[nothing] * 5]),
        all=True,
    )
    found = Beside()
    for kind, name, *sums in rows:
        if kind == "orders":
            found.orders[name] = dict(zip(ORDER, sums, strict=True))
        elif kind == "channels":
            found.channels[name] = dict(zip(CHANNEL, sums, strict=False))
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
    for row in rows.values("cluster").annotate(**_sums(CLUSTER)).order_by("cluster"):
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


def reached_below(unit: Unit, period: Period, on: date) -> list[Reached]:
    """The communes of a district; of a province, its districts, and communes right below it.

    By name. Two queries.
    """
    kept = _within(AirDay.objects.filter(unit__in=summed_below(unit.pk).values("pk")), period)
    grouped = kept.values_list("unit").annotate(**_sums(_UNIT))
    sums = {key: Sums(**dict(zip(_UNIT, told, strict=True))) for key, *told in grouped}
    places = summed_below(unit.pk).filter(valid_on(on)).only("level", "kind", "name")
    found = [Reached(one.full_name, sums.get(one.pk, Sums()), unit=one.pk) for one in places]
    return sorted(found, key=lambda one: one.name)


def summed_below(unit: int) -> QuerySet[Unit]:
    """Whose days make up those of the district or province with this key, in force or not: what a
    commune gave out before it was merged was given out in its district."""
    return Unit.objects.filter(parent=unit, level__in=SUMMED).order_by()


def _within(rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
    return rows.filter(day__gte=period.first, day__lte=period.last).order_by()


def _sums(names: Sequence[str]) -> dict[str, Sum]:
    return {f"n_{name}": Sum(name) for name in names}
