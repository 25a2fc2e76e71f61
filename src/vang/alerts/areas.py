"""Where an alert is heard: communes, villages and the loudspeakers that these hear."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vang.alerts.households import AVERAGE, Size
from vang.alerts.models import AlertVersion
from vang.base.refusals import Refusal
from vang.base.text import fold
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below, valid_on, villages
from vang.stations.models import Cluster, Node
from vang_protocol.commands import Audience


@dataclass(frozen=True)
class Area:
    """Codes, and the words in which people know it. ``name`` is typed before it is sent."""

    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    clusters: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def audience(self) -> Audience:
        return Audience(self.units, self.clusters)


def choices_of(unit: Unit, on: date) -> list[Unit]:
    """What may be chosen: of a commune its villages, of what stands above it the communes."""
    if unit.level == Unit.Level.COMMUNE:
        return list(villages(unit, on))
    return list(communes_below(unit, on))


def area_of(unit: Unit, chosen: Collection[str], on: date) -> Area:
    """``chosen``: codes of :func:`choices_of`; none means the whole commune.

    Raises Refusal for what is not there, and where no loudspeaker hears it.
    """
    offered = {one.code: one for one in choices_of(unit, on)}
    if any(code not in offered for code in chosen):
        raise Refusal("area-unknown", _("Choose from the places that are listed."))
    places = [one for code, one in offered.items() if code in chosen]
    if unit.level != Unit.Level.COMMUNE:
        if not places:
            raise Refusal("area-empty", _("Choose the communes it is for."))
        names = tuple(one.code for one in places)
        return Area(units=names, words=_joined(places))
    if not places or len(places) == len(offered):
        return Area(units=(unit.code,), words=unit.full_name)
    codes = tuple(one.code for one in places)
    heard = Cluster.objects.filter(unit=unit, active=True, villages__code__in=codes).distinct()
    pairs = tuple(
        (unit.code, code) for code in heard.order_by("code").values_list("code", flat=True)
    )
    if not pairs:
        raise Refusal("area-silent", _("No loudspeaker is heard in these villages."))
    return Area((), codes, pairs, f"{_joined(places)}, {unit.full_name}")


def _joined(places: Iterable[Unit]) -> str:
    words = ", ".join(one.full_name for one in places)
    return words if len(words) <= 250 else words[:249].rstrip(", ") + "…"


def audience_of(version: AlertVersion) -> Audience:
    return Audience(tuple(version.units), tuple((unit, one) for unit, one in version.clusters))


def clusters_of(audience: Audience) -> QuerySet[Cluster]:
    """The clusters in service that the audience names, by commune and name."""
    serving = Node.objects.filter(cluster=OuterRef("pk"), retired_at=None)
    wanted = Q(unit__code__in=audience.units)
    wanted |= Q(Exists(serving.filter(home__code__in=audience.units)))
    for unit, cluster in audience.clusters:
        known = Q(unit__code=unit) | Q(Exists(serving.filter(home__code=unit)))
        wanted |= Q(known, code=cluster)
    found = Cluster.objects.filter(wanted, active=True).select_related("unit")
    return found.order_by("unit__name", "name", "code")


def as_devices_know(audience: Audience) -> Audience:
    """The same loudspeakers, named as their devices know themselves.

    A device whose cluster was handed over when units merged goes by the code of its earlier unit.
    Where all that go by a code are meant, the code is named, else each of them.
    """
    clusters = list(clusters_of(audience).values_list("pk", flat=True))
    serving = Node.objects.filter(retired_at=None, cluster__active=True)
    here = serving.filter(cluster__in=clusters).select_related("cluster__unit", "home")
    known = {one.cluster.code: one.obeys.code for one in here}
    if all(node.home_id is None for node in here):
        return audience
    others = serving.filter(home__code__in=known.values()).exclude(cluster__in=clusters)
    shared = set(others.values_list("home__code", flat=True))
    single = {code for _unit, code in audience.clusters}
    units = {*audience.units, *(home for code, home in known.items() if code not in single)}
    pairs = {(home, code) for code, home in known.items() if code in single or home in shared}
    pairs |= {pair for pair in audience.clusters if pair[1] not in known}
    return Audience(tuple(sorted(units - shared)), tuple(sorted(pairs)))


@dataclass(frozen=True)
class Reach:
    """How many loudspeakers and people. ``unknown``: villages whose households nobody entered."""

    clusters: int
    households: int
    unknown: int
    size: Size = AVERAGE

    @property
    def residents(self) -> int:
        """About so many, rounded to tens."""
        return round(self.households * self.size.people / 10) * 10


def reach_of(clusters: Collection[Cluster], size: Size = AVERAGE) -> Reach:
    """The clusters come with their villages prefetched; a village counts once.

    ``size``: how many people a household has (households.size_in).
    """
    heard = {place.pk: place for cluster in clusters for place in cluster.villages.all()}
    known = [place.households for place in heard.values() if place.households is not None]
    return Reach(len(clusters), sum(known), len(heard) - len(known), size)


def unheard(version: AlertVersion, clusters: Collection[Cluster], on: date) -> list[Unit]:
    """Villages of the area that no loudspeaker reaches: somebody must go there. One query."""
    heard = {place.pk for cluster in clusters for place in cluster.villages.all()}
    wanted = Q(parent__code__in=version.units) | Q(code__in=version.villages)
    found = Unit.objects.filter(valid_on(on), wanted, level=Unit.Level.VILLAGE)
    return [place for place in found.order_by("parent", "name", "code") if place.pk not in heard]


def typed_name(unit: Unit, words: str) -> str:
    """What the last step wants typed: the place if it is one, else the issuing unit's name."""
    first, _comma, rest = words.partition(",")
    one = first if not rest or rest.strip() == unit.full_name else unit.full_name
    return _bare(one)


def _bare(name: str) -> str:
    """Without the word for what kind of place it is, with its marks or without."""
    for prefix in _PREFIXES:
        for begun in (prefix, fold(prefix)):
            if name.lower().startswith(begun + " "):
                return name[len(begun) + 1 :]
    return name


_PREFIXES = sorted((label for _value, label in Unit.Kind.choices), key=len, reverse=True)


def is_typed(wanted: str, typed: str) -> bool:
    """Marks and capitals may be missing: a telephone's keyboard is no hindrance at night. So may
    the word for what kind of place it is, or stand before it."""
    told = " ".join(typed.split())
    return fold(" ".join(wanted.split())) in {fold(told), fold(_bare(told))}
