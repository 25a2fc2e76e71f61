"""Who sees and who decides about changes of units. A stranger to all its units gets 404."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from vang.mergers.models import BroughtList
from vang.orgs.models import Unit, UnitChange
from vang.orgs.queries import ancestors, at_or_under, territory, valid_on
from vang.people.access import Role, may, require, roles
from vang.people.models import Membership, Person


@dataclass(frozen=True)
class Sight:
    """A change before a person, with its units. ``decides``: they administer all that end, or all
    that come after."""

    change: UnitChange
    before: list[Unit]
    after: list[Unit]
    decides: bool


def open_change(person: Person, pk: int, on: date) -> Sight:
    """Raises Http404 for a stranger to all of its units."""
    change = UnitChange.objects.select_related("made_by", "cancelled_by").filter(pk=pk).first()
    if change is None:
        raise Http404
    before, after = units_of(change)
    units = [*before, *after]
    mine = _held(person, units, on, ())
    if not mine and not any(roles(person, unit, on) for unit in units[:1]):
        raise Http404
    ruled = _held(person, units, on, [Role.ADMINISTRATOR])
    decides = any(bool(some) and {unit.pk for unit in some} <= ruled for some in (before, after))
    return Sight(change, before, after, decides)


def _held(
    person: Person, units: Iterable[Unit], on: date, wanted: Collection[str]
) -> frozenset[int]:
    """Keys of those units where the person has a role (one of those wanted), there or above. One
    query, however many units."""
    held = Membership.objects.filter(valid_on(on), person=person)
    if wanted:
        held = held.filter(role__in=wanted)
    here = at_or_under(Unit.objects.filter(pk__in=held.values("unit")))
    found = Unit.objects.filter(here, pk__in=[unit.pk for unit in units])
    return frozenset(found.values_list("pk", flat=True))


def units_of(change: UnitChange) -> tuple[list[Unit], list[Unit]]:
    """What ends and what comes after, without what only follows. Of a cancelled one what ended."""
    steps = change.successions.filter(follows=False).select_related(
        "predecessor__parent__parent", "successor__parent__parent"
    )
    before = {one.predecessor_id: one.predecessor for one in steps}
    after = {one.successor_id: one.successor for one in steps}
    if not before:
        keys = [row["unit"] for row in change.account]
        before = {
            unit.pk: unit
            for unit in Unit.objects.filter(pk__in=keys).select_related("parent__parent")
        }
    return list(before.values()), list(after.values())


def changes_for(unit: Unit) -> QuerySet[UnitChange]:
    """Changes of the unit and of what is or was below it, the newest first."""
    here = at_or_under(Unit.objects.filter(pk=unit.pk))
    units = Unit.objects.filter(here).exclude(level=Unit.Level.VILLAGE).values("pk")
    named = Q(successions__predecessor__in=units) | Q(successions__successor__in=units)
    told = Q(pk__in=_abolishing(unit))
    return UnitChange.objects.filter(named | told).distinct().order_by("-effective_on", "-pk")


def _abolishing(unit: Unit) -> list[int]:
    """Those without a successor, and cancelled ones: their units stand in the account."""
    rows = UnitChange.objects.filter(successions=None).order_by("-pk").values_list("pk", "account")
    found = {pk: {row["unit"] for row in account} for pk, account in rows[:200]}
    keys = set().union(*found.values()) if found else set()
    mine = set(
        Unit.objects.filter(at_or_under(Unit.objects.filter(pk=unit.pk)), pk__in=keys).values_list(
            "pk", flat=True
        )
    )
    return [pk for pk, units in found.items() if units & mine]


def scope(person: Person, unit: Unit, on: date, wanted: Iterable[str]) -> Unit:
    """Of the unit and those above it the highest where the person has one of these roles.

    Raises Http404 for a stranger, PermissionDenied for one without the role.
    """
    line = ancestors(territory(unit))
    found = [one for one in line if may(person, wanted, one, on)]
    if not found:
        require(person, wanted, unit, on)
    return found[-1] if found else unit


def changeable(person: Person, on: date) -> QuerySet[Unit]:
    """Communes, districts and provinces that the person administers and that end by no change."""
    held = Membership.objects.filter(valid_on(on), person=person, role=Role.ADMINISTRATOR)
    mine = at_or_under(Unit.objects.filter(pk__in=held.values("unit")))
    found = Unit.objects.filter(valid_on(on), mine, valid_to=None)
    levels = (Unit.Level.COMMUNE, Unit.Level.DISTRICT, Unit.Level.PROVINCE)
    return found.filter(level__in=levels).order_by("level", "name", "code")


def above(on: date) -> QuerySet[Unit]:
    """Provinces and districts to which a unit may belong, also those of somebody else: the law
    decides, and whoever administers the unit that moves announces it."""
    levels = (Unit.Level.PROVINCE, Unit.Level.DISTRICT)
    found = Unit.objects.filter(valid_on(on), valid_to=None, level__in=levels)
    return found.order_by("-level", "name", "code")


def open_list(person: Person, pk: int, on: date) -> BroughtList:
    """A list that waits for a yes. Raises Http404."""
    found = BroughtList.objects.select_related("unit__parent__parent").filter(pk=pk).first()
    if found is None or found.unit is None or found.done_at is not None:
        raise Http404
    if not may(person, Role.ADMINISTRATOR, found.unit, on):
        raise Http404
    return found
