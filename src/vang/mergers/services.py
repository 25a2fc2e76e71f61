"""Announcing, cancelling and deciding about changes of units, by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.mergers.access import units_of
from vang.mergers.carrying import carry_out, note_done
from vang.mergers.models import Decision
from vang.orgs import services as orgs
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Mover, Thing, movers
from vang.orgs.services import Part
from vang.orgs.succession import shown_unit
from vang.people.access import Role, may
from vang.people.models import Person


@transaction.atomic
def announce_change(
    *,
    kind: str,
    effective_on: date,
    legal_basis: str,
    parts: Sequence[Part] = (),
    abolished: Sequence[Unit] = (),
    decision_number: str = "",
    decision_date: date | None = None,
    by: Person,
    now: datetime,
) -> UnitChange:
    """Announce it; one whose day is today or past is carried out at once. Raises Refusal."""
    today = local_date(now)
    ending = [part.predecessor for part in parts] + list(abolished)
    going_on = [part.successor for part in parts if isinstance(part.successor, Unit)]
    if not all(may(by, Role.ADMINISTRATOR, unit, today) for unit in (*ending, *going_on)):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    change = orgs.announce(
        kind=kind,
        effective_on=effective_on,
        legal_basis=legal_basis,
        parts=parts,
        abolished=abolished,
        decision_number=decision_number,
        decision_date=decision_date,
        by=by,
        now=now,
    )
    _journal("units.change-announced", change, by, now, on=effective_on.isoformat())
    if effective_on <= today:
        change = carry_out(change, now=now)
    return change


@transaction.atomic
def cancel_change(change: UnitChange, *, by: Person, now: datetime) -> UnitChange:
    """Until its day: everything is as if it had never been announced. Raises Refusal."""
    _guard(change, by, now)
    unit = _first(change)
    Decision.objects.filter(change=change, done_at=None).delete()
    fresh = orgs.cancel(change, by=by, now=now)
    subject = f"unit-change:{fresh.pk}"
    record("units.change-cancelled", subject, by=by, unit=unit, now=now, account=fresh.account)
    return fresh


@transaction.atomic
def decide(
    change: UnitChange, mover: str, choices: Mapping[str, str], *, by: Person, now: datetime
) -> int:
    """Say of things where they go: before the day it is noted, afterwards done at once.

    How many there were. Raises Refusal; then nothing is decided.
    """
    fresh = UnitChange.objects.select_for_update().get(pk=change.pk)
    _guard(fresh, by, now)
    if fresh.cancelled_at is not None:
        raise Refusal("change-cancelled", _("The change was cancelled."))
    found = {one.name: one for one in movers()}.get(mover)
    if found is None:
        raise Refusal("mover-unknown", _GONE)
    things = {thing.key: thing for thing in found.things(fresh)}
    done = sum(
        _decide(fresh, found, _thing(things, key, choice), choice, by=by, now=now)
        for key, choice in choices.items()
    )
    if done:
        _journal("units.change-decided", fresh, by, now, what=mover, choices=dict(choices))
    return done


def _thing(things: Mapping[str, Thing], key: str, choice: str) -> Thing:
    thing = things.get(key)
    if thing is None or choice not in dict(thing.choices):
        raise Refusal("thing-gone", _GONE)
    return thing


def _decide(
    change: UnitChange, mover: Mover, thing: Thing, choice: str, *, by: Person, now: datetime
) -> bool:
    key = thing.key
    row = Decision.objects.filter(change=change, mover=mover.name, key=key).first()
    if row is not None and (row.done_at is not None or row.choice == choice):
        return False
    if row is None and choice == thing.proposed and change.applied_at is None:
        return False
    if change.applied_at is None:
        Decision.objects.update_or_create(
            change=change,
            mover=mover.name,
            key=key,
            defaults={"choice": choice, "decided_by": by, "decided_at": now},
        )
        return True
    mover.move(Act(change, by, now), key, choice)
    note_done(change, mover.name, key, choice, row=row, by=by, now=now)
    return True


@dataclass(frozen=True)
class Open:
    """A thing on the page: what is decided of it, and whether a person still must."""

    thing: Thing
    choice: str
    decided: bool

    @property
    def waits(self) -> bool:
        return not self.choice


@dataclass(frozen=True)
class Moving:
    """One kind of things on the page; ``moved``: how many have gone already."""

    mover: Mover
    things: list[Open]
    moved: int

    @property
    def waiting(self) -> int:
        return sum(one.waits for one in self.things)


def what_moves(change: UnitChange) -> list[Moving]:
    """All kinds of things of a change, with what was decided. Empty ones too."""
    rows = list(Decision.objects.filter(change=change))
    chosen = {(row.mover, row.key): row for row in rows}
    found = []
    for mover in movers():
        things = [
            Open(
                thing,
                row.choice if (row := chosen.get((mover.name, thing.key))) else thing.proposed,
                (mover.name, thing.key) in chosen,
            )
            for thing in mover.things(change)
            if (row := chosen.get((mover.name, thing.key))) is None or row.done_at is None
        ]
        moved = sum(row.mover == mover.name and row.done_at is not None for row in rows)
        found.append(Moving(mover, things, moved))
    return found


def waiting(change: UnitChange) -> int:
    """How many things wait for somebody's decision."""
    return sum(one.waiting for one in what_moves(change))


def _guard(change: UnitChange, by: Person, now: datetime) -> None:
    today = local_date(now)
    for units in units_of(change):
        if units and all(may(by, Role.ADMINISTRATOR, unit, today) for unit in units):
            return
    raise Refusal("not-allowed", _NOT_ALLOWED)


def _first(change: UnitChange) -> Unit | None:
    before, _after = units_of(change)
    return before[0] if before else None


def _journal(action: str, change: UnitChange, by: Person, now: datetime, **details: Any) -> None:
    unit = _first(change) or shown_unit(change)
    record(action, f"unit-change:{change.pk}", by=by, unit=unit, now=now, **details)


_NOT_ALLOWED: str | Promise = _("Only who administers all of these units may change them.")
_GONE = _("This is no longer to be decided. Look at the page again.")
