"""Counting days again: the only writes of this room."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate

from vang.airtime.models import Placement, StationSound
from vang.base.clock import VIETNAM, local_date
from vang.bulletins.models import Delivery, Edition
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.figures.counting import (
    AIR,
    CHANNEL,
    ORDER,
    Order,
    Play,
    by_channel,
    by_cluster,
    by_kind,
    by_priority,
)
from vang.figures.marking import Day
from vang.figures.models import AirDay, ChannelDay, ClusterDay, Mark, OrderDay
from vang.figures.queries import SUMMED, summed_below
from vang.orgs.models import Unit
from vang.pool.models import Taking

MOST_AT_ONCE = 200
_KEPT: tuple[type[AirDay | ClusterDay | OrderDay | ChannelDay], ...] = (
    AirDay,
    ClusterDay,
    OrderDay,
    ChannelDay,
)
_ABOVE = {Unit.Level.DISTRICT, Unit.Level.PROVINCE}
_SUMMED_UP: tuple[tuple[type[Any], Sequence[str], Sequence[str]], ...] = (
    (AirDay, ("category", "relayed"), AIR),
    (OrderDay, ("priority",), ORDER),
    (ChannelDay, ("channel",), CHANNEL),
)


def recount_due(*, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Count marked days that have come again, newest first, then what they are summed into. How
    many."""
    marks = Mark.objects.filter(day__lte=local_date(now)).order_by("-day", "unit")
    done = 0
    while due := list(marks.values_list("unit", "day").distinct()[: most - done]):
        for unit, day in due:
            recount_day(unit, day)
        done += len(due)
    return done


def recount_day(unit: int, day: date) -> None:
    """Count one day of a unit again, mark that of the unit above and take its own marks away.

    Two that count the same unit go one after the other. A change that is committed while this
    counts leaves a mark of its own.
    """
    with transaction.atomic():
        place = Unit.objects.select_for_update(no_key=True).only("level", "parent").get(pk=unit)
        marks = list(Mark.objects.filter(unit=unit, day=day).values_list("pk", flat=True))
        for model in _KEPT:
            model.objects.filter(unit=unit, day=day).delete()
        if place.level in _ABOVE:
            _sum_up(unit, day)
        else:
            _count(unit, day)
        if place.parent_id is not None and place.level in SUMMED:
            Mark.objects.create(unit_id=place.parent_id, day=day)
        Mark.objects.filter(pk__in=marks).delete()


def _count(unit: int, day: date) -> None:
    """From the unit's own log, orders and deliveries."""
    plays, orders = log_of(unit, day)
    AirDay.objects.bulk_create(
        AirDay(unit_id=unit, day=day, category=category, relayed=relayed, **sums)
        for (category, relayed), sums in by_kind(plays).items()
    )
    ClusterDay.objects.bulk_create(
        ClusterDay(unit_id=unit, day=day, cluster_id=cluster, **sums)
        for cluster, sums in by_cluster(plays).items()
    )
    OrderDay.objects.bulk_create(
        OrderDay(unit_id=unit, day=day, priority=priority, **sums)
        for priority, sums in by_priority(orders).items()
    )
    ChannelDay.objects.bulk_create(
        ChannelDay(unit_id=unit, day=day, channel=channel, **sums)
        for channel, sums in by_channel(deliveries_of(unit, day)).items()
    )


def _sum_up(unit: int, day: date) -> None:
    """From the days of those right below it."""
    for model, kinds, names in _SUMMED_UP:
        below = model.objects.filter(unit__in=summed_below(unit).values("pk"), day=day)
        sums = {f"n_{name}": Sum(name) for name in names}
        model.objects.bulk_create(
            model(
                unit_id=unit,
                day=day,
                **{kind: row[kind] for kind in kinds},
                **{name: row[f"n_{name}"] for name in names},
            )
            for row in below.order_by().values(*kinds).annotate(**sums)
        )


def log_of(unit: int, day: date) -> tuple[list[Play], list[Order]]:
    """The as-run log of a local day, without what was withdrawn; and what of it was ordered
    "now". One query."""
    begins, ends = day_bounds(day)
    rows = AsRun.objects.filter(
        planned__unit=unit, planned_start__gte=begins, planned_start__lt=ends
    ).exclude(state=AsRun.State.WITHDRAWN)
    plays, orders = [], []
    for row in rows.order_by().values(*_COLUMNS):
        play = _play(row)
        plays.append(play)
        if row["planned__placement__kind"] == Placement.Kind.NOW:
            orders.append(_order(row, play))
    return plays, orders


_COLUMNS = (
    *("planned", "planned_start", "cluster", "state", "reason"),
    *("played_ms", "error_us", "actual_start"),
    *("planned__placement", "planned__placement__kind", "planned__placement__placed_at"),
    *("planned__edition__category", "planned__edition__priority"),
    "planned__edition__bulletin__taking__kind",
    *("planned__sound__kind", "planned__sound__relayed_from", "planned__relay"),
)


def _play(row: Mapping[str, Any]) -> Play:
    placement = row["planned__placement"]
    taken = row["planned__edition__bulletin__taking__kind"] == Taking.Kind.TAKEN
    return Play(
        broadcast=f"p{placement}" if placement else f"s{row['planned']}",
        start=row["planned_start"],
        cluster=row["cluster"],
        category=row["planned__edition__category"]
        or row["planned__sound__kind"]
        or StationSound.Kind.RELAY,
        relayed=taken or bool(row["planned__sound__relayed_from"] or row["planned__relay"]),
        state=row["state"],
        reason=row["reason"],
        played_ms=row["played_ms"],
        error_us=row["error_us"],
    )


def _order(row: Mapping[str, Any], play: Play) -> Order:
    return Order(
        placement=row["planned__placement"],
        priority=row["planned__edition__priority"],
        ordered_at=row["planned__placement__placed_at"],
        fate=play.fate,
        began=row["actual_start"],
    )


def deliveries_of(unit: int, day: date) -> Iterable[tuple[str, str, bool]]:
    """(channel, state, whether delivered) of the editions released on a local day."""
    begins, ends = day_bounds(day)
    rows = Delivery.objects.filter(
        edition__unit=unit, edition__released_at__gte=begins, edition__released_at__lt=ends
    )
    for channel, state, at in rows.order_by().values_list("channel", "state", "delivered_at"):
        yield channel, state, at is not None


def mark_everything() -> int:
    """Mark every day that has or ever had something to count. How many."""
    days = set(_days(AsRun.objects.all(), "planned__unit", "planned_start"))
    days |= set(_days(Edition.objects.all(), "unit", "released_at"))
    for model in _KEPT:
        days |= set(model.objects.order_by().values_list("unit", "day").distinct())
    marks = [Mark(unit_id=unit, day=day) for unit, day in sorted(days)]
    Mark.objects.bulk_create(marks, batch_size=1000)
    return len(marks)


def rebuild(*, now: datetime, told: Callable[[int], None] = lambda _done: None) -> int:
    """Count everything anew, whatever the kept sums say. How many days."""
    mark_everything()
    total = 0
    while done := recount_due(now=now):
        total += done
        told(total)
    return total


def _days(rows: QuerySet[AsRun] | QuerySet[Edition], unit: str, at: str) -> Iterable[Day]:
    on = TruncDate(at, tzinfo=VIETNAM)
    return rows.order_by().annotate(on=on).values_list(unit, "on").distinct()
