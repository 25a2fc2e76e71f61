"""What all movers ask of a change."""

from vang.base.refusals import Refusal
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Words

_STEPS = "_steps_of_change"
END = "end"
"""The choice that a thing ends with its unit."""


def steps(change: UnitChange) -> dict[Unit, list[Unit]]:
    """By each unit that ends those that come after: communes, offices and what stands above. What
    followed the unit above it is among them, villages are not. One query, the first time."""
    known: dict[Unit, list[Unit]] | None = change.__dict__.get(_STEPS)
    if known is not None:
        return known
    rows = change.successions.select_related("predecessor", "successor")
    found: dict[Unit, list[Unit]] = {}
    for one in rows.exclude(predecessor__level=Unit.Level.VILLAGE).order_by("follows", "pk"):
        found.setdefault(one.predecessor, []).append(one.successor)
    change.__dict__[_STEPS] = found
    return found


def forget_steps(change: UnitChange) -> None:
    """Something more has followed: to be asked anew."""
    change.__dict__.pop(_STEPS, None)


def by_key(change: UnitChange) -> dict[int, tuple[Unit, list[Unit]]]:
    """The same by the key of the unit that ends."""
    return {old.pk: (old, after) for old, after in steps(change).items()}


def goals(after: list[Unit]) -> tuple[tuple[str, Words], ...]:
    """Units as choices."""
    return tuple((str(unit.pk), unit.full_name) for unit in after)


def sole(after: list[Unit]) -> str:
    """Where a thing goes by itself: to the only unit that comes after."""
    return str(after[0].pk) if len(after) == 1 else ""


def goal(change: UnitChange, choice: str) -> Unit:
    """The unit that was chosen. Raises Refusal for one that does not come after."""
    rows = change.successions.filter(successor=int(choice))
    found = rows.select_related("successor").first()
    if found is None:
        raise Refusal("no-successor", "not a unit that comes after")
    return found.successor
