"""Places: what hangs there and who hears it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.equipment.models import Place, Segment
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import villages as villages_of
from vang.people.models import Person
from vang.stations.positions import parse_position

MOST_SPEAKERS = 500
MOST_WATTS = 100_000
MOST_HOUSEHOLDS = 100_000


@dataclass(frozen=True)
class Spot:
    """A place without a cluster. ``position`` as people copy it from a map."""

    name: str
    where: str = ""
    position: str = ""
    villages: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """What hangs at a place. ``watts`` of all loudspeakers together; ``households`` counted by
    somebody, None: as many as its villages have."""

    segment: Segment | None = None
    speakers: int = 0
    watts: int = 0
    households: int | None = None
    power: str = ""
    note: str = ""


@transaction.atomic
def open_place(*, unit: Unit, spot: Spot, coverage: Coverage, by: Person, now: datetime) -> Place:
    """A place that is heard over FM or wire. Raises Refusal."""
    place = Place(unit=unit)
    if coverage.segment is None or coverage.segment.is_authenticated:
        raise Refusal(
            "place-of-no-segment",
            _("Choose the FM or wired way by which it is heard. A place with a device of its own "
              "is added as a loudspeaker cluster."),
        )  # fmt: skip
    _situate(place, spot)
    _cover(place, coverage)
    place.save()
    place.villages.set(_own(unit, spot.villages, now))
    _tell("place.opened", place, by, now, name=place.name)
    return place


@transaction.atomic
def change_place(
    place: Place, *, spot: Spot, coverage: Coverage, by: Person, now: datetime
) -> Place:
    """Change a place without a cluster. Raises Refusal."""
    fresh = _locked(place)
    if fresh.cluster_id is not None:
        raise Refusal("place-of-cluster", _("Name and position are those of its cluster."))
    _situate(fresh, spot)
    _cover(fresh, coverage)
    fresh.save()
    fresh.villages.set(_own(fresh.unit, spot.villages, now))
    _tell("place.changed", fresh, by, now)
    return fresh


@transaction.atomic
def describe_place(place: Place, *, coverage: Coverage, by: Person, now: datetime) -> Place:
    """What hangs at the place of a cluster. Raises Refusal."""
    fresh = _locked(place)
    _cover(fresh, coverage)
    fresh.save()
    _tell("place.changed", fresh, by, now)
    return fresh


@transaction.atomic
def end_place(place: Place, *, by: Person, now: datetime) -> Place:
    """Nothing hangs there any more. Raises Refusal."""
    fresh = _locked(place)
    if fresh.cluster_id is not None:
        raise Refusal("place-of-cluster-ends", _("Take the cluster out of service instead."))
    if fresh.ended_at is not None:
        raise Refusal("place-ended", _("The place has ended already."))
    if fresh.devices.exists():
        raise Refusal("place-holds-devices", _("Take down its devices first."))
    fresh.ended_at = now
    fresh.save(update_fields=["ended_at"])
    _tell("place.ended", fresh, by, now)
    return fresh


def _locked(place: Place) -> Place:
    return Place.objects.select_for_update(of=("self",)).select_related("unit").get(pk=place.pk)


def _situate(place: Place, spot: Spot) -> None:
    place.name = " ".join(clean_text(spot.name).split())
    place.where = " ".join(clean_text(spot.where).split())
    if not place.name:
        raise Refusal("place-without-name", _("Give the place a name."))
    place.latitude, place.longitude = parse_position(spot.position) or (None, None)


def _cover(place: Place, coverage: Coverage) -> None:
    if coverage.segment is not None and coverage.segment.unit_id != place.unit_id:
        raise Refusal("segment-foreign", _("Choose a way of transmission of this commune."))
    if not 0 <= coverage.speakers <= MOST_SPEAKERS:
        raise Refusal("speakers-many", _("A place has between 0 and 500 loudspeakers."))
    if not 0 <= coverage.watts <= MOST_WATTS:
        raise Refusal("watts-many", _("The power lies between 0 and 100,000 W."))
    if coverage.households is not None and not 0 <= coverage.households <= MOST_HOUSEHOLDS:
        raise Refusal("households-many", _("The number of households is too large."))
    place.segment, place.speakers, place.watts = (
        coverage.segment,
        coverage.speakers,
        coverage.watts,
    )
    place.households, place.power = coverage.households, coverage.power
    place.note = " ".join(clean_text(coverage.note).split())


def _own(unit: Unit, wanted: Iterable[Unit], now: datetime) -> list[Unit]:
    chosen = list(wanted)
    known = {village.pk for village in villages_of(unit, local_date(now))}
    if any(village.pk not in known for village in chosen):
        raise Refusal("foreign-village", _("A village of another commune cannot be chosen."))
    return chosen


def _tell(action: str, place: Place, by: Person, now: datetime, **detail: object) -> None:
    about = [f"cluster:{place.cluster_id}"] if place.cluster_id else []
    facts = {"speakers": place.speakers, "watts": place.watts, **detail}
    record(action, f"place:{place.pk}", by=by, unit=place.unit, now=now, about=about, **facts)
