"""Units told by code: what each was, is and becomes."""

from datetime import date
from typing import Any

from django.db.models import Count

from vang.orgs.models import Unit, UnitChange
from vang.orgs.queries import valid_on
from vang.orgs.succession import predecessors, successors


def levels(on: date) -> dict[str, int]:
    """How many units there are on that day, by level."""
    rows = Unit.objects.filter(valid_on(on)).order_by().values_list("level")
    found = dict(rows.annotate(Count("pk")))
    return {level: found[level] for level in Unit.Level.values if level in found}


def history(code: str, on: date) -> list[dict[str, Any]]:
    """Every unit that ever bore the code, the oldest first."""
    units = list(Unit.objects.filter(code=code).select_related("parent").order_by("valid_from"))
    after = successors(units, on)
    return [
        {
            "name": unit.full_name,
            "from": unit.valid_from.isoformat(),
            "until": unit.valid_to.isoformat() if unit.valid_to else None,
            "of": unit.parent.full_name if unit.parent else None,
            "was": [one.full_name for one in predecessors(unit)],
            "is": [
                f"{one.full_name} {share}" if share != 1 else one.full_name
                for one, share in after[unit.pk]
            ],
        }
        for unit in units
    ]


def state_of(change: UnitChange, today: date) -> str:
    """A key of the states that pages show."""
    if change.cancelled_at is not None:
        return "change_cancelled"
    if change.applied_at is not None:
        return "change_in_force"
    return "change_announced" if change.effective_on > today else "change_due"
