"""How devices fared, as few rows as tell it: hours for a fortnight, days for three years."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from vang.base.clock import local_date
from vang.repairs.devices import Device
from vang.repairs.kinds import State, clock_error_ms, disk_pct, health, signal_dbm
from vang.repairs.models import DayHealth, HourHealth, PlayCheck
from vang.stations.models import Node
from vang.stations.presence import Presence

EVERY = timedelta(minutes=5)
HOURS_KEPT = timedelta(days=14)
DAYS_KEPT = timedelta(days=3 * 366)
CHECKS_KEPT = timedelta(days=90)
_COUNTS = ("up", "down", "unknown", "silent")
_BATCH = 1000


def _reading(name: str) -> Callable[[State], int | None]:
    return lambda state: health(state, name)


_EXTREMES: Mapping[str, tuple[Callable[[int, int], int], Callable[[State], int | None]]] = {
    "battery_min": (min, _reading("battery_mv")),
    "battery_max": (max, _reading("battery_mv")),
    "supply_min": (min, _reading("supply_mv")),
    "temperature_min": (min, _reading("temperature_c10")),
    "temperature_max": (max, _reading("temperature_c10")),
    "disk_min": (min, disk_pct),
    "memory_min": (min, _reading("memory_free_mb")),
    "cpu_max": (max, _reading("cpu_pct")),
    "signal_min": (min, signal_dbm),
    "clock_max": (max, clock_error_ms),
}
_MOST = {"memory_min": 2**31 - 1}
_WRITTEN = [*_COUNTS, *_EXTREMES]


def sample(devices: Iterable[Device], before: datetime | None, *, now: datetime) -> bool:
    """Add one sample of every device to its hour, unless these five minutes have one."""
    if before is not None and _slot(before) >= _slot(now):
        return False
    begins = now.replace(minute=0, second=0, microsecond=0)
    if before is None or before < begins:
        roll_up(before=begins)
        forget(now=now)
    known = {row.node_id: row for row in HourHealth.objects.filter(begins=begins).order_by()}
    rows = []
    for device in devices:
        row = known.get(device.node) or HourHealth(node_id=device.node, begins=begins)
        _add(row, device)
        rows.append(row)
    HourHealth.objects.bulk_create(
        [_without_key(row) for row in rows], batch_size=_BATCH, update_conflicts=True,
        unique_fields=["node", "begins"], update_fields=_WRITTEN,
    )  # fmt: skip
    return True


def _slot(moment: datetime) -> int:
    return int(moment.timestamp() // EVERY.total_seconds())


def _without_key(row: HourHealth) -> HourHealth:
    """Written as new: the conflict finds the row that is there."""
    row.pk = None
    row._state.adding = True
    return row


def _add(row: HourHealth, device: Device) -> None:
    if device.presence is Presence.NEVER:
        return
    name = {Presence.ONLINE: "up", Presence.OFFLINE: "down"}.get(device.presence, "unknown")
    setattr(row, name, getattr(row, name) + 1)
    state = device.readings
    if state.get("sink") in {"silent", "failed"}:
        row.silent += 1
    for column, (better, read) in _EXTREMES.items():
        _fold(row, column, better, read(state))


def _fold(row: Any, column: str, better: Callable[[int, int], int], found: int | None) -> None:
    if found is None:
        return
    found = min(found, _MOST.get(column, found))
    known = getattr(row, column)
    setattr(row, column, found if known is None else better(known, found))


def roll_up(*, before: datetime) -> int:
    """Count finished hours in their days, each once. How many."""
    hours = list(HourHealth.objects.filter(rolled=False, begins__lt=before).order_by("pk"))
    if not hours:
        return 0
    clusters = dict(Node.objects.filter(pk__in={one.node_id for one in hours}).values_list(
        "pk", "cluster_id"
    ))  # fmt: skip
    dates = {local_date(one.begins) for one in hours}
    days = {(one.node_id, one.day): one for one in DayHealth.objects.filter(day__in=dates)}
    for hour in hours:
        day = local_date(hour.begins)
        row = days.setdefault(
            (hour.node_id, day),
            DayHealth(node_id=hour.node_id, day=day, cluster_id=clusters[hour.node_id]),
        )
        for name in _COUNTS:
            setattr(row, name, getattr(row, name) + getattr(hour, name))
        for column, (better, _read) in _EXTREMES.items():
            _fold(row, column, better, getattr(hour, column))
    touched = {(one.node_id, local_date(one.begins)) for one in hours}
    rows = [days[key] for key in touched]
    for row in rows:
        row.pk = None
        row._state.adding = True
    DayHealth.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["node", "day"],
        update_fields=_WRITTEN,
    )  # fmt: skip
    return HourHealth.objects.filter(rolled=False, begins__lt=before).update(rolled=True)


def forget(*, now: datetime) -> None:
    """What is too old to be looked at."""
    HourHealth.objects.filter(begins__lt=now - HOURS_KEPT, rolled=True).delete()
    DayHealth.objects.filter(day__lt=local_date(now - DAYS_KEPT)).delete()
    PlayCheck.objects.filter(told_at__lt=now - CHECKS_KEPT).delete()
