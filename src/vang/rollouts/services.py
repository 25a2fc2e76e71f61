"""A roll-out from its proposal to its end. Every write is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.rewriting import rewrite
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts.access import may_keep
from vang.rollouts.devices import version_of, wanting
from vang.rollouts.models import Group, Release, Rollout, Turn
from vang.rollouts.notices import settle_all, tell_of_waiting
from vang.rollouts.rules import sizes
from vang.stations.models import Node

MOST_GROUPS = 20
_State = Rollout.State
OPEN = (_State.WAITING, _State.RUNNING, _State.PAUSED, _State.HALTED, _State.RETURNING)
"""States in which devices belong to the roll-out."""


@dataclass(frozen=True)
class Shape:
    """``canary``: devices of the first group. ``groups``: how many follow it."""

    canary: int
    groups: int
    success_pct: int
    error_pct: int
    minutes: int


@transaction.atomic
def propose_rollout(
    *, release: Release, unit: Unit, shape: Shape, why: str, by: Person, now: datetime
) -> Rollout:
    """It waits for a second person. Raises Refusal."""
    _guard(by, unit, now)
    words = " ".join(clean_text(why).split())
    if not words:
        raise Refusal("rollout-why", _("Say in a sentence what the version is for."))
    if release.withdrawn_at is not None:
        raise Refusal("release-withdrawn", _("This version was taken off the signed list."))
    nodes = wanting(unit, release, now=now)
    if not nodes:
        raise Refusal("no-devices", _("No device here lacks this version."))
    rollout = Rollout.objects.create(
        release=release,
        unit=unit,
        why=words[:300],
        success_pct=shape.success_pct,
        error_pct=shape.error_pct,
        minutes=shape.minutes,
        made_by=by,
        made_at=now,
    )
    try:
        with transaction.atomic():
            _part(rollout, nodes, shape, now)
    except IntegrityError:
        raise Refusal("devices-taken", _("Another roll-out has taken these devices.")) from None
    _note("rollout.propose", rollout, by, now, version=release.version, devices=len(nodes))
    tell_of_waiting(rollout, now=now)
    return rollout


def _part(rollout: Rollout, nodes: Sequence[Node], shape: Shape, now: datetime) -> None:
    begin = 0
    release = rollout.release
    parts = sizes(len(nodes), shape.canary, min(shape.groups, MOST_GROUPS))
    for number, size in enumerate(parts, start=1):
        group = Group.objects.create(rollout=rollout, number=number)
        Turn.objects.bulk_create(
            Turn(
                rollout=rollout,
                group=group,
                node=node,
                wanted=release.version,
                before=version_of(node, release.sort),
                changed_at=now,
            )
            for node in nodes[begin : begin + size]
        )
        begin += size


def approve_rollout(*, rollout: Rollout, by: Person, now: datetime) -> None:
    """The first group begins. Raises Refusal."""
    _decide(rollout, _State.RUNNING, "rollout.approve", by=by, now=now)


def refuse_rollout(*, rollout: Rollout, why: str, by: Person, now: datetime) -> None:
    """Nothing is brought to any device. Raises Refusal."""
    words = " ".join(clean_text(why).split())[:300]
    if not words:
        raise Refusal("rollout-why-not", _("Say why not."))
    _decide(rollout, _State.REFUSED, "rollout.refuse", by=by, now=now, reason=words)


@transaction.atomic
def _decide(
    rollout: Rollout, state: str, action: str, *, by: Person, now: datetime, reason: str = ""
) -> None:
    fresh = _locked(rollout, (_State.WAITING,))
    _guard(by, fresh.unit, now)
    if fresh.made_by_id == by.pk:
        raise Refusal("second-person", _("A second person decides, not the one who proposed it."))
    if state == _State.RUNNING and fresh.release.withdrawn_at is not None:
        raise Refusal("release-withdrawn", _("This version was taken off the signed list."))
    fresh.state, fresh.decided_by, fresh.decided_at, fresh.reason = state, by, now, reason
    if state == _State.REFUSED:
        fresh.ended_at = now
        _let_go(fresh, now)
    fresh.save(update_fields=["state", "decided_by", "decided_at", "reason", "ended_at"])
    if state == _State.RUNNING:
        begin_next_group(fresh, now=now)
    _note(action, fresh, by, now)
    settle_all(fresh, now=now)


def begin_next_group(rollout: Rollout, *, now: datetime) -> Group | None:
    """Offer the release to the next group; None when there is none. Inside a transaction."""
    group = rollout.groups.filter(began_at=None).order_by("number").first()
    if group is None:
        return None
    group.began_at = now
    group.save(update_fields=["began_at"])
    waiting = Turn.objects.filter(group=group, state=Turn.State.WAITING)
    waiting.update(state=Turn.State.OFFERED, changed_at=now)
    return group


@transaction.atomic
def pause_rollout(*, rollout: Rollout, by: Person, now: datetime) -> None:
    """No device begins a trial that it was not told of. Raises Refusal."""
    fresh = _locked(rollout, (_State.RUNNING,))
    _guard(by, fresh.unit, now)
    _turn_to(fresh, _State.PAUSED, "rollout.pause", by, now)


@transaction.atomic
def resume_rollout(*, rollout: Rollout, by: Person, now: datetime) -> None:
    """Go on, also after it stopped by itself: devices that went back are left as they are.

    Raises Refusal.
    """
    fresh = _locked(rollout, (_State.PAUSED, _State.HALTED))
    _guard(by, fresh.unit, now)
    halted = fresh.state == _State.HALTED
    _turn_to(fresh, _State.RUNNING, "rollout.resume", by, now)
    if halted:
        running = fresh.groups.filter(began_at__isnull=False, ended_at=None)
        failed = Turn.objects.filter(group__in=running, state=Turn.State.FAILED)
        failed.update(state=Turn.State.LEFT, open=False, changed_at=now)
    settle_all(fresh, now=now)


@transaction.atomic
def end_rollout(*, rollout: Rollout, by: Person, now: datetime) -> None:
    """For good: devices that have the release keep it. Raises Refusal."""
    fresh = _locked(rollout, (_State.WAITING, _State.RUNNING, _State.PAUSED, _State.HALTED))
    _guard(by, fresh.unit, now)
    fresh.ended_at = now
    _let_go(fresh, now)
    _turn_to(fresh, _State.ENDED, "rollout.end", by, now)
    settle_all(fresh, now=now)


@transaction.atomic
def go_back(*, rollout: Rollout, by: Person, now: datetime) -> int:
    """Devices that have the release get the one from before, if that still stands on the signed
    list; how many do. Raises Refusal."""
    fresh = _locked(
        rollout,
        (_State.RUNNING, _State.PAUSED, _State.HALTED, _State.DONE, _State.ENDED),
    )
    _guard(by, fresh.unit, now)
    standing = Release.objects.filter(sort=fresh.release.sort, withdrawn_at=None)
    known = set(standing.order_by().values_list("version", flat=True))
    _let_go(fresh, now)
    turns = fresh.turns.filter(state=Turn.State.DONE, before__in=known)
    taken = Turn.objects.filter(open=True).values("node")
    back = list(turns.exclude(node__in=taken))
    if not back:
        raise Refusal(
            "nothing-before",
            _("No device had another version before that still stands on the signed list."),
        )
    for turn in back:
        turn.state, turn.open, turn.wanted = Turn.State.OFFERED, True, turn.before
        turn.tries, turn.changed_at, turn.reason, turn.detail = turn.tries + 1, now, "", ""
    rewrite(back, ["state", "open", "wanted", "tries", "changed_at", "reason", "detail"])
    fresh.ended_at = None
    _turn_to(fresh, _State.RETURNING, "rollout.go-back", by, now, devices=len(back))
    return len(back)


@transaction.atomic
def try_again(*, turn: Turn, by: Person, now: datetime) -> None:
    """Offer the release once more to a device that went back. Raises Refusal."""
    fresh = _locked(turn.rollout, (_State.RUNNING, _State.PAUSED, _State.HALTED))
    _guard(by, fresh.unit, now)
    one = Turn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    if one.state != Turn.State.FAILED:
        raise Refusal("not-failed", _("This device did not go back."))
    one.state, one.open, one.tries = Turn.State.OFFERED, True, one.tries + 1
    one.reason, one.detail, one.changed_at = "", "", now
    one.save()
    _note("rollout.try-again", fresh, by, now, node=one.node_id)


def _let_go(rollout: Rollout, now: datetime) -> None:
    """Devices that were not done belong to no roll-out any more."""
    rollout.turns.filter(open=True).update(open=False, state=Turn.State.LEFT, changed_at=now)


def _turn_to(
    rollout: Rollout, state: str, action: str, by: Person, now: datetime, **told: Any
) -> None:
    rollout.state = state
    rollout.save(update_fields=["state", "ended_at"])
    _note(action, rollout, by, now, **told)


def _locked(rollout: Rollout, states: Sequence[str]) -> Rollout:
    found = Rollout.objects.select_for_update(of=("self",)).select_related("release", "unit")
    fresh = found.get(pk=rollout.pk)
    if fresh.state not in states:
        raise Refusal("rollout-state", _("The roll-out has gone on meanwhile. Look at it again."))
    return fresh


def _guard(by: Person, unit: Unit, now: datetime) -> None:
    if not may_keep(by, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only who looks after loudspeakers here may do this."))


def _note(action: str, rollout: Rollout, by: Person, now: datetime, **told: Any) -> None:
    record(action, f"rollout:{rollout.pk}", by=by, unit=rollout.unit, now=now, **told)
