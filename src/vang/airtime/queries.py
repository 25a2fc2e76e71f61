"""Reading what decides the air, for one commune or for thousands in the same few queries."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from vang.airtime.days import Day, Item
from vang.airtime.models import (
    Placement,
    SlotPolicy,
    StationSound,
    StoppedOccurrence,
)
from vang.airtime.moments import EPOCH, local_day
from vang.airtime.policies import DEFAULT_POLICY, Policy
from vang.airtime.programme_parts import Programmes, part_wishes
from vang.airtime.quiet import ClusterRule
from vang.airtime.recurrence import MOVE_REACH
from vang.airtime.rules import Rules
from vang.airtime.timeline import LOOK_AHEAD_DAYS, Schedule, UnitAirtime
from vang.airtime.wishes import Clusters, Kind, Wish, in_each_language, with_hearers
from vang.base.languages import VIETNAMESE
from vang.bulletins.models import Edition, EditionWording
from vang.bulletins.wordings import Sound, further_sounds, main_sound
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.stations.models import Cluster
from vang_protocol.plans import Priority, Resume
from vang_protocol.volumes import Loudness

_DAY = timedelta(days=1)
_PLACEMENT = re.compile(r"[op](\d{1,18})(?:-|$)", re.ASCII)
SHOWN_AHEAD = 14 * _DAY
"""How far a preview looks."""

# Exactly the columns a wish needs: an edition's text may be 50,000 characters long.
_WISH_COLUMNS = (
    "unit_id",
    "pk",
    "kind",
    "start",
    "from_day",
    "to_day",
    "placed_at",
    "stopped_at",
    "edition_id",
    "edition__title",
    "edition__priority",
    "edition__duration_ms",
    "edition__audience",
    "edition__withdrawn_at",
    "edition__valid_until",
    "missing",
    "programme_id",
    "only",
    "resume",
    "programme__name",
    "programme__fill_s",
    "programme__on_holidays",
    "programme__starts_at",
    "programme__zone",
    "programme__weekdays",
    "programme__valid_from",
    "programme__valid_to",
)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """An item of the timeline with its edition and the sound, in the item's language."""

    item: Item
    edition: Edition | None
    sound: Sound


def policy_of(unit: Unit) -> Policy:
    """The commune's slot policy; the default until somebody sets one."""
    row = SlotPolicy.objects.filter(unit=unit).first()
    return _policy(row) if row else DEFAULT_POLICY


def joined_policy(unit: Unit) -> Policy:
    """The same of a unit just read with ``select_related("slot_policy")``. No query."""
    try:
        return _policy(unit.slot_policy)
    except SlotPolicy.DoesNotExist:
        return DEFAULT_POLICY


def policies_of(units: Collection[int]) -> dict[int, Policy]:
    """The same for many units' keys. One query."""
    rows = {row.unit_id: _policy(row) for row in SlotPolicy.objects.filter(unit__in=units)}
    return {unit: rows.get(unit, DEFAULT_POLICY) for unit in units}


def wishes_of(
    units: Collection[Unit],
    first: date,
    last: date,
    policies: Mapping[int, Policy] | None = None,
) -> dict[int, UnitAirtime]:
    """For each unit's key all that decides its air on the local days ``first`` to ``last``.

    At most ten queries, however many communes; ``policies`` where they were read already.
    """
    keys = [unit.pk for unit in units]
    # An emergency of the evening before may still sound, and zones differ by up to 14 hours.
    begins = datetime.combine(first - 2 * _DAY, time(0), UTC)
    ends = datetime.combine(last + 2 * _DAY, time(0), UTC)
    policies = policies_of(keys) if policies is None else policies
    clusters, tongues, names, zones = _clusters(keys)
    foreign = any(set(some.values()) - {VIETNAMESE} for some in tongues.values())
    rules = Rules(keys, begins.date() - MOVE_REACH, ends.date() + MOVE_REACH)
    wishes, programmes = part_wishes(keys, begins.date(), ends.date(), rules)
    span = (begins, ends)
    _add_placements(wishes, programmes, keys, span, rules=rules, foreign=foreign)
    stopped = _stopped(keys, begins, ends)
    fills = programmes.fills()
    return {
        unit.pk: UnitAirtime(
            unit=unit.code,
            policy=policies[unit.pk],
            wishes=with_hearers(wishes.get(unit.pk, ()), clusters[unit.pk], tongues[unit.pk]),
            stopped=stopped.get(unit.pk, {}),
            clusters=clusters[unit.pk],
            tongues=tongues[unit.pk],
            names=names[unit.pk],
            rules=zones[unit.pk],
            fills=fills.get(unit.pk, ()),
            programmes=programmes.names.get(unit.pk, {}),
        )
        for unit in units
    }


def airtime_of(unit: Unit, first: date, last: date, policy: Policy | None = None) -> UnitAirtime:
    """:func:`wishes_of` for one commune, far enough ahead to name the next free time."""
    policies = None if policy is None else {unit.pk: policy}
    return wishes_of([unit], first, last + LOOK_AHEAD_DAYS * _DAY, policies)[unit.pk]


def schedule_of(unit: Unit, first: date, last: date) -> Schedule:
    """The days of one commune, laid out when asked for."""
    return Schedule(airtime_of(unit, first, last))


def day_timeline(unit: Unit, day: date, now: datetime = EPOCH) -> Day:
    """One local day of a commune; the free times it names are not before ``now``."""
    today = local_day(now, DEFAULT_POLICY.zone)
    return Schedule(airtime_of(unit, day, max(day, today)), now=now).day(day)


def _ahead(unit: Unit, start: datetime, days: int) -> list[Item]:
    """All that is not over at ``start``, for ``days`` days."""
    first = local_day(start, policy_of(unit).zone)
    air = wishes_of([unit], first - _DAY, first + days * _DAY)[unit.pk]
    schedule = Schedule(air, look_ahead_days=0)
    return [
        item
        for ahead in range(-1, days + 1)
        for item in schedule.day(first + ahead * _DAY).items
        if item.ends > start and item.start < start + days * _DAY
    ]


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """``items`` have a sound that is known; ``relays`` are carried as they come."""

    items: list[PlanItem]
    relays: list[Item]


def week_ahead(unit: Unit, start: datetime, *, days: int = 7) -> WeekAhead:
    """What a plan issued at ``start`` orders: all that is not over by then, for ``days`` days.

    The item that sounds at ``start`` is among them: a node stops what its plan drops.
    """
    ahead = _ahead(unit, start, days)
    items = [item for item in ahead if not item.reserved]
    editions = Edition.objects.defer("text").in_bulk({i.edition for i in items if i.edition})
    found = {str(key): edition for key, edition in editions.items()}
    spoken = {UUID(item.edition) for item in items if item.language != VIETNAMESE}
    further = further_sounds(EditionWording.objects.filter(edition__in=spoken)) if spoken else {}
    own = _station_sounds({item.sound for item in items if item.sound})
    sounding = [
        PlanItem(item, None, own[item.sound])
        if item.sound
        else PlanItem(item, e := found[item.edition], _sound(item, e, further))
        for item in items
    ]
    return WeekAhead(sounding, [item for item in ahead if item.relay])


def _station_sounds(keys: Collection[int]) -> dict[int, Sound]:
    """The very files that were approved."""
    if not keys:
        return {}
    rows = StationSound.objects.filter(pk__in=keys).order_by("pk")
    columns = ("pk", "approved_sha256", "rendition__size", "rendition__duration_ms")
    return {pk: Sound(VIETNAMESE, *sound) for pk, *sound in rows.values_list(*columns)}


def _sound(item: Item, edition: Edition, further: Mapping[UUID, Mapping[str, Sound]]) -> Sound:
    if item.language == VIETNAMESE:
        return main_sound(edition)
    return further[edition.pk][item.language]


def stopped_items(unit: Unit, since: datetime) -> list[str]:
    """Ids, sorted, of the stopped occurrences that would begin from then on: a plan names them."""
    rows = StoppedOccurrence.objects.filter(unit=unit, start__gte=since)
    return sorted(rows.values_list("item", flat=True))


def bulletins_concerned(items: Iterable[str]) -> list[str]:
    """What is played by plan items, as the journal names it."""
    placements = {int(found[1]) for item in items if (found := _PLACEMENT.match(item))}
    rows = Placement.objects.filter(pk__in=placements).order_by("edition__bulletin")
    return [f"bulletin:{pk}" for pk in rows.values_list("edition__bulletin", flat=True).distinct()]


def _policy(row: SlotPolicy) -> Policy:
    hours = tuple((str(opens), str(closes)) for opens, closes in row.hours)
    return Policy(
        hours,
        row.longest_session_s,
        row.sessions_a_day,
        row.weekend,
        row.zone,
        _levels(row.volume),
        row.based_on,
        row.note,
    )


def _levels(rows: Any) -> Loudness:
    return tuple((str(opens), str(closes), int(db)) for opens, closes, db in rows or ())


def _add_placements(
    wishes: dict[int, list[Wish]],
    programmes: Programmes,
    keys: list[int],
    span: tuple[datetime, datetime],
    *,
    rules: Rules,
    foreign: bool,
) -> None:
    """Add what the placements of each unit wish. Where every cluster speaks Vietnamese
    (not ``foreign``), nobody would hear another language, and none is read."""
    begins, ends = span
    once = ~Q(kind=Placement.Kind.PROGRAMME) & Q(start__gte=begins, start__lt=ends)
    first, last = begins.date(), ends.date()
    # A time moved to another day still belongs to its own.
    recurring = Q(kind=Placement.Kind.PROGRAMME, from_day__lte=last + MOVE_REACH) & (
        Q(to_day=None) | Q(to_day__gte=first - MOVE_REACH)
    )
    alive = Q(stopped_at=None) | Q(stopped_at__gte=begins)
    rows = Placement.objects.filter(alive, once | recurring, unit__in=keys).order_by("pk")
    placed = EditionWording.objects.filter(edition__in=rows.order_by().values("edition"))
    further = further_sounds(placed) if foreign else {}
    for row in rows.values_list(*_WISH_COLUMNS, named=True).iterator(chunk_size=2000):
        sounds = further.get(row.edition_id, {})
        lengths = {language: sound.duration_ms for language, sound in sounds.items()}
        wishes[row.unit_id] += in_each_language(
            _wish(row, rules), lengths, heard_in_vietnamese(row)
        )
        if row.programme_id:
            programmes.note(row.unit_id, row, rules)


def heard_in_vietnamese(placement: Any) -> list[str]:
    """The languages whose clusters hear the Vietnamese; ``placement`` is one, or its columns."""
    instead = Placement.Instead.VIETNAMESE
    return [language for language, heard in placement.missing.items() if heard == instead]


def _wish(row: Any, rules: Rules) -> Wish:
    ends = [instant for instant in (row.stopped_at, row.edition__withdrawn_at) if instant]
    return Wish(
        placement=row.pk,
        edition=str(row.edition_id),
        title=row.edition__title,
        priority=Priority(row.edition__priority),
        duration_ms=row.edition__duration_ms,
        audience=tuple(row.edition__audience),
        kind=Kind(row.kind),
        when=rules.rule(row, row.unit_id, row.edition__valid_until)
        if row.programme_id
        else row.start,
        placed_at=row.placed_at,
        stopped_at=min(ends, default=None),
        programme=row.programme_id or 0,
        only=tuple(row.only),
        resume=Resume(row.resume),
    )


def _stopped(
    keys: list[int], begins: datetime, ends: datetime
) -> Mapping[int, dict[str, datetime]]:
    rows = StoppedOccurrence.objects.filter(unit__in=keys, start__gte=begins, start__lt=ends)
    stopped: dict[int, dict[str, datetime]] = defaultdict(dict)
    for unit, item, at in rows.order_by().values_list("unit_id", "item", "stopped_at"):
        stopped[unit][item] = at
    return stopped


_Reach = Mapping[int, dict[str, frozenset[str]]]
_Words = Mapping[int, dict[str, str]]


_Zones = Mapping[int, dict[str, ClusterRule]]


def _clusters(keys: list[int]) -> tuple[_Reach, _Words, _Words, _Zones]:
    """For each unit, by cluster code and in the order of their names: the villages it reaches,
    its hearers' language, its name, what rules it alone."""
    rows = Cluster.objects.filter(unit__in=keys, active=True).order_by("name", "code")
    villages: dict[int, dict[str, set[str]]] = {key: defaultdict(set) for key in keys}
    tongues: dict[int, dict[str, str]] = {key: {} for key in keys}
    names: dict[int, dict[str, str]] = {key: {} for key in keys}
    zones: dict[int, dict[str, ClusterRule]] = {key: {} for key in keys}
    columns = ("unit_id", "code", "name", "language", "villages__code", *_ZONE_COLUMNS)
    for unit, code, name, language, village, *zone in rows.values_list(*columns):
        zones[unit][code] = _zone(*zone)
        # A cluster is reached by its villages and, for a trial, by its own name.
        villages[unit][code].update([village, code] if village else [code])
        tongues[unit][code], names[unit][code] = language, name
    reach = {
        unit: {code: frozenset(heard) for code, heard in clusters.items()}
        for unit, clusters in villages.items()
    }
    return reach, tongues, names, zones


_ZONE_COLUMNS = (
    "volume_ceiling_db",
    "quiet_zone__quiet",
    "quiet_zone__volume",
    "quiet_zone__because",
    "delay_ms",
)


def _zone(ceiling: int, quiet: Any, volume: Any, because: str | None, delay_ms: int) -> ClusterRule:
    hours = tuple((str(opens), str(closes)) for opens, closes in quiet or ())
    return ClusterRule(hours, _levels(volume), ceiling, because or "", delay_ms)


def cluster_rules(unit: Unit) -> dict[str, ClusterRule]:
    """What rules each cluster in use alone, by its code. One query."""
    rows = Cluster.objects.filter(unit=unit, active=True).order_by("code")
    found = rows.values_list("code", *_ZONE_COLUMNS)
    return {code: _zone(*zone) for code, *zone in found}


def cluster_names(unit: Unit) -> dict[str, str]:
    """Code to name of the clusters in use, by name."""
    found = Cluster.objects.filter(unit=unit, active=True).order_by("name", "code")
    return dict(found.values_list("code", "name"))


def village_names(unit: Unit, codes: Collection[str]) -> list[str]:
    """Full names of some villages of the commune."""
    some = Unit.objects.filter(parent=unit, code__in=list(codes)).order_by("name", "code")
    return [village.full_name for village in some]


def addressed_names(unit: Unit, codes: Collection[str], clusters: Mapping[str, str]) -> list[str]:
    """Full names of the villages spoken to, then of the single ``clusters`` (code to name)."""
    single = [name for code, name in clusters.items() if code in codes]
    return [*village_names(unit, codes), *single]


def unreached(unit: Unit, audience: Collection[str], clusters: Clusters, on: date) -> list[str]:
    """Full names of the villages spoken to in which no cluster in use is heard."""
    heard = frozenset[str]().union(*clusters.values())
    addressed = villages(unit, on)
    if audience:
        addressed = addressed.filter(code__in=list(audience))
    return [village.full_name for village in addressed if village.code not in heard]
