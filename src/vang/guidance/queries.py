"""Reading guidance: what is in force for a unit, who has read it and who has not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from vang.guidance.matching import Match, match
from vang.guidance.models import Guidance, Reading, Target
from vang.orgs.models import Unit
from vang.orgs.reach import reached_units, reaches
from vang.people.models import Person

State = Guidance.State
_HEAVY = ("text", "do", "avoid")


def received(unit: Unit) -> QuerySet[Guidance]:
    """What was issued to the unit, in force or over; never its own drafts."""
    meant = Target.objects.filter(reaches(unit), guidance=OuterRef("pk"))
    return Guidance.objects.filter(Exists(meant)).exclude(state=State.DRAFT)


def in_force(unit: Unit, on: date) -> QuerySet[Guidance]:
    """What holds for the unit on that day: received, and its own."""
    meant = Target.objects.filter(reaches(unit), guidance=OuterRef("pk"))
    found = Guidance.objects.filter(Q(unit=unit) | Exists(meant), state=State.ISSUED)
    return found.filter(starts_on__lte=on, ends_on__gte=on).select_related("unit")


def listed(unit: Unit, view: str, on: date) -> QuerySet[Guidance]:
    """``now``: in force or to come; ``past``: over or revoked; ``own``: the unit's own."""
    if view == "own":
        found = Guidance.objects.filter(unit=unit)
    else:
        alive = Q(state=State.ISSUED, ends_on__gte=on)
        found = received(unit).filter(alive if view == "now" else ~alive)
    return found.select_related("unit").defer(*_HEAVY).order_by("-starts_on", "-id")


def read_by(person: Person, notes: Collection[Guidance]) -> set[int]:
    """Keys of those that the person has read, for whichever unit."""
    rows = Reading.objects.filter(person=person, guidance__in=notes)
    return set(rows.values_list("guidance", flat=True))


def unread(person: Person, unit: Unit, on: date) -> QuerySet[Guidance]:
    """Issued to the unit, not over, and not read by the person, the oldest first."""
    mine = Reading.objects.filter(person=person, guidance=OuterRef("pk"))
    found = received(unit).filter(~Exists(mine), state=State.ISSUED, ends_on__gte=on)
    return found.select_related("unit").defer(*_HEAVY).order_by("issued_at", "pk")


@dataclass(frozen=True)
class Concern:
    """A note in force, and why it concerns a text."""

    guidance: Guidance
    match: Match


def concerning(unit: Unit, on: date, typed: Mapping[str, Any]) -> list[Concern]:
    """Notes in force, those that concern what is typed first. One query."""
    text = f"{typed.get('title') or ''}\n{typed.get('text') or ''}"
    found = [
        Concern(
            note,
            match(
                categories=note.categories,
                topics=note.topics,
                category=str(typed.get("category") or ""),
                text=text,
            ),
        )
        for note in in_force(unit, on).order_by("ends_on", "pk")[:20]
    ]
    return sorted(found, key=lambda concern: not concern.match)


# receipts


@dataclass(frozen=True)
class Receipt:
    """One unit that it goes to: how many people read it, and when the first did."""

    unit: Unit
    readers: int
    first_at: datetime | None


def reached(guidance: Guidance, on: date) -> QuerySet[Unit]:
    """Units that the note goes to, by name."""
    return reached_units(guidance.targets.all(), on).exclude(pk=guidance.unit_id)


def unread_units(guidance: Guidance, on: date) -> QuerySet[Unit]:
    """Units in which nobody has read it."""
    read = Reading.objects.filter(guidance=guidance, unit=OuterRef("pk"))
    return reached(guidance, on).filter(~Exists(read))


def receipts(guidance: Guidance, units: Collection[Unit]) -> list[Receipt]:
    """Of some units, in their order. One query."""
    rows = Reading.objects.filter(guidance=guidance, unit__in=units).order_by().values("unit")
    counted = {row["unit"]: row for row in rows.annotate(n=Count("pk"), first=Min("at"))}
    nobody: dict[str, Any] = {"n": 0, "first": None}
    return [
        Receipt(unit, counted.get(unit.pk, nobody)["n"], counted.get(unit.pk, nobody)["first"])
        for unit in units
    ]


def readers(guidance: Guidance, unit: Unit) -> QuerySet[Reading]:
    """Who of the unit read it, in order."""
    rows = Reading.objects.filter(guidance=guidance, unit=unit)
    return rows.select_related("person").order_by("at", "pk")
