"""The loudspeakers' part of an edition: delivered once a whole play is proved somewhere."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from vang.bulletins.events import deliveries_changed
from vang.bulletins.models import Delivery
from vang.evidence.models import AsRun
from vang.evidence.outcomes import is_proved

State = AsRun.State
_OPEN = {State.PLANNED, State.PLAYING}
NOT_PROVED = "no-play-proved"
SPEAKER = "speaker"
"""The name of the loudspeakers among the channels."""


def settle_deliveries(editions: Collection[UUID], *, now: datetime) -> None:
    """Bring the loudspeakers' deliveries of ``editions`` up to what the as-run rows say.

    What is withdrawn, or was corrected before it was heard, stays as it is.
    """
    rows: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    found = AsRun.objects.filter(planned__edition__in=editions).exclude(state=State.WITHDRAWN)
    columns = found.order_by().values_list("planned__edition", "state", "reason")
    for edition, state, reason in columns:
        rows[edition].append((state, reason))
    deliveries = (
        Delivery.objects.filter(edition__in=editions, channel=SPEAKER)
        .exclude(act=Delivery.Act.WITHDRAW)
        .exclude(state=Delivery.State.DROPPED)
        .select_related("edition")
        .defer("edition__text")
        .order_by("pk")
    )
    changed = [one for one in deliveries if _settle(one, rows[one.edition_id], now)]
    Delivery.objects.bulk_update(changed, ["state", "detail", "delivered_at", "changed_at"])
    deliveries_changed([one.edition for one in changed], now)


def _settle(delivery: Delivery, rows: Iterable[tuple[str, str]], now: datetime) -> bool:
    state = outcome(rows)
    if delivery.state == state:
        return False
    delivery.state, delivery.changed_at = state, now
    delivery.detail = NOT_PROVED if state == Delivery.State.FAILED else ""
    if state == Delivery.State.DONE and delivery.delivered_at is None:
        delivery.delivered_at = now
    return True


def outcome(rows: Iterable[tuple[str, str]]) -> Delivery.State:
    """Failed only when every play is over and none of them is proved."""
    told = list(rows)
    if any(is_proved(state, reason) for state, reason in told):
        return Delivery.State.DONE
    if not told or any(state in _OPEN for state, _reason in told):
        return Delivery.State.QUEUED
    return Delivery.State.FAILED
