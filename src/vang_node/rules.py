"""What the plan says for this cluster: hours, loudness, delay, relays. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vang_protocol.acceptance import AcceptedPlan, quiet_items
from vang_protocol.hours import within_hours
from vang_protocol.plans import Plan, PlanItem, Priority
from vang_protocol.reasons import Reason
from vang_protocol.relays import Relay
from vang_protocol.volumes import level_db


@dataclass(frozen=True)
class Rules:
    """``plan`` None: there is none yet. ``refused``: its items that may not sound here."""

    cluster: str
    plan: Plan | None = None
    refused: Mapping[str, Reason] = field(default_factory=dict)

    @classmethod
    def of(cls, accepted: AcceptedPlan, cluster: str) -> "Rules":
        plan = accepted.plan
        return cls(cluster, plan, {**quiet_items(plan, cluster), **accepted.refused_items})

    @property
    def delay_us(self) -> int:
        """How much later than its time the installer wants everything heard here."""
        orders = self.plan.orders_for(self.cluster) if self.plan else None
        return orders.delay_ms * 1000 if orders else 0

    def forbids(self, item: PlanItem) -> Reason | None:
        """Why the planned item may never sound here."""
        if self.plan is not None and item.start >= self.plan.expires:
            return Reason.PLAN_EXPIRED
        return self.refused.get(item.id)

    def closed(self, start: datetime, length_ms: int) -> Reason | None:
        """Why nothing may sound here then: the plan's hours, or the cluster's own if it has any."""
        if self.plan is None:
            return Reason.NO_PLAN
        if not within_hours(start, length_ms, zone=self.plan.zone, hours=self.plan.hours):
            return Reason.OUTSIDE_HOURS
        own = self._own_hours(self.plan)
        quiet = not within_hours(start, length_ms, zone=self.plan.zone, hours=own)
        return Reason.QUIET_HOURS if quiet else None

    def allow(self, start: datetime, length_ms: int) -> bool:
        """Whether a planned item may go on for so long then."""
        expired = self.plan is not None and start >= self.plan.expires
        return not expired and self.closed(start, length_ms) is None

    def level_db(self, item: PlanItem, at: datetime, ceiling_db: int) -> int:
        """How loud the item is at ``at``, in dB. An emergency keeps to the ceiling alone."""
        if self.plan is None or item.priority is Priority.EMERGENCY:
            return min(item.volume_db, ceiling_db)
        orders = self.plan.orders_for(self.cluster)
        return level_db(
            at, zone=self.plan.zone, orders=orders, item_db=item.volume_db, ceiling_db=ceiling_db
        )

    def relays(self) -> list[Relay]:
        """Those of the plan that may be heard on this cluster."""
        plan = self.plan
        if plan is None:
            return []
        return [
            one
            for one in plan.relays
            if self.cluster in one.clusters
            and one.id not in plan.stopped
            and one.id not in self.refused
            and one.start < plan.expires
        ]

    def _own_hours(self, plan: Plan) -> tuple[tuple[str, str], ...]:
        orders = plan.orders_for(self.cluster)
        return orders.hours if orders and orders.hours else plan.hours
