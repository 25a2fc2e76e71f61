"""The small store of spare parts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs.access import KEEPERS, guard
from vang.repairs.models import Part

MOST = 1_000_000
MOST_COST = 10**12


@dataclass(frozen=True)
class Shelf:
    """``least``: below it the part is to be bought. ``cost``: đồng a piece."""

    name: str
    on_hand: int
    least: int
    cost: int


def keep_part(*, unit: Unit, shelf: Shelf, by: Person, now: datetime) -> Part:
    """A new part of the store. Raises Refusal."""
    guard(by, KEEPERS, unit, now)
    part = Part(unit=unit)
    _fill(part, shelf, by, now, "part.kept")
    return part


def change_part(*, part: Part, shelf: Shelf, by: Person, now: datetime) -> Part:
    """Counted anew, bought, or dearer. Raises Refusal."""
    guard(by, KEEPERS, part.unit, now)
    with transaction.atomic():
        fresh = Part.objects.select_for_update(of=("self",)).select_related("unit").get(pk=part.pk)
        _fill(fresh, shelf, by, now, "part.changed")
    return fresh


def _fill(part: Part, shelf: Shelf, by: Person, now: datetime, action: str) -> None:
    name = " ".join(clean_text(shelf.name).split())[:120]
    if not name or not fold(name):
        raise Refusal("part-without-name", _("Give the part a name."))
    numbers = (shelf.on_hand, shelf.least)
    if not all(0 <= one <= MOST for one in numbers) or not 0 <= shelf.cost <= MOST_COST:
        raise Refusal("part-wrong", _("Say which part, how many, and what one costs."))
    part.name, part.key = name, fold(name)
    part.on_hand, part.least, part.cost = shelf.on_hand, shelf.least, shelf.cost
    try:
        with transaction.atomic():
            part.save()
            record(
                action, f"part:{part.pk}", by=by, unit=part.unit, now=now, name=name,
                on_hand=part.on_hand,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal("part-known", _("This part is in the store already.")) from None
