"""Hours of a device as charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from vang.base.charts import GREEN, GREY, RED, Chart, ChartRow, Value
from vang.repairs.models import HourHealth

MINUTES_A_SAMPLE = 5


def charts(hours: Sequence[HourHealth]) -> list[Chart]:
    """Contact always; of the sensors only those that the device has."""
    if not hours:
        return []
    found = [
        Chart(
            "contact", _("Contact"), _("Hour"),
            (_("with contact"), _("without"), _("not known")),
            [_row(one, one.up * MINUTES_A_SAMPLE, one.down * MINUTES_A_SAMPLE,
                  one.unknown * MINUTES_A_SAMPLE) for one in hours],
            unit=_("minutes"), colours=(GREEN, RED, GREY),
        )
    ]  # fmt: skip
    return found + [
        _drawn(one, hours)
        for one in _sensors()
        if any(getattr(hour, one.lines[0][0]) is not None for hour in hours)
    ]


@dataclass(frozen=True)
class _Sensor:
    """``lines``: column and label; ``per``: stored units in one that is shown."""

    name: str
    title: str
    unit: str
    lines: Sequence[tuple[str, str]]
    decimals: int = 0
    per: int = 1


def _drawn(one: _Sensor, hours: Sequence[HourHealth]) -> Chart:
    def value(hour: HourHealth, column: str) -> Value:
        told = getattr(hour, column)
        return None if told is None else told / one.per

    labels = tuple(label for _column, label in one.lines)
    rows = [_row(hour, *(value(hour, column) for column, _label in one.lines)) for hour in hours]
    return Chart(
        one.name, one.title, _("Hour"), labels, rows,
        kind="lines", unit=one.unit, decimals=one.decimals,
    )  # fmt: skip


def _row(one: HourHealth, *values: Value) -> ChartRow:
    return ChartRow(timezone.localtime(one.begins).strftime("%H:%M %d/%m"), values)


def _sensors() -> list[_Sensor]:
    low, high = _("lowest"), _("highest")
    both = [("temperature_min", low), ("temperature_max", high)]
    return [
        _Sensor("battery", _("Battery"), "V", [("battery_min", low), ("battery_max", high)],
                2, 1000),
        _Sensor("supply", _("Supply voltage"), "V", [("supply_min", low)], 2, 1000),
        _Sensor("temperature", _("Temperature"), "°C", both, 1, 10),
        _Sensor("signal", _("Signal"), "dBm", [("signal_min", low)]),
        _Sensor("disk", _("Free storage"), "%", [("disk_min", low)]),
        _Sensor("memory", _("Free memory"), "MB", [("memory_min", low)]),
        _Sensor("cpu", _("Processor in use"), "%", [("cpu_max", high)]),
        _Sensor("clock", _("Bound of the clock's error"), "ms", [("clock_max", high)]),
    ]  # fmt: skip
