"""Which clusters stand in the area that a warning draws.

Vang knows no borders of communes: it compares the coordinates of the clusters. What follows is a
proposal for a person, who compares it with the words of the warning.
"""

from dataclasses import dataclass
from datetime import date

from vang.cap.model import Alert
from vang.cap.within import drawn
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.stations.models import Cluster


@dataclass(frozen=True)
class Match:
    """One commune: its clusters inside, of how many whose coordinates are known."""

    unit: Unit
    inside: tuple[Cluster, ...]
    known: int

    @property
    def whole(self) -> bool:
        """Every cluster that is known stands inside."""
        return len(self.inside) == self.known


@dataclass(frozen=True)
class Matches:
    """``unplaced``: clusters in service whose coordinates nobody entered."""

    rows: tuple[Match, ...]
    unplaced: int

    @property
    def inside(self) -> int:
        return sum(len(row.inside) for row in self.rows)


def matches_of(alert: Alert, unit: Unit, on: date) -> Matches | None:
    """Of the unit's clusters, or those of all communes below. None where it draws nothing."""
    shapes = drawn(alert)
    if shapes is None:
        return None
    below = [unit] if unit.level == Unit.Level.COMMUNE else communes_below(unit, on)
    serving = Cluster.objects.filter(unit__in=[one.pk for one in below], active=True)
    known: dict[Unit, list[Cluster]] = {}
    inside: dict[Unit, list[Cluster]] = {}
    unplaced = 0
    for one in serving.select_related("unit").order_by("unit__name", "unit", "name", "pk"):
        if one.latitude is None or one.longitude is None:
            unplaced += 1
            continue
        known.setdefault(one.unit, []).append(one)
        if shapes.holds(one.latitude, one.longitude):
            inside.setdefault(one.unit, []).append(one)
    rows = (Match(place, tuple(found), len(known[place])) for place, found in inside.items())
    return Matches(tuple(rows), unplaced)
