"""What the commune's airtime orders for the coming days, in the protocol's words."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from vang.airtime.days import Item as Timed
from vang.airtime.policies import Policy
from vang.airtime.queries import PlanItem as Ordered
from vang.airtime.queries import cluster_rules, policy_of, stopped_items, week_ahead
from vang.airtime.quiet import Rules, allowed_hours
from vang.dispatch.compiling import COVERS_DAYS, Week
from vang.dispatch.keys import relay_key
from vang.orgs.models import Unit
from vang_protocol.limits import TITLE_CHARS
from vang_protocol.plans import Audio, PlanItem
from vang_protocol.relays import Relay
from vang_protocol.volumes import ClusterOrders

RELAY_BUFFER_MS = 1_500
"""Longer than a microphone's: nobody waits for an answer, and another server's stream is uneven."""
TAIL = timedelta(seconds=10)
"""An item that ended this long ago stays: a node may still be on its last words."""
STOPS_KEPT = timedelta(days=2)
_PADDING_MS = 1000  # the last frame of a file is filled up


def ordered_week(unit: Unit, *, now: datetime) -> Week:
    """Items, hours and stops that the newest plan of ``unit`` must carry."""
    policy = policy_of(unit)
    stopped = stopped_items(unit, now - STOPS_KEPT)
    ahead = week_ahead(unit, now - TAIL, days=COVERS_DAYS + 1)
    # Whatever else is true: stopped is stopped.
    ordered = [entry for entry in ahead.items if entry.item.id not in stopped]
    carried = [item for item in ahead.relays if item.id not in stopped]
    return Week(
        zone=policy.zone,
        hours=policy.hours,
        items=tuple(_item(entry) for entry in ordered),
        stopped=tuple(stopped),
        placements={e.item.id: e.item.placement for e in ordered if e.edition},
        sounds={e.item.id: e.item.sound for e in ordered if not e.edition},
        languages={entry.item.id: entry.item.language for entry in ordered},
        orders=_orders(policy, cluster_rules(unit)),
        relays=_relays(unit, carried, now),
        stations={item.id: item.relay for item in carried},
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


def _relays(unit: Unit, items: list[Timed], now: datetime) -> tuple[Relay, ...]:
    """What is carried as it comes, each with a session of its own and the commune's key of them."""
    if not items:
        return ()
    key = relay_key(unit, now=now).public.public
    return tuple(
        Relay(
            id=item.id,
            title=item.title[:TITLE_CHARS],
            start=item.start,
            duration_ms=item.duration_ms,
            clusters=tuple(sorted(item.clusters)),
            volume_db=0,
            session=relay_session(unit, item.id),
            key=key,
            buffer_ms=RELAY_BUFFER_MS,
        )
        for item in items
        if item.clusters
    )


def relay_session(unit: Unit, item: str) -> str:
    """16 hex digits that are the same whenever the plan is compiled, and no others'."""
    return hashlib.sha256(f"relay:{unit.code}:{unit.valid_from}:{item}".encode()).hexdigest()[:16]


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
