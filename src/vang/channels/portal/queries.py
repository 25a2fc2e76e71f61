"""What a unit's public pages tell, read from the released editions and the as-run log."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import ExtractMonth, ExtractYear, RowNumber, Substr
from django.utils.translation import gettext, pgettext

from vang.base.clock import VIETNAM, local_date
from vang.base.languages import VIETNAMESE, language_name
from vang.base.text import slug
from vang.bulletins.models import Delivery, Edition
from vang.channels.portal.facts import in_a_sentence
from vang.channels.portal.wording import Broadcast, broadcasts, outcome_words
from vang.claims.models import Published
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.stations.models import Cluster

PORTAL = "portal"
BEGINNING = 400
_LIST_COLUMNS = (
    "unit_id",
    "bulletin_id",
    "title",
    "category",
    "priority",
    "duration_ms",
    "audio_sha256",
    "audio_size",
    "trial_voice",
    "released_at",
    "withdrawn_at",
    "withdrawn_for",
    "corrects_id",
)


@dataclass(frozen=True)
class Scheduled:
    """One thing on the loudspeakers: when, which, where, how it went."""

    start: datetime
    ends: datetime
    edition: Edition
    clusters: list[str]
    everywhere: bool
    words: str
    recurring: bool
    language: str
    """Its name, when it is not Vietnamese."""
    codes: frozenset[str] = frozenset()
    """Of its clusters."""


@dataclass(frozen=True)
class StationHeard:
    """A tune, music or relayed programme on the loudspeakers. ``codes`` of its clusters."""

    start: datetime
    ends: datetime
    title: str
    kind: str
    relayed_from: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Village:
    """A village and the loudspeakers heard there. ``quiet``: name, hours, why."""

    name: str
    anchor: str
    clusters: tuple[str, ...]
    codes: frozenset[str]
    quiet: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...]


def editions(units: Collection[int], fresh: Collection[UUID] = ()) -> QuerySet[Edition]:
    """Everything that has its public page, newest first. ``fresh``: pages just being written,
    of which the deliveries do not tell yet."""
    there = Q(delivered_at__isnull=False) | Q(act=Delivery.Act.WITHDRAW, state=Delivery.State.DONE)
    mine = Delivery.objects.filter(there, edition=OuterRef("pk"), channel=PORTAL)
    written: Exists | Q = Exists(mine)
    if fresh:
        written = written | Q(pk__in=fresh)
    found = Edition.objects.filter(written, unit__in=units)
    return found.order_by("-released_at", "pk")


def listed(found: QuerySet[Edition]) -> QuerySet[Edition]:
    """With what a list shows: ``begins`` (the first characters) and ``is_corrected``."""
    replaced = Edition.objects.filter(corrects=OuterRef("pk"))
    shown = found.annotate(begins=Substr("text", 1, BEGINNING), is_corrected=Exists(replaced))
    return shown.only(*_LIST_COLUMNS)


def standing(found: QuerySet[Edition]) -> QuerySet[Edition]:
    """What still holds: neither withdrawn nor corrected."""
    return found.filter(withdrawn_at=None, corrected_by=None)


def newest(
    units: Collection[int], count: int, fresh: Collection[UUID] = ()
) -> dict[int, list[Edition]]:
    """For each unit its newest editions that still hold. One query."""
    place = Window(RowNumber(), partition_by=F("unit"), order_by=[F("released_at").desc(), "pk"])
    ranked = listed(standing(editions(units, fresh))).annotate(place=place)
    found: dict[int, list[Edition]] = {unit: [] for unit in units}
    for edition in ranked.filter(place__lte=count):
        found[edition.unit_id].append(edition)
    return found


def newest_together(units: Collection[int], count: int) -> list[Edition]:
    """The newest of all these units, with their unit."""
    found = listed(standing(editions(units))).select_related("unit")
    return list(found.only(*_LIST_COLUMNS, "unit")[:count])


def lately_set_right(
    units: Collection[int], since: datetime, fresh: Collection[UUID] = ()
) -> dict[int, list[Edition]]:
    """Corrections released and editions withdrawn since then, latest first."""
    lately = Q(corrects__isnull=False, released_at__gte=since) | Q(withdrawn_at__gte=since)
    found: dict[int, list[Edition]] = {unit: [] for unit in units}
    rows = editions(units, fresh).filter(lately, corrected_by=None)
    for edition in rows.only(*_LIST_COLUMNS).order_by("-released_at", "pk"):
        found[edition.unit_id].append(edition)
    return found


def set_right(unit: Unit, fresh: Collection[UUID] = ()) -> QuerySet[Edition]:
    """Every correction and withdrawal that has a page, latest first."""
    known = editions([unit.pk], fresh).filter(
        Q(corrects__isnull=False) | Q(withdrawn_at__isnull=False)
    )
    return known.select_related("corrects").defer("text", "corrects__text")


def checked(unit: Unit, fresh: Collection[UUID] = ()) -> list[Published]:
    """What was said of harmful claims and still holds, latest first."""
    mine = standing(editions([unit.pk], fresh))
    found = Published.objects.filter(edition__in=mine).select_related("edition")
    return list(found.defer("edition__text").order_by("-edition__released_at", "pk"))


def categories_used(units: Collection[int], fresh: Collection[UUID] = ()) -> dict[int, set[str]]:
    """The categories under which each unit has pages. One query."""
    found: dict[int, set[str]] = {unit: set() for unit in units}
    rows = editions(units, fresh).order_by().values_list("unit", "category").distinct()
    for unit, category in rows:
        found[unit].add(category)
    return found


@dataclass(frozen=True)
class Shelves:
    """How many pages a unit has of each month (its first day) and category."""

    counts: Mapping[tuple[date, str], int]

    @property
    def months(self) -> dict[date, int]:
        """How many of each month, newest month first."""
        found: Counter[date] = Counter()
        for (month, _category), count in self.counts.items():
            found[month] += count
        return dict(sorted(found.items(), reverse=True))

    @property
    def categories(self) -> set[str]:
        return {category for _month, category in self.counts}

    def years(self, category: str) -> list[int]:
        """The years in which the category has pages, newest first."""
        return sorted({m.year for m, name in self.counts if name == category}, reverse=True)


def shelves(unit: Unit, fresh: Collection[UUID] = ()) -> Shelves:
    """One query."""
    rows = (
        editions([unit.pk], fresh)
        .order_by()
        .annotate(
            year=ExtractYear("released_at", tzinfo=VIETNAM),
            month=ExtractMonth("released_at", tzinfo=VIETNAM),
        )
        .values_list("year", "month", "category")
        .annotate(n=Count("pk"))
    )
    return Shelves({(date(year, month, 1), name): n for year, month, name, n in rows})


def month_of(edition: Edition) -> date:
    """The first day of the month in which it was released."""
    return local_date(edition.released_at).replace(day=1)


def of_month(unit: Unit, month: date, fresh: Collection[UUID] = ()) -> QuerySet[Edition]:
    """Everything released in that month."""
    begins, _ = day_bounds(month)
    ends, _ = day_bounds((month + timedelta(days=31)).replace(day=1))
    found = editions([unit.pk], fresh).filter(released_at__gte=begins, released_at__lt=ends)
    return listed(found)


def of_category(
    unit: Unit, category: str, fresh: Collection[UUID] = (), year: int | None = None
) -> QuerySet[Edition]:
    """Everything of one category, of one year or of all."""
    found = editions([unit.pk], fresh).filter(category=category)
    if year is not None:
        begins, _ = day_bounds(date(year, 1, 1))
        ends, _ = day_bounds(date(year + 1, 1, 1))
        found = found.filter(released_at__gte=begins, released_at__lt=ends)
    return listed(found)


def edition_broadcasts(edition: Edition) -> list[Broadcast]:
    """Every time it was or will be on the air, in order."""
    rows = (
        AsRun.objects.filter(planned__edition=edition)
        .select_related("cluster", "planned")
        .order_by("planned_start", "planned", "cluster__name", "pk")
    )
    return list(broadcasts(rows))


def audience_names(edition: Edition, on: date) -> list[str]:
    """The villages it is meant for; empty for the whole commune."""
    if not edition.audience:
        return []
    found = Unit.objects.filter(valid_on(on), code__in=edition.audience, parent=edition.unit)
    return [in_a_sentence(village) for village in found.order_by("name", "code")]


def schedule(
    units: Collection[int], begins: datetime, ends: datetime
) -> dict[int, list[Scheduled]]:
    """What the signed plans put on the air, in order. Four queries, however many units."""
    items = list(
        PlannedItem.objects.filter(
            unit__in=units,
            start__gte=begins,
            start__lt=ends,
            withdrawn_at=None,
            edition__isnull=False,
        )
        .exclude(edition__bulletin__trial__isnull=False)  # heard in one office only
        .select_related("edition", "placement")
        .defer("edition__text", "edition__wrong", "edition__wrong_because")
        .order_by("start", "item")
    )
    clusters = _clusters(units if items else ())
    states = _states([item.pk for item in items])
    found: dict[int, list[Scheduled]] = {unit: [] for unit in units}
    for item in items:
        found[item.unit_id].append(_scheduled(item, clusters[item.unit_id], states[item.pk]))
    return found


def _clusters(units: Collection[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Cluster.objects.filter(unit__in=units, active=True).order_by()
    for unit, code, name in rows.values_list("unit", "code", "name"):
        found[unit][code] = name
    return found


def _states(items: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """The different outcomes of each item, over its loudspeakers."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = AsRun.objects.filter(planned__in=items).order_by()
    for planned, state, reason in rows.values_list("planned", "state", "reason").distinct():
        found[planned].add((state, reason))
    return found


def _scheduled(
    item: PlannedItem, clusters: dict[str, str], outcomes: set[tuple[str, str]]
) -> Scheduled:
    names = sorted(clusters.get(code, code) for code in item.clusters)
    return Scheduled(
        start=item.start,
        ends=item.start + timedelta(milliseconds=item.duration_ms),
        edition=_edition(item),
        clusters=names,
        everywhere=len(names) > 1 and set(item.clusters) >= clusters.keys(),
        words=_together(outcomes),
        recurring=item.placement is not None and item.placement.kind == "PROGRAMME",
        language="" if item.language == VIETNAMESE else language_name(item.language),
        codes=frozenset(item.clusters),
    )


def station_sounds(
    units: Collection[int], begins: datetime, ends: datetime
) -> dict[int, list[StationHeard]]:
    """The station's own sounds in the signed plans, in order. One query."""
    found: dict[int, list[StationHeard]] = {unit: [] for unit in units}
    items = PlannedItem.objects.filter(
        unit__in=units, start__gte=begins, start__lt=ends, withdrawn_at=None, edition=None
    )
    for item in items.select_related("sound", "relay").order_by("start", "item"):
        found[item.unit_id].append(_station_heard(item))
    return found


def _station_heard(item: PlannedItem) -> StationHeard:
    sound, relay = item.sound, item.relay
    kind = sound.get_kind_display() if sound else pgettext("airtime", "Relayed")
    return StationHeard(
        start=item.start,
        ends=item.start + timedelta(milliseconds=item.duration_ms),
        title=item.title,
        kind=str(kind),
        relayed_from=sound.relayed_from if sound else relay.name if relay else "",
        codes=frozenset(item.clusters),
    )


def villages_heard(units: Collection[int]) -> dict[int, list[Village]]:
    """The villages of each unit that some loudspeaker in use reaches, by name. One query."""
    rows = Cluster.objects.filter(unit__in=units, active=True, villages__isnull=False)
    columns = ("unit", "code", "name", "villages__code", "villages__name", "villages__kind")
    zones = ("quiet_zone__quiet", "quiet_zone__because")
    found: dict[tuple[int, str, str, str], list[tuple[str, str, Any, str]]] = defaultdict(list)
    for unit, cluster, name, village, called, kind, quiet, because in rows.order_by(
        "villages__name", "villages__code", "name", "code"
    ).values_list(*columns, *zones):
        label = str(Unit.Kind(kind).label)
        full = f"{label[:1].upper()}{label[1:]} {called}"
        found[unit, village, full, called].append((cluster, name, quiet, because or ""))
    told: dict[int, list[Village]] = {unit: [] for unit in units}
    for (unit, village, full, _called), there in found.items():
        told[unit].append(_village(village, full, there))
    return told


def villages_without(units: Collection[int], on: date) -> dict[int, list[str]]:
    """The names of the villages of each unit that no loudspeaker in use reaches. One query."""
    reached = Cluster.villages.through.objects.filter(
        unit=OuterRef("pk"), cluster__active=True, cluster__unit=OuterRef("parent")
    )
    rows = Unit.objects.filter(
        valid_on(on), ~Exists(reached), parent__in=units, level=Unit.Level.VILLAGE
    )
    told: dict[int | None, list[str]] = defaultdict(list)
    for unit, kind, name in rows.order_by("name", "code").values_list("parent", "kind", "name"):
        label = str(Unit.Kind(kind).label)
        told[unit].append(f"{label[:1].upper()}{label[1:]} {name}")
    return {unit: told[unit] for unit in units}


def _village(code: str, name: str, there: Collection[tuple[str, str, Any, str]]) -> Village:
    quiet = [
        (cluster, tuple((a, b) for a, b in hours), because)
        for _code, cluster, hours, because in there
        if hours
    ]
    return Village(
        name=name,
        anchor=f"thon-{slug(code)}",
        clusters=tuple(cluster for _code, cluster, _hours, _because in there),
        codes=frozenset(one for one, *_rest in there),
        quiet=tuple(quiet),
    )


def _edition(item: PlannedItem) -> Edition:
    assert item.edition is not None  # noqa: S101 - asked for so
    return item.edition


def _together(outcomes: set[tuple[str, str]]) -> str:
    """One word for all loudspeakers when they agree; nothing before it began."""
    if not outcomes or {state for state, _reason in outcomes} == {AsRun.State.PLANNED}:
        return ""
    if len(outcomes) > 1:
        return gettext("not everywhere alike: see the notice")
    return outcome_words(*next(iter(outcomes)))


def by_day(items: Iterable[Scheduled]) -> dict[date, list[Scheduled]]:
    """By local day, in order."""
    found: dict[date, list[Scheduled]] = defaultdict(list)
    for item in items:
        found[local_date(item.start)].append(item)
    return dict(found)
