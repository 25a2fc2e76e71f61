"""What is ordered becomes a plan: pure, from the week's items to the bytes to sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from vang_protocol import strict_json
from vang_protocol.acceptance import refused_items
from vang_protocol.hours import Windows
from vang_protocol.instants import format_instant
from vang_protocol.limits import PLAN_COVERS
from vang_protocol.plans import Plan, PlanItem, Priority
from vang_protocol.reasons import Reason
from vang_protocol.relays import Relay, relay_table
from vang_protocol.volumes import ClusterOrders, orders_table

Item = TypeVar("Item", PlanItem, Relay)
COVERS_DAYS = 9
"""Two more than promised: so a quiet commune gets a new plan every other day, not every minute."""


@dataclass(frozen=True)
class Week:
    """What a unit's nodes are to do: allowed local windows, items by start, stopped item ids.

    ``placements`` maps an item's id to the key of the placement it comes from, ``sounds`` to that
    of a sound of the station, ``languages`` to the language of its sound, ``stations`` a relay's to
    the key of the station that is relayed.
    """

    zone: str
    hours: Windows
    items: tuple[PlanItem, ...]
    stopped: tuple[str, ...]
    placements: Mapping[str, int]
    languages: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, int] = field(default_factory=dict)
    orders: tuple[ClusterOrders, ...] = ()
    relays: tuple[Relay, ...] = ()
    stations: Mapping[str, int] = field(default_factory=dict)


def compile_plan(unit: str, version: int, week: Week, *, now: datetime) -> Plan:
    """The plan of ``week`` as of ``now``, cut to whole milliseconds."""
    issued = now.replace(microsecond=now.microsecond // 1000 * 1000)
    expires = issued + timedelta(days=COVERS_DAYS)
    return Plan(
        unit=unit,
        version=version,
        issued=issued,
        covers_from=issued,
        expires=expires,
        zone=week.zone,
        hours=week.hours,
        items=tuple(item for item in week.items if item.start < expires),
        stopped=week.stopped,
        orders=week.orders,
        relays=tuple(relay for relay in week.relays if relay.start < expires),
    )


def sendable(plan: Plan) -> tuple[Plan, Mapping[str, Reason]]:
    """The plan without the items that every node would refuse, and why each was left out.

    One such item must not hold up the rest, least of all an order to stop.
    """
    refused = dict(refused_items(plan))
    for item in plan.items:
        if item.priority is Priority.EMERGENCY:
            refused[item.id] = Reason.EMERGENCY_NOT_ALLOWED
    kept = tuple(item for item in plan.items if item.id not in refused)
    relays = tuple(relay for relay in plan.relays if relay.id not in refused)
    return replace(plan, items=kept, relays=relays), refused


def still_holds(plan: Plan, wanted: Plan, *, now: datetime) -> bool:
    """Whether ``plan`` still orders what ``wanted`` would, for at least 7 days from ``now``."""
    if plan.expires < now + PLAN_COVERS:
        return False
    return (
        (plan.zone, plan.hours, plan.orders) == (wanted.zone, wanted.hours, wanted.orders)
        and _ahead(plan.items, now, plan.expires) == _ahead(wanted.items, now, plan.expires)
        and _ahead(plan.relays, now, plan.expires) == _ahead(wanted.relays, now, plan.expires)
        and set(wanted.stopped) <= set(plan.stopped)
    )


def _ahead(items: Iterable[Item], now: datetime, until: datetime) -> dict[str, Item]:
    """Items that are not over and begin before ``until``."""
    return {
        item.id: item
        for item in items
        if item.start < until and item.start + timedelta(milliseconds=item.duration_ms) > now
    }


def content_hash(plan: Plan) -> str:
    """SHA-256 of what the plan orders, without version and times of issue."""
    orders: list[Any] = [
        plan.unit,
        plan.zone,
        [list(window) for window in plan.hours],
        [
            [item.id, format_instant(item.start), item.audio.sha256, *item.clusters]
            for item in plan.items
        ],
        list(plan.stopped),
    ]
    if plan.orders:
        orders.append([orders_table(one) for one in plan.orders])
    if plan.relays:
        orders.append([relay_table(one) for one in plan.relays])
    return strict_json.digest(strict_json.canonical(orders))
