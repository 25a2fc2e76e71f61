"""Whether a plan may be followed. The same rule on the node and on the server.

In this order, each with one reason: size, envelope, payload type, signature by a pinned key of
the unit, fields, unit, no emergency under the routine key, version, expiry, time of issue.
Items outside the allowed hours are refused one by one; the rest of the plan stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from vang_protocol.envelopes import PLAN_TYPE, PublicKey, open_envelope
from vang_protocol.hours import within_hours
from vang_protocol.instants import format_instant
from vang_protocol.limits import ISSUED_AHEAD, PLAN_BYTES
from vang_protocol.plans import Plan, PlanItem, Priority, parse_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.relays import Relay
from vang_protocol.strict_json import digest

__all__ = ["AcceptedPlan", "Refused", "accept_plan"]


@dataclass(frozen=True)
class AcceptedPlan:
    """``sha256`` is that of the envelope bytes; ``refused_items`` maps item id to reason."""

    plan: Plan
    sha256: str
    refused_items: Mapping[str, Reason]


def accept_plan(
    data: bytes,
    *,
    unit: str,
    routine_keys: Iterable[PublicKey],
    current: tuple[int, str] | None,
    now: datetime,
) -> AcceptedPlan:
    """The plan in the envelope ``data``; raises Refused(reason).

    ``current`` is (version, sha256 of the envelope) of the plan followed until now.
    ``now`` must be a time the caller trusts.
    """
    payload = open_envelope(data, payload_type=PLAN_TYPE, keys=routine_keys, limit=PLAN_BYTES)
    plan = parse_plan(payload)
    sha256 = digest(data)
    _check_audience(plan, unit)
    _check_version(plan, sha256, current)
    _check_times(plan, now)
    return AcceptedPlan(plan, sha256, refused_items(plan))


def refused_items(plan: Plan) -> dict[str, Reason]:
    """The items that must not sound although the plan as a whole is good."""
    return {
        one.id: Reason.OUTSIDE_HOURS
        for one, length_ms in _lengths(plan)
        if not within_hours(one.start, length_ms, zone=plan.zone, hours=plan.hours)
    }


def quiet_items(plan: Plan, cluster: str) -> dict[str, Reason]:
    """The items that must not sound on this cluster, which has hours of its own."""
    orders = plan.orders_for(cluster)
    if orders is None or not orders.hours:
        return {}
    return {
        one.id: Reason.QUIET_HOURS
        for one, length_ms in _lengths(plan)
        if not (isinstance(one, PlanItem) and one.priority is Priority.EMERGENCY)
        and not within_hours(one.start, length_ms, zone=plan.zone, hours=orders.hours)
    }


def _lengths(plan: Plan) -> Iterator[tuple[PlanItem | Relay, int]]:
    """Everything that sounds, with how long it can (ms)."""
    yield from ((item, item.sounding_ms) for item in plan.items)
    yield from ((relay, relay.duration_ms) for relay in plan.relays)


def _check_audience(plan: Plan, unit: str) -> None:
    if plan.unit != unit:
        raise Refused(Reason.WRONG_UNIT, f"for {plan.unit}, this is {unit}")
    if any(item.priority is Priority.EMERGENCY for item in plan.items):
        raise Refused(Reason.EMERGENCY_NOT_ALLOWED)


def _check_version(plan: Plan, sha256: str, current: tuple[int, str] | None) -> None:
    if current is None:
        return
    version, known = current
    if plan.version < version:
        raise Refused(Reason.OLDER_VERSION, f"{plan.version}, already at {version}")
    if plan.version == version and sha256 != known:
        raise Refused(Reason.VERSION_CONFLICT, f"version {version}")


def _check_times(plan: Plan, now: datetime) -> None:
    if now >= plan.expires:
        raise Refused(Reason.EXPIRED, format_instant(plan.expires))
    if plan.issued > now + ISSUED_AHEAD:
        raise Refused(Reason.ISSUED_IN_FUTURE, format_instant(plan.issued))
