"""The slot policy of a commune."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.access import RULERS, guard
from vang.airtime.changes import airtime_changed
from vang.airtime.models import SlotPolicy
from vang.airtime.policies import DEFAULT_POLICY, BadPolicy, Policy, checked
from vang.airtime.queries import policy_of
from vang.airtime.services.locking import lock_air
from vang.airtime.words import bad_policy
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person


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
    expected: Policy | None = None,
) -> SlotPolicy:
    """Set when the commune may sound. Raises Refusal.

    ``expected`` is the policy whose replacement was shown to the person; when another has been
    set meanwhile, what was confirmed is no longer what would happen.
    """
    pairs = tuple((str(opens), str(closes)) for opens, closes in hours)
    policy = Policy(pairs, longest_session_s, sessions_a_day, weekend, zone)
    with transaction.atomic():
        lock_air(unit)
        guard(by, RULERS, unit, now)
        before = policy_of(unit)
        if expected is not None and before != expected:
            raise Refusal("policy-changed", _POLICY_CHANGED)
        return _store(unit, before, _checked(policy), by=by, now=now)


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
    }


_POLICY_CHANGED = _("Somebody else changed the hours meanwhile. Look at the difference again.")
