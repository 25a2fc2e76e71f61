"""What devices say of the release they were offered, and what follows for the roll-out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from vang.journal.services import record
from vang.rollouts.models import Group, Release, Rollout, Turn
from vang.rollouts.notices import tell_of_halt
from vang.rollouts.rules import Score, Verdict, verdict
from vang.rollouts.services import begin_next_group
from vang.stations.models import Node
from vang_protocol.releases import Answered, Offer, Phase, Sort, Told, a_release

ASKED_S, PAUSED_S, IDLE_S = 30, 120, 300
"""How soon a device asks again: with an offer, in a roll-out that stands still, and else."""

_State = Turn.State
_SAID = {
    Phase.IDLE: _State.OFFERED,
    Phase.FETCHING: _State.FETCHING,
    Phase.WAITING: _State.READY,
    Phase.TRYING: _State.TRYING,
}
_OFFERING = (Rollout.State.RUNNING, Rollout.State.RETURNING)


def take_told(node: Node, told: Told, *, now: datetime) -> Answered:
    """Note how far the device is, and answer what it should have."""
    turn = _open_turn(node)
    if turn is None:
        return Answered(None, IDLE_S)
    _note(turn, told, now)
    rollout = turn.rollout
    if not turn.open or rollout.state not in _OFFERING or turn.state == _State.WAITING:
        return Answered(None, PAUSED_S)
    release = a_release(Sort(rollout.release.sort), turn.wanted)
    return Answered(Offer(turn.ask, release, rollout.minutes), ASKED_S)


def _open_turn(node: Node) -> Turn | None:
    found = Turn.objects.filter(node=node, open=True).select_related("rollout__release")
    return found.order_by("pk").first()


def _note(turn: Turn, told: Told, now: datetime) -> None:
    """One row, when something changed; only while the device's group has begun."""
    if turn.state == _State.WAITING:
        return
    before = (turn.state, turn.open, turn.reason)
    wanted = a_release(Sort(turn.rollout.release.sort), turn.wanted)
    if told.failed is not None and told.failed.ask == turn.ask:
        turn.state, turn.open = _State.FAILED, False
        turn.reason, turn.detail = told.failed.reason.value, told.failed.detail[:300]
    elif told.follows(wanted):
        back = turn.rollout.state == Rollout.State.RETURNING
        turn.state, turn.open = _State.RETURNED if back else _State.DONE, False
    else:
        turn.state = _SAID[told.phase]
    if before != (turn.state, turn.open, turn.reason):
        fields = {"state": turn.state, "open": turn.open, "changed_at": now}
        rows = Turn.objects.filter(pk=turn.pk, open=True, tries=turn.tries)
        rows.update(**fields, reason=turn.reason, detail=turn.detail)


def advance_due(*, now: datetime) -> int:
    """Let the next groups begin, stop what goes wrong, close what is over. For the worker."""
    open_ones = Rollout.objects.filter(state__in=_OFFERING).order_by("pk")
    return sum(_advance(pk, now) for pk in open_ones.values_list("pk", flat=True))


@transaction.atomic
def _advance(pk: int, now: datetime) -> int:
    found = Rollout.objects.select_for_update(of=("self",)).select_related("release", "unit")
    rollout = found.get(pk=pk)
    _leave_out_the_absent(rollout, now)
    if rollout.state == Rollout.State.RETURNING:
        return _close_return(rollout, now)
    if rollout.state != Rollout.State.RUNNING:
        return 0
    group = rollout.groups.filter(began_at__isnull=False, ended_at=None).order_by("number").first()
    if group is None:
        return _finish(rollout, now)
    return _judge(rollout, group, now)


def _leave_out_the_absent(rollout: Rollout, now: datetime) -> None:
    """Devices that were replaced, taken out of service or suspended meanwhile."""
    gone = Q(node__retired_at__isnull=False) | Q(node__suspended_at__isnull=False)
    turns = rollout.turns.filter(gone, open=True)
    turns.update(state=_State.LEFT, open=False, changed_at=now)


def _judge(rollout: Rollout, group: Group, now: datetime) -> int:
    score = score_of(group)
    met = verdict(score, success_pct=rollout.success_pct, error_pct=rollout.error_pct)
    if score.total == 0:
        met = Verdict.GO_ON
    if met is Verdict.WAIT:
        return 0
    if met is Verdict.HALT:
        return _halt(rollout, group, now)
    last = not rollout.groups.filter(began_at=None).exists()
    if last and score.done + score.failed < score.total:
        return 0  # the last group has no next to wait for: its devices take their time
    group.ended_at = now
    group.save(update_fields=["ended_at"])
    if begin_next_group(rollout, now=now) is None:
        return _finish(rollout, now)
    return 1


def score_of(group: Group) -> Score:
    """Devices that were left out do not count."""
    counted = group.turns.exclude(state=_State.LEFT).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=_State.DONE)),
        failed=Count("pk", filter=Q(state=_State.FAILED)),
    )
    return Score(**counted)


def _halt(rollout: Rollout, group: Group, now: datetime) -> int:
    rollout.state = Rollout.State.HALTED
    rollout.save(update_fields=["state"])
    _record("rollout.halted", rollout, now, group=group.number)
    tell_of_halt(rollout, now=now)
    return 1


def _finish(rollout: Rollout, now: datetime) -> int:
    """Offers of earlier groups stand until every device has answered."""
    if rollout.turns.filter(open=True).exists():
        return 0
    rollout.state, rollout.ended_at = Rollout.State.DONE, now
    rollout.save(update_fields=["state", "ended_at"])
    _record("rollout.done", rollout, now)
    return 1


def _close_return(rollout: Rollout, now: datetime) -> int:
    if rollout.turns.filter(open=True).exists():
        return 0
    rollout.state, rollout.ended_at = Rollout.State.RETURNED, now
    rollout.save(update_fields=["state", "ended_at"])
    _record("rollout.returned", rollout, now)
    return 1


def _record(action: str, rollout: Rollout, now: datetime, **told: Any) -> None:
    record(action, f"rollout:{rollout.pk}", by=None, unit=rollout.unit, now=now, **told)


def may_fetch(node: Node, sha256: str, *, now: datetime) -> bool:  # noqa: ARG001 - the interface
    """Whether this file is a release that the device is offered."""
    turn = _open_turn(node)
    if turn is None or turn.state == _State.WAITING or turn.rollout.state not in _OFFERING:
        return False
    standing = Release.objects.filter(
        sort=turn.rollout.release.sort, version=turn.wanted, withdrawn_at=None, sha256=sha256
    )
    return standing.exists()


def counts(groups: Iterable[Group]) -> dict[int, dict[str, int]]:
    """By group, how many devices are in each state: one query."""
    rows = Turn.objects.filter(group__in=[one.pk for one in groups]).order_by()
    found: dict[int, dict[str, int]] = {}
    for group, state, number in rows.values_list("group", "state").annotate(n=Count("pk")):
        found.setdefault(group, {})[state] = number
    return found
