"""What the commune's airtime orders for the coming days, in the protocol's words."""

from dataclasses import replace
from datetime import datetime, timedelta

from vang.airtime.policies import Policy
from vang.airtime.queries import PlanItem as Ordered
from vang.airtime.queries import cluster_rules, policy_of, stopped_items, weeks_items
from vang.airtime.quiet import Rules, allowed_hours
from vang.dispatch.compiling import COVERS_DAYS, Week
from vang.orgs.models import Unit
from vang_protocol.limits import TITLE_CHARS
from vang_protocol.plans import Audio, PlanItem
from vang_protocol.volumes import ClusterOrders

TAIL = timedelta(seconds=10)
"""An item that ended this long ago stays: a node may still be on its last words."""
STOPS_KEPT = timedelta(days=2)
_PADDING_MS = 1000  # the last frame of a file is filled up


def ordered_week(unit: Unit, *, now: datetime) -> Week:
    """Items, hours and stops that the newest plan of ``unit`` must carry."""
    policy = policy_of(unit)
    stopped = stopped_items(unit, now - STOPS_KEPT)
    ordered = [
        entry
        for entry in weeks_items(unit, now - TAIL, days=COVERS_DAYS + 1)
        if entry.item.id not in stopped  # whatever else is true: stopped is stopped
    ]
    return Week(
        zone=policy.zone,
        hours=policy.hours,
        items=tuple(_item(entry) for entry in ordered),
        stopped=tuple(stopped),
        placements={e.item.id: e.item.placement for e in ordered if e.edition},
        sounds={e.item.id: e.item.sound for e in ordered if not e.edition},
        languages={entry.item.id: entry.item.language for entry in ordered},
        orders=_orders(policy, cluster_rules(unit)),
    )


def _orders(policy: Policy, rules: Rules) -> tuple[ClusterOrders, ...]:
    """What holds for single clusters: only where something does."""
    found = (
        ClusterOrders(
            code,
            hours=allowed_hours(policy.hours, rule.quiet) if rule.quiet else (),
            ceiling_db=rule.ceiling_db,
            volume=(*policy.volume, *rule.volume),
            delay_ms=rule.delay_ms,
        )
        for code, rule in rules.items()
    )
    return tuple(one for one in found if replace(one, cluster="") != ClusterOrders(""))


def _item(entry: Ordered) -> PlanItem:
    item, edition, sound = entry.item, entry.edition, entry.sound
    return PlanItem(
        id=item.id,
        edition=str(edition.pk) if edition else f"sound-{item.sound}",
        title=item.title[:TITLE_CHARS],
        start=item.start,
        duration_ms=item.duration_ms,
        priority=item.priority,
        audio=Audio(sound.sha256, sound.size, "opus", sound.duration_ms),
        clusters=tuple(sorted(item.clusters)),
        max_play_ms=sound.duration_ms + _PADDING_MS,
        volume_db=0,
        resume=item.resume,
    )
