"""Working deliveries off: claim, act, settle, note. Safe to run in many places at once.

Rules:
- A delivery is claimed by moving ``due_at`` ahead; of two workers one succeeds. Whoever dies with
  a claim loses it when that time comes.
- The outcome is written only where act and claim are still the same: a correction or withdrawal
  that came in between wins, and is due itself.
- After a failure it is tried again after 2, 4, 8 … 64 minutes, and for ever.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from vang.bulletins.events import deliveries_changed
from vang.bulletins.models import Delivery
from vang.channels.channel import Channel, Done, NotDelivered, Outcome, Waiting
from vang.channels.queries import due
from vang.channels.registry import channels, find_channel
from vang.journal.services import record
from vang.orgs.models import Unit

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
_A_TURN = 200
_LONGEST_WAIT = 6  # 2^6 minutes
Act, State = Delivery.Act, Delivery.State


@dataclass
class Task:
    """A claimed delivery and what came of it."""

    delivery: Delivery
    claim: datetime
    outcome: Outcome | NotDelivered = field(default_factory=Done)

    @property
    def succeeded(self) -> bool:
        return not isinstance(self.outcome, NotDelivered)


def work_off(*, now: datetime, unit_id: int | None = None, slow: bool | None = None) -> list[str]:
    """Do what is due: of one unit or of all; ``slow``: only such channels, or only the others.

    Returns ``portal 20662: 2`` and so on for what was attempted.
    """
    wanted = due(now, unit_id=unit_id)
    if slow is not None:
        names = [one.name for one in channels() if one.slow]
        wanted = wanted.filter(channel__in=names) if slow else wanted.exclude(channel__in=names)
    return [_work(*group, now) for group in _groups(wanted[:_A_TURN])]


def _groups(deliveries: Iterable[Delivery]) -> list[tuple[str, Unit, list[Delivery]]]:
    """By channel and unit; of one unit the channels in their order."""
    found: dict[tuple[str, int], list[Delivery]] = {}
    for delivery in deliveries:
        found.setdefault((delivery.channel, delivery.edition.unit_id), []).append(delivery)
    groups = [(name, members[0].edition.unit, members) for (name, _), members in found.items()]
    places = {one.name: place for place, one in enumerate(channels())}
    return sorted(groups, key=lambda group: (group[1].code, places.get(group[0], 99)))


def _work(name: str, unit: Unit, deliveries: Sequence[Delivery], now: datetime) -> str:
    tasks = [task for delivery in deliveries if (task := _claimed(delivery, now))]
    channel = find_channel(name)
    with translation.override("vi"):
        for task in tasks:
            task.outcome = _outcome(channel, task.delivery, now)
        _settle(channel, unit, tasks, now)
    return f"{name} {unit.code}: {len(tasks)}"


def _claimed(delivery: Delivery, now: datetime) -> Task | None:
    claim = now + LEASE
    seen = Delivery.objects.filter(pk=delivery.pk, act=delivery.act, due_at=delivery.due_at)
    return Task(delivery, claim) if seen.update(due_at=claim) else None


def _outcome(channel: Channel | None, delivery: Delivery, now: datetime) -> Outcome | NotDelivered:
    if channel is None:
        return NotDelivered(_("This channel is not installed any more."), final=True)
    verb = {Act.DELIVER: channel.deliver, Act.CORRECT: channel.correct}.get(
        Act(delivery.act), channel.withdraw
    )
    try:
        return verb(delivery, now=now)
    except NotDelivered as failure:
        log.warning("%s of edition %s: %s", channel.name, delivery.edition_id, failure.reason)
        return failure
    except Exception:
        log.exception("%s of edition %s", channel.name, delivery.edition_id)
        return NotDelivered(_("Something unexpected went wrong; the server's log tells what."))


def _settle(channel: Channel | None, unit: Unit, tasks: Sequence[Task], now: datetime) -> None:
    """Do what the succeeded ones share, and note what came of each. What many could not do
    together each does alone: one must not hold up the others."""
    ready = [task for task in tasks if task.succeeded]
    failure = None
    if channel is not None and ready:
        failure = _settling(channel, unit, [task.delivery for task in ready], now)
    if failure is not None and len(ready) > 1:
        for task in tasks:
            _settle(channel, unit, [task], now)
        return
    for task in ready:
        task.outcome = failure or task.outcome
    for task in tasks:
        _note(task, now)


def _settling(
    channel: Channel, unit: Unit, deliveries: Sequence[Delivery], now: datetime
) -> NotDelivered | None:
    try:
        channel.settle(unit, deliveries, now=now)
    except NotDelivered as failure:
        log.warning("%s of %s: %s", channel.name, unit.code, failure.reason)
        return failure
    except Exception:
        log.exception("%s of %s", channel.name, unit.code)
        return NotDelivered(_("Something unexpected went wrong; the server's log tells what."))
    return None


@transaction.atomic
def _note(task: Task, now: datetime) -> None:
    """Write the outcome unless something else was asked for meanwhile."""
    delivery = task.delivery
    mine = Delivery.objects.filter(pk=delivery.pk, act=delivery.act, due_at=task.claim)
    told = _told(task, now)
    if mine.update(**told) and told.get("state", delivery.state) != delivery.state:
        deliveries_changed([delivery.edition], now)
        record(
            f"channel.{str(told['state']).lower()}",
            f"edition:{delivery.edition_id}",
            by=None,
            unit=delivery.edition.unit,
            now=now,
            about=[f"bulletin:{delivery.edition.bulletin_id}"],
            channel=delivery.channel,
            act=delivery.act,
        )


def _told(task: Task, now: datetime) -> dict[str, object]:
    outcome, delivery = task.outcome, task.delivery
    told: dict[str, object] = {"changed_at": now, "attempts": 0}
    match outcome:
        case Done(detail):
            told |= {"state": State.DONE, "due_at": None, "detail": str(detail)[:300]}
            if delivery.act != Act.WITHDRAW and delivery.delivered_at is None:
                told["delivered_at"] = now
        case Waiting(_, None):
            return {"due_at": None}  # whoever knows the outcome may have written it meanwhile
        case Waiting(detail, again):
            told |= {"state": State.QUEUED, "due_at": again, "detail": str(detail)[:300]}
        case NotDelivered():
            attempts = min(delivery.attempts + 1, 1000)
            again = None if outcome.final else now + pause_after(attempts)
            told |= {"state": State.FAILED, "attempts": attempts, "due_at": again}
            told["detail"] = str(outcome.reason)[:300]
    return told


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return timedelta(minutes=2 ** min(attempts, _LONGEST_WAIT))
