"""The slot policy of a commune, and the quiet zones of its clusters."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import RULERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.models import QuietZone, SlotPolicy
from vang.airtime.policies import (
    DEFAULT_POLICY,
    BadPolicy,
    Fault,
    Hours,
    Policy,
    checked,
    checked_quiet,
    checked_volume,
)
from vang.airtime.queries import cluster_rules, policy_of
from vang.airtime.quiet import NEVER, ClusterRule, allowed_hours
from vang.airtime.ready_sets import READY_SETS
from vang.airtime.services.locking import lock_air
from vang.airtime.words import FAULTS, bad_policy
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster
from vang_protocol.limits import PLAN_HOURS
from vang_protocol.volumes import Loudness


def change_slot_policy(
    *,
    unit: Unit,
    hours: Iterable[Sequence[str]],
    longest_session_s: int,
    sessions_a_day: int,
    weekend: bool,
    by: Person,
    now: datetime,
    zone: str = DEFAULT_POLICY.zone,
    volume: Loudness = (),
    based_on: str = "",
    note: str = "",
    expected: Policy | None = None,
) -> SlotPolicy:
    """Set when the commune may sound. Raises Refusal.

    ``expected`` is the policy whose replacement was shown to the person; when another has been
    set meanwhile, what was confirmed is no longer what would happen. ``based_on`` names a ready
    set; ``note`` says why the policy goes beyond it.
    """
    pairs = tuple((str(opens), str(closes)) for opens, closes in hours)
    why = " ".join(clean_text(note).split())[:300]
    policy = Policy(pairs, longest_session_s, sessions_a_day, weekend, zone, volume, based_on, why)
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        before = policy_of(unit)
        if expected is not None and before != expected:
            raise Refusal("policy-changed", _POLICY_CHANGED)
        wanted = _checked(policy)
        _check_set(wanted)
        _check_zones(wanted, cluster_rules(unit).values())
        return _store(unit, before, wanted, by=by, now=now)


def change_quiet_zone(
    *,
    cluster: Cluster,
    quiet: Iterable[tuple[str, str]],
    volume: Loudness,
    because: str,
    by: Person,
    now: datetime,
) -> QuietZone:
    """When this cluster is silent or less loud than the others. Raises Refusal."""
    unit = cluster.unit
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        hours, levels = _checked_zone(tuple(quiet), volume)
        why = " ".join(clean_text(because).split())[:200]
        if (hours or levels) and not why:
            raise Refusal("say-why", _SAY_WHERE)
        policy = policy_of(unit)
        _check_zones(policy, [ClusterRule(hours)])
        if allowed_hours(policy.hours, hours) == NEVER:
            raise Refusal("always-quiet", _ALWAYS_QUIET)
        before = QuietZone.objects.filter(cluster=cluster).first()
        row, _created = QuietZone.objects.update_or_create(
            cluster=cluster,
            defaults={
                "quiet": [list(pair) for pair in hours],
                "volume": [list(level) for level in levels],
                "because": why,
                "changed_by": by,
                "changed_at": now,
            },
        )
        record(
            "change-quiet-zone",
            f"cluster:{cluster.pk}",
            by=by,
            unit=unit,
            now=now,
            name=cluster.name,
            before=before and {"quiet": before.quiet, "volume": before.volume},
            after={"quiet": row.quiet, "volume": row.volume, "because": why},
        )
        airtime_changed(unit.pk)
        return row


def _checked_zone(quiet: Hours, volume: Loudness) -> tuple[Hours, Loudness]:
    try:
        return checked_quiet(quiet), checked_volume(volume)
    except BadPolicy as error:
        raise bad_policy(error) from error


def _check_set(policy: Policy) -> None:
    if not policy.based_on:
        return
    ready = READY_SETS.get(policy.based_on)
    if ready is None:
        raise Refusal("unknown-set", _UNKNOWN_SET)
    if ready.exceeded_by(policy) and not policy.note:
        raise Refusal("say-why", _SAY_WHY)


def _check_zones(policy: Policy, rules: Iterable[ClusterRule]) -> None:
    """The plan has room for so many windows a cluster."""
    if any(len(allowed_hours(policy.hours, rule.quiet)) > PLAN_HOURS for rule in rules):
        raise Refusal(Fault.TOO_MANY_WINDOWS.value, FAULTS[Fault.TOO_MANY_WINDOWS])


def _checked(policy: Policy) -> Policy:
    try:
        return checked(policy)
    except BadPolicy as error:
        raise bad_policy(error) from error


def _store(unit: Unit, before: Policy, policy: Policy, *, by: Person, now: datetime) -> SlotPolicy:
    row, _created = SlotPolicy.objects.update_or_create(
        unit=unit, defaults={**_table(policy), "changed_by": by, "changed_at": now}
    )
    record(
        "change-slot-policy",
        f"slot-policy:{row.pk}",
        by=by,
        unit=unit,
        now=now,
        before=_table(before),
        after=_table(policy),
    )
    airtime_changed(unit.pk)
    return row


def _table(policy: Policy) -> dict[str, Any]:
    return {
        "hours": [list(window) for window in policy.hours],
        "longest_session_s": policy.longest_session_s,
        "sessions_a_day": policy.sessions_a_day,
        "weekend": policy.weekend,
        "zone": policy.zone,
        "volume": [list(level) for level in policy.volume],
        "based_on": policy.based_on,
        "note": policy.note,
    }


_UNKNOWN_SET = _("This ready set is not known.")
_SAY_WHY = _("Say on what ground the hours go beyond the chosen rule, such as a directive.")
_SAY_WHERE = _("Say why the cluster is quiet there, such as a school or a health station.")
_ALWAYS_QUIET = _("Then this cluster would never sound. Take it out of service instead.")
_POLICY_CHANGED = _("Somebody else changed the hours meanwhile. Look at the difference again.")
