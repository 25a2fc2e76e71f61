"""Old Quế Sơn from 2017 to the communes of today: the units of the demonstration through time.

``que_son.json`` tells what lay beside the district and every change by law, in order. The
demonstration itself lives in the shape of 2017, so that its merger can be carried out on it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

from vang.orgs.models import Unit, UnitChange
from vang.orgs.services import Newcomer, Part, announce


@dataclass(frozen=True)
class Step:
    """One change by law."""

    on: date
    kind: str
    basis: str
    before: tuple[str, ...]
    after: dict[str, str] | None


def story() -> list[Step]:
    """All changes, in the order of their days."""
    return [
        Step(
            date.fromisoformat(row["on"]),
            row["kind"],
            row["basis"],
            tuple(row["from"]),
            row.get("to"),
        )
        for row in _told()["changes"]
    ]


def lay_beside(since: date) -> None:
    """The district and the city that old Quế Sơn came to have to do with, as of 2017."""
    units = {unit.code: unit for unit in Unit.objects.filter(valid_to=None)}
    for row in _told()["beside"]:
        units[row["code"]] = Unit.objects.create(
            code=row["code"],
            valid_from=since,
            level=row["level"],
            kind=row["kind"],
            name=row["name"],
            parent=units.get(row["parent"]),
        )


def announced(*, now: datetime) -> Iterator[UnitChange]:
    """Each change once it is asked for, by nobody: it stands in the law. In force by none yet."""
    for step in story():
        before = [_there(code) for code in step.before]
        parts = [Part(unit, _after(step.after, unit)) for unit in before] if step.after else []
        yield announce(
            kind=step.kind,
            effective_on=step.on,
            legal_basis=step.basis,
            parts=parts,
            abolished=() if step.after else before,
            by=None,
            now=now,
        )


def _after(told: dict[str, str], before: Unit) -> Unit | Newcomer:
    if "name" not in told:
        return _there(told["code"])
    return Newcomer(
        code=told["code"],
        kind=told["kind"],
        name=told["name"],
        level=before.level,
        parent=_there(told["parent"]),
    )


def _there(code: str) -> Unit:
    return Unit.objects.get(code=code, valid_to=None)


def _told() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("que_son.json").read_text("utf-8")
    told: dict[str, Any] = json.loads(text)
    return told
