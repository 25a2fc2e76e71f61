"""What holds for one cluster alone: its hours, how loud it may be and how much later it sounds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vang_protocol import fields
from vang_protocol.hours import Windows, parse_window, parse_windows, zone_named
from vang_protocol.limits import DELAY_MS, ITEM_CLUSTERS, PLAN_HOURS, VOLUME_FLOOR_DB

Loudness = tuple[tuple[str, str, int], ...]
"""("21:00", "24:00", -12): from 21:00 on, 12 dB below the ceiling. Elsewhere 0."""


@dataclass(frozen=True)
class ClusterOrders:
    """What holds for one cluster alone.

    ``hours``: windows within the plan's outside which it is silent; empty: the plan's alone hold.
    ``delay_ms``: everything is heard this much after its instant (0 to 500), so that neighbouring
    horns do not echo.
    """

    cluster: str
    hours: Windows = ()
    ceiling_db: int = 0
    volume: Loudness = ()
    delay_ms: int = 0


def relative_db(at: datetime, *, zone: str, volume: Loudness) -> int:
    """The quietest of the windows that hold ``at`` on the wall clock of ``zone``; 0 in none."""
    clock = at.astimezone(zone_named(zone)).strftime("%H:%M")
    return min((db for opens, closes, db in volume if opens <= clock < closes), default=0)


def level_db(
    at: datetime, *, zone: str, orders: ClusterOrders | None, item_db: int, ceiling_db: int
) -> int:
    """The level at ``at``: never above the item's, the node's or the office's ceiling."""
    if orders is None:
        return min(item_db, ceiling_db)
    ceiling = min(ceiling_db, orders.ceiling_db)
    wanted = ceiling + relative_db(at, zone=zone, volume=orders.volume)
    return max(VOLUME_FLOOR_DB, min(item_db, wanted))


def parse_orders(value: Any) -> tuple[ClusterOrders, ...]:
    """Raises Refused(BAD_FIELDS). An empty list is not written: the field is left out."""
    entries = fields.rows(value, "orders", ITEM_CLUSTERS)
    if not entries:
        fields.wrong("orders", "empty: leave it out")
    orders = tuple(_orders(entry, f"orders[{index}]") for index, entry in enumerate(entries))
    if len({one.cluster for one in orders}) != len(orders):
        fields.wrong("orders", "a cluster appears twice")
    return orders


_FIELDS = ["cluster", "hours", "ceiling_db", "volume"]


def _orders(value: Any, where: str) -> ClusterOrders:
    table = fields.table(value, where, _FIELDS, ["delay_ms"])
    rows = fields.rows(table["volume"], f"{where}.volume", PLAN_HOURS)
    return ClusterOrders(
        cluster=fields.identifier(table["cluster"], f"{where}.cluster"),
        hours=parse_windows(table["hours"]),
        ceiling_db=fields.whole(table["ceiling_db"], f"{where}.ceiling_db", VOLUME_FLOOR_DB, 0),
        volume=tuple(_level(row, f"{where}.volume") for row in rows),
        delay_ms=_delay(table["delay_ms"], where) if "delay_ms" in table else 0,
    )


def _delay(value: Any, where: str) -> int:
    """No delay is not written, so that a plan has one encoding."""
    return fields.whole(value, f"{where}.delay_ms", 1, DELAY_MS)


def _level(value: Any, where: str) -> tuple[str, str, int]:
    row = fields.rows(value, where, 3)
    if len(row) != 3:
        fields.wrong(where, "not from, to, dB")
    opens, closes = parse_window(row[:2])
    return opens, closes, fields.whole(row[2], where, VOLUME_FLOOR_DB, 0)


def orders_table(orders: ClusterOrders) -> dict[str, Any]:
    table: dict[str, Any] = {
        "cluster": orders.cluster,
        "hours": [list(window) for window in orders.hours],
        "ceiling_db": orders.ceiling_db,
        "volume": [list(row) for row in orders.volume],
    }
    if orders.delay_ms:
        table["delay_ms"] = orders.delay_ms
    return table
