"""The places of a unit or of all communes below it: which there are, and how their devices do.

The rule that tells whether a device is there is that of vang.stations.presence, whatever the size:
five thousand devices are read as bare columns, without what they last told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from vang.equipment.models import Device, Place, Segment, looked_for
from vang.orgs.models import Unit
from vang.orgs.queries import at_or_under
from vang.stations.models import Node
from vang.stations.positions import written_position
from vang.stations.presence import Contact, Presence, has_settled, presence
from vang.stations.queries import listening

SOON = timedelta(days=90)
"""Ahead of its last day a licence or warranty is said to end."""
LOOKS = {
    Presence.ONLINE: "online",
    Presence.OFFLINE: "offline",
    Presence.UNKNOWN: "unknown",
    Presence.NEVER: "never_seen",
}
UNAUTHENTICATED, SUSPENDED, ENDED = "unauthenticated", "device_suspended", "ended"
STATES = ("offline", "device_suspended", "online", "unknown", "never_seen", UNAUTHENTICATED)
"""In the order in which they matter."""


@dataclass(frozen=True)
class Wish:
    """Which places are wanted."""

    state: str = ""
    village: int | None = None
    kind: str = ""
    ending: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: degrees or nowhere, and how its device does."""

    pk: int
    name: str
    look: str
    latitude: float | None
    longitude: float | None

    @property
    def position(self) -> str:
        return written_position(self.latitude, self.longitude)


def scope(unit: Unit) -> Q:
    """The condition that a row's unit is ``unit`` or stands under it."""
    if unit.level == Unit.Level.COMMUNE:
        return Q(unit=unit)
    under = Unit.objects.filter(at_or_under(Unit.objects.filter(pk=unit.pk)))
    return Q(unit__in=under.values("pk"))


def places(unit: Unit, wish: Wish, today: date) -> QuerySet[Place]:
    """In the order of their communes and names. ``wish.state`` is left to :func:`spots`."""
    found = Place.objects.filter(scope(unit), ended_at=None)
    if wish.village:
        found = found.filter(villages=wish.village)
    if wish.kind == Segment.Kind.IP:
        found = found.filter(Q(segment__kind="IP") | Q(segment=None, cluster__isnull=False))
    elif wish.kind:
        found = found.filter(segment__kind=wish.kind)
    if wish.ending == "warranty":
        ends = Device.objects.filter(warranty_ending(today), place=OuterRef("pk"))
        found = found.filter(Exists(ends))
    elif wish.ending == "licence":
        found = found.filter(segment__in=Segment.objects.filter(licence_ending(today)))
    for word in wish.words.split()[:6]:
        found = found.filter(_named(word))
    return found.order_by("unit__name", "unit__code", "name", "pk")


def _named(word: str) -> Q:
    told = looked_for(word)
    device = Device.objects.filter(key__contains=told, place=OuterRef("pk"))
    return Q(key__contains=told) | Q(cluster__code=word) | Q(Exists(device))


def warranty_ending(today: date) -> Q:
    """Of devices in use: the warranty ends within :data:`SOON`."""
    in_time = Q(warranty_until__gte=today, warranty_until__lte=today + SOON)
    return Q(in_time, ~Q(state=Device.State.RETIRED))


def licence_ending(today: date) -> Q:
    """Of ways of transmission in use: the licence ends within :data:`SOON`, or has ended."""
    return Q(licence_until__isnull=False, licence_until__lte=today + SOON, ended_at=None)


_COLUMNS = ("pk", "name", "latitude", "longitude", "cluster__active", "cluster_id")
_NODE = ("cluster_id", "last_seen_at", "every_s", "left_at", "suspended_at")


def spots(found: QuerySet[Place], now: datetime) -> list[Spot]:
    """All of them with how their devices do. Three queries."""
    rows = list(found.values_list(*_COLUMNS))
    nodes = _nodes(found)
    since = listening()
    settled = has_settled([contact for contact, _suspended in nodes.values()], since)

    def look(cluster: int | None, *, active: bool | None) -> str:
        if cluster is None:
            return UNAUTHENTICATED
        if not active:
            return ENDED
        if cluster not in nodes:
            return LOOKS[Presence.NEVER]
        contact, suspended = nodes[cluster]
        if suspended:
            return SUSPENDED
        return LOOKS[presence(contact, since, now=now, settled=settled)]

    return [
        Spot(pk, name, look(cluster, active=active), latitude, longitude)
        for pk, name, latitude, longitude, active, cluster in rows
    ]


def _nodes(found: QuerySet[Place]) -> Mapping[int, tuple[Contact, bool]]:
    clusters = found.filter(cluster__isnull=False).order_by().values("cluster")
    rows = Node.objects.filter(retired_at=None, cluster__in=clusters).order_by()
    return {
        cluster: (Contact(seen, every, left), suspended is not None)
        for cluster, seen, every, left, suspended in rows.values_list(*_NODE)
    }


def counts(found: Iterable[Spot]) -> dict[str, int]:
    """How many in each state, those that matter first."""
    told = Counter(one.look for one in found)
    return {state: told[state] for state in STATES if told[state]}


def shown(keys: list[int]) -> dict[int, Place]:
    """Whole places, for one page of a list. Three queries."""
    serving = Device.objects.filter(state=Device.State.SERVING).order_by("kind", "name", "pk")
    rows = Place.objects.filter(pk__in=keys).select_related("unit", "cluster", "segment__fed_by")
    some = rows.prefetch_related("villages", Prefetch("devices", queryset=serving))
    return {place.pk: place for place in some}


def households(place: Place) -> int | None:
    """Counted by somebody, else those of its villages; None when nobody knows."""
    if place.households is not None:
        return place.households
    known = [one.households for one in place.villages.all() if one.households is not None]
    return sum(known) if known else None


@dataclass(frozen=True)
class DeviceWish:
    """Which devices are wanted."""

    state: str = ""
    kind: str = ""
    ending: str = ""
    words: str = ""


def devices(unit: Unit, wish: DeviceWish, today: date) -> QuerySet[Device]:
    """In the order of their communes, kinds and names."""
    found = Device.objects.filter(scope(unit))
    if wish.state == "undescribed":
        found = found.filter(described=False)
    elif wish.state:
        found = found.filter(state=wish.state)
    else:
        found = found.exclude(state=Device.State.RETIRED)
    if wish.kind:
        found = found.filter(kind=wish.kind)
    if wish.ending == "warranty":
        found = found.filter(warranty_ending(today))
    elif wish.ending == "loan":
        found = found.filter(state=Device.State.LENT, lent_until__lte=today + SOON)
    for word in wish.words.split()[:6]:
        told = looked_for(word)
        found = found.filter(Q(key__contains=told) | Q(place__key__contains=told))
    ordered = found.order_by("unit__name", "unit__code", "kind", "name", "pk")
    return ordered.select_related("unit", "place")


def segments(unit: Unit) -> QuerySet[Segment]:
    """Those in use of a unit or all communes below it."""
    rows = Segment.objects.filter(scope(unit), ended_at=None)
    return rows.select_related("unit", "fed_by").order_by("unit__name", "unit__code", "kind", "pk")
