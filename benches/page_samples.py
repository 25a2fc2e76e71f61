"""What stands in the address of a page: a key of the commune whose person opens it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from many_communes import code_of
from vang.airtime.models import Placement, Programme
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster


@lru_cache(maxsize=4096)
def commune(number: int) -> Unit:
    return Unit.objects.get(code=code_of(number))


def sample(view: str, name: str, number: int) -> Any:
    """A value for the parameter ``name`` of ``view``: 1 when nobody told, which is enough for an
    address that only takes POST and opens nothing else."""
    finder = _FINDERS.get(f"{view} {name}") or _FINDERS.get(f"{view.partition(':')[0]} {name}")
    return finder(commune(number)) if finder else 1


def _bulletin(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="RELEASED").latest("pk").pk


def _in_review(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="IN_REVIEW").latest("pk").pk


def _editable(unit: Unit) -> int:
    return Bulletin.objects.filter(unit=unit, state="DRAFT").latest("pk").pk


_FINDERS: dict[str, Callable[[Unit], Any]] = {
    "bulletins pk": _bulletin,
    "bulletins:edit pk": _editable,
    "bulletins:review pk": _in_review,
    "bulletins number": lambda _unit: 1,
    "airtime bulletin_pk": _bulletin,
    "airtime pk": lambda unit: Programme.objects.filter(unit=unit).latest("pk").pk,
    "stations pk": lambda unit: Cluster.objects.filter(unit=unit).latest("pk").pk,
    "people person_pk": lambda unit: Person.objects.get(username=f"an{unit.code}").pk,
}


def placement(unit: Unit) -> int:
    return Placement.objects.filter(unit=unit).latest("pk").pk
