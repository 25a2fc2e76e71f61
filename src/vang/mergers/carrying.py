"""On the day of a change the worker carries it out: units first, then whatever moves with them."""

import logging
from datetime import datetime

from django.db import transaction

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.mergers.models import Decision
from vang.orgs.models import UnitChange
from vang.orgs.movers import Act, Mover, movers
from vang.orgs.services import bring_into_force, due
from vang.orgs.succession import shown_unit
from vang.people.models import Person

log = logging.getLogger(__name__)


def carry_out_due(*, now: datetime) -> int:
    """Every change whose day has come, in order. How many there were.

    One that cannot be carried out is logged and tried again; those that follow wait for it.
    """
    done = 0
    for change in due(local_date(now)):
        try:
            carry_out(change, now=now)
        except Refusal as refusal:
            log.error("change of units %s: %s", change.pk, refusal.code)  # noqa: TRY400
            break
        done += 1
    return done


@transaction.atomic
def carry_out(change: UnitChange, *, now: datetime) -> UnitChange:
    """The change comes into force, and all that was decided or needs no decision moves.

    What a person must decide first stays where it is and waits on the page. Raises Refusal.
    """
    fresh = bring_into_force(change, now=now)
    by = Person.objects.filter(pk=fresh.made_by_id or 0).first()
    moved = {mover.name: _move_all(fresh, mover, by, now) for mover in movers()}
    record(
        "units.change-in-force",
        f"unit-change:{fresh.pk}",
        by=by,
        unit=shown_unit(fresh),
        now=now,
        on=fresh.effective_on.isoformat(),
        moved=moved,
    )
    return fresh


def _move_all(change: UnitChange, mover: Mover, by: Person | None, now: datetime) -> int:
    rows = {one.key: one for one in Decision.objects.filter(change=change, mover=mover.name)}
    moved = 0
    for thing in mover.things(change):
        row = rows.get(thing.key)
        choice = row.choice if row else thing.proposed
        if not choice:
            continue
        try:
            with transaction.atomic():
                mover.move(Act(change, by, now), thing.key, choice)
        except Refusal as refusal:
            log.warning("%s %s of change %s: %s", mover.name, thing.key, change.pk, refusal.code)
            continue
        moved += 1
        note_done(change, mover.name, thing.key, choice, row=row, by=by, now=now)
    return moved


def note_done(
    change: UnitChange,
    mover: str,
    key: str,
    choice: str,
    *,
    row: Decision | None,
    by: Person | None,
    now: datetime,
) -> None:
    """What was moved is told as a decision that is done."""
    if row is None:
        row = Decision(change=change, mover=mover, key=key, choice=choice)
        row.decided_by, row.decided_at = by, now
    row.done_at = now
    row.save()
