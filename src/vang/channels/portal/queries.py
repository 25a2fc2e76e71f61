"""What a commune's public pages tell, read from the released editions and the as-run log."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from vang.base.clock import local_date
from vang.bulletins.models import Delivery, Edition
from vang.channels.portal.wording import Broadcast, broadcasts, outcome_words
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on
from vang.stations.models import Cluster

PORTAL = "portal"


@dataclass(frozen=True)
class Scheduled:
    """One thing on the loudspeakers today."""

    start: datetime
    edition: Edition
    clusters: list[str]
    everywhere: bool
    words: str


def editions(unit: Unit, fresh: Collection[UUID] = ()) -> QuerySet[Edition]:
    """Everything that has its public page, newest first. ``fresh``: pages just being written,
    of which the deliveries do not tell yet."""
    mine = Delivery.objects.filter(edition=OuterRef("pk"), channel=PORTAL)
    written = Exists(mine.filter(delivered_at__isnull=False)) | Q(pk__in=fresh)
    found = Edition.objects.filter(written, unit=unit).select_related("corrected_by")
    return found.order_by("-released_at", "pk")


def responsible(unit: Unit, on: date) -> str:
    """The People's Committee that answers for what the page says."""
    committee = Organisation.objects.filter(
        valid_on(on), unit=unit, kind=Organisation.Kind.PEOPLES_COMMITTEE
    ).first()
    if committee is not None:
        return committee.name
    return gettext("People's Committee of %(unit)s") % {"unit": in_a_sentence(unit)}


def in_a_sentence(unit: Unit) -> str:
    """``xã Quế Thuận``."""
    return f"{unit.get_kind_display()} {unit.name}"


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


def schedule(unit: Unit, day: date) -> list[Scheduled]:
    """What the signed plans put on the air on that day, in order."""
    begin, end = day_bounds(day)
    items = (
        PlannedItem.objects.filter(unit=unit, start__gte=begin, start__lt=end, withdrawn_at=None)
        .select_related("edition")
        .order_by("start", "item")
    )
    clusters = dict(Cluster.objects.filter(unit=unit, active=True).values_list("code", "name"))
    states = _states(items)
    return [_scheduled(item, clusters, states[item.pk]) for item in items]


def _states(items: QuerySet[PlannedItem]) -> dict[int, set[tuple[str, str]]]:
    """The different outcomes of each item, over its loudspeakers."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = AsRun.objects.filter(planned__in=items.order_by()).values_list(
        "planned", "state", "reason"
    )
    for planned, state, reason in rows.order_by("pk"):
        found[planned].add((state, reason))
    return found


def _scheduled(
    item: PlannedItem, clusters: dict[str, str], outcomes: set[tuple[str, str]]
) -> Scheduled:
    names = sorted(clusters.get(code, code) for code in item.clusters)
    return Scheduled(
        start=item.start,
        edition=item.edition,
        clusters=names,
        everywhere=len(names) > 1 and set(item.clusters) >= clusters.keys(),
        words=_together(outcomes),
    )


def _together(outcomes: set[tuple[str, str]]) -> str:
    """One word for all loudspeakers when they agree; nothing before it began."""
    if not outcomes or {state for state, _reason in outcomes} == {AsRun.State.PLANNED}:
        return ""
    if len(outcomes) > 1:
        return gettext("not everywhere alike: see the notice")
    return outcome_words(*next(iter(outcomes)))


def recently_aired(unit: Unit, now: datetime) -> QuerySet[Edition]:
    """What was on the air in the last two days."""
    aired = PlannedItem.objects.filter(
        edition=OuterRef("pk"), start__gte=now - timedelta(days=2), start__lte=now
    )
    return editions(unit).filter(Exists(aired))


def months(found: Iterable[Edition]) -> dict[date, list[Edition]]:
    """Editions by the first day of their month, in the order given."""
    grouped: dict[date, list[Edition]] = defaultdict(list)
    for edition in found:
        grouped[local_date(edition.released_at).replace(day=1)].append(edition)
    return grouped
