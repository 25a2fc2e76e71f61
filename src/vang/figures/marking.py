"""Which days are to be counted again: told in the transaction of every change."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from vang.base.clock import local_date
from vang.bulletins.models import Edition
from vang.figures.models import Mark
from vang.orgs.models import Unit

Day = tuple[int, date]
"""(key of a commune, day)."""


def days_changed(unit: Unit, days: Collection[date], now: datetime) -> None:
    """Watcher of the as-run log."""
    mark({(unit.pk, day) for day in days}, local_date(now))


def deliveries_changed(editions: Collection[Edition], now: datetime) -> None:
    """Watcher of the channels: an edition counts on the day of its release."""
    mark({(one.unit_id, local_date(one.released_at)) for one in editions}, local_date(now))


def mark(days: Iterable[Day], today: date) -> None:
    """Add a mark for each; days after tomorrow, which nobody counts yet, are marked once."""
    wanted = set(days)
    far = {(unit, day) for unit, day in wanted if day > today + timedelta(days=1)}
    if far:
        units = {unit for unit, _day in far}
        known = Mark.objects.filter(unit__in=units, day__gt=today + timedelta(days=1))
        wanted -= set(known.order_by().values_list("unit", "day"))
    rows = [Mark(unit_id=unit, day=day) for unit, day in sorted(wanted)]
    Mark.objects.bulk_create(rows, batch_size=500)
