"""The villages of a commune, as its administrator names them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.naming import village_kind_and_name
from vang.orgs.queries import villages
from vang.people.access import Role, may
from vang.people.models import Person

MOST_VILLAGES = 200
NAME_LENGTH = 80


@transaction.atomic
def add_villages(*, unit: Unit, names: Sequence[str], by: Person, now: datetime) -> list[Unit]:
    """Villages of these full names ("Thôn 1", "Tổ dân phố 2"); a name without a kind is a thôn's.

    Those that are there already, however they are typed, are left as they are. Raises Refusal.
    """
    today = local_date(now)
    if unit.level != Unit.Level.COMMUNE or not may(by, Role.ADMINISTRATOR, unit, today):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    there = {fold(village.full_name) for village in villages(unit, today)}
    wanted = _wanted(names, there)
    if len(there) + len(wanted) > MOST_VILLAGES:
        raise Refusal("too-many-villages", _TOO_MANY)
    number, made = _last_number(unit), []
    for kind, name in wanted:
        number += 1
        made.append(
            Unit.objects.create(
                code=f"{unit.code}.{number:02}",
                valid_from=today,
                level=Unit.Level.VILLAGE,
                kind=kind,
                name=name,
                parent=unit,
            )
        )
    if made:
        codes = [village.code for village in made]
        record("add-villages", f"unit:{unit.code}", by=by, unit=unit, now=now, villages=codes)
    return made


def _wanted(names: Sequence[str], there: set[str]) -> list[tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for typed in names:
        full = " ".join(clean_text(typed).split())
        if not full:
            continue
        if len(full) > NAME_LENGTH:
            raise Refusal("name-too-long", _TOO_LONG)
        kind, name = village_kind_and_name(full)
        key = fold(f"{kind.label} {name}")
        if key not in there:
            found.setdefault(key, (kind, name))
    return list(found.values())


def _last_number(unit: Unit) -> int:
    """Numbers of villages that are gone are not given again."""
    codes = Unit.objects.filter(code__startswith=f"{unit.code}.").values_list("code", flat=True)
    numbers = [int(end) for code in codes if (end := code.rpartition(".")[2]).isdecimal()]
    return max(numbers, default=0)


_NOT_ALLOWED = _("Only the administrator of the commune names its villages.")
_TOO_MANY = _("A commune has at most 200 villages.")
_TOO_LONG = _("A village's name has at most 80 characters.")
