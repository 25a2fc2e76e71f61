"""Reading plans, series and scores; what was told and heard in a year."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import (
    Avg,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from vang.base.clock import VIETNAM, local_date
from vang.bulletins.models import Bulletin, Edition
from vang.editorial.models import Criterion, Line, Place, Plan, Score, Series
from vang.editorial.progress import Heard, Quota, Reached, Told, reached
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, valid_on
from vang.people.models import Membership, Person
from vang.pool.models import Taking


def year_bounds(year: int) -> tuple[datetime, datetime]:
    """The instants at which the year begins and ends in Vietnam."""
    return (
        datetime.combine(date(year, 1, 1), time(0), VIETNAM),
        datetime.combine(date(year + 1, 1, 1), time(0), VIETNAM),
    )


def released_in(unit: Unit, year: int) -> QuerySet[Edition]:
    """First editions of the year that still stand: a correction does not count again."""
    begins, ends = year_bounds(year)
    return Edition.objects.filter(
        unit=unit, released_at__gte=begins, released_at__lt=ends, withdrawn_at=None, corrects=None
    )


def told_in(unit: Unit, year: int) -> list[Told]:
    """What the unit released in that year. One query; texts stay in the database."""
    rows = released_in(unit, year).order_by("released_at", "pk")
    columns = (
        "bulletin",
        "released_at",
        "category",
        "bulletin__place__series",
        "bulletin__place__line",
        "bulletin__taking__kind",
    )
    return [
        Told(bulletin, local_date(at), category, series, line, kind == Taking.Kind.TAKEN)
        for bulletin, at, category, series, line, kind in rows.values_list(*columns)
    ]


def heard_in(unit: Unit, year: int) -> Mapping[int, list[Heard]]:
    """What was heard in that year, by key of the bulletin. One query.

    A broadcast counts once, by its longest play, on however many loudspeakers and in however many
    languages it was heard.
    """
    begins, ends = year_bounds(year)
    rows = AsRun.objects.filter(
        planned__unit=unit,
        planned__edition__isnull=False,
        planned_start__gte=begins,
        planned_start__lt=ends,
        played_ms__gt=0,
    )
    grouped = (
        rows.order_by()
        .values_list("planned__edition__bulletin", "planned__placement", "planned_start")
        .annotate(Max("played_ms"))
    )
    heard: dict[int, list[Heard]] = defaultdict(list)
    for bulletin, _placement, start, played_ms in grouped:
        heard[bulletin].append(Heard(bulletin, local_date(start), played_ms / 1000))
    return heard


# plans


def plan_of(unit: Unit, year: int) -> Plan | None:
    rows = Plan.objects.filter(unit=unit, year=year)
    return rows.select_related("unit", "parent__unit", "adopted_by").first()


def plans_to_copy(unit: Unit, year: int) -> QuerySet[Plan]:
    """Adopted plans of the units above, and of their offices, for that year."""
    above = ancestors(unit)[1:]
    issued = Q(unit__in=above) | Q(unit__level=Unit.Level.OFFICE, unit__parent__in=above)
    rows = Plan.objects.filter(issued, year=year, state=Plan.State.ADOPTED)
    return rows.exclude(unit=unit).select_related("unit").order_by("unit", "pk")


def stands_above(one: Unit, unit: Unit) -> bool:
    """Whether ``unit`` may copy a plan of ``one``: it is above, or an office of one above."""
    above = ancestors(unit)[1:]
    office = one.level == Unit.Level.OFFICE and one.parent in above
    return one != unit and (one in above or office)


def years_of(unit: Unit, this_year: int) -> list[int]:
    """Years to choose from: those with a plan, this one and the next, latest first."""
    known = set(Plan.objects.filter(unit=unit).values_list("year", flat=True))
    return sorted({*known, this_year, this_year + 1}, reverse=True)


@dataclass(frozen=True)
class Row:
    """A line of a plan, and how far it has come."""

    line: Line
    reached: Reached


def quota_of(line: Line, year: int) -> Quota:
    return Quota(
        key=line.pk,
        year=year,
        month_from=line.month_from,
        month_to=line.month_to,
        category=line.category,
        series=line.series_id,
        source=line.source,
        items=line.items,
        minutes=line.minutes,
    )


def progress_of(plan: Plan, today: date) -> list[Row]:
    """Every line of the plan, in the order of its months. Three queries."""
    lines = list(plan.lines.select_related("series").order_by("month_from", "month_to", "pk"))
    told, heard = told_in(plan.unit, plan.year), heard_in(plan.unit, plan.year)
    return [Row(line, reached(quota_of(line, plan.year), told, heard, today)) for line in lines]


def derived(plan: Plan) -> QuerySet[Plan]:
    """Plans that other units made from this one, by name of the unit."""
    rows = Plan.objects.filter(parent=plan).select_related("unit")
    return rows.annotate(count=Count("lines")).order_by("unit__name", "pk")


def counts_below(plans: Collection[Plan], year: int) -> dict[int, int]:
    """Bulletins that each unit released in the year, by key of the unit. One query."""
    begins, ends = year_bounds(year)
    rows = Edition.objects.filter(
        unit__in=[plan.unit_id for plan in plans],
        released_at__gte=begins,
        released_at__lt=ends,
        withdrawn_at=None,
        corrects=None,
    )
    return dict(rows.order_by().values_list("unit").annotate(Count("pk")))


# series


def series_of(unit: Unit, *, ended: bool = False) -> QuerySet[Series]:
    """The unit's series with ``episodes``, ``last_at`` and ``score`` of the last 90 days."""
    rows = Series.objects.filter(unit=unit, ended_on__isnull=not ended)
    return rows.select_related("programme", "responsible").order_by("name", "pk")


@dataclass(frozen=True)
class Standing:
    """How a series goes: episodes released, the last of them, the average score."""

    series: Series
    episodes: int
    last_at: datetime | None
    score: Decimal | None
    due: bool


_EVERY = {
    Series.Frequency.DAILY: 1,
    Series.Frequency.WEEKLY: 7,
    Series.Frequency.FORTNIGHTLY: 14,
    Series.Frequency.MONTHLY: 31,
    Series.Frequency.QUARTERLY: 92,
}


def standings(found: Collection[Series], today: date) -> list[Standing]:
    """Of some series, in their order. Two queries, however many."""
    rows = Edition.objects.filter(bulletin__place__series__in=found, withdrawn_at=None)
    told = {
        key: (count, last)
        for key, count, last in rows.order_by()
        .values_list("bulletin__place__series")
        .annotate(Count("bulletin", distinct=True), Max("released_at"))
    }
    scored = Score.objects.filter(series__in=found).order_by().values_list("series")
    averages = dict(scored.annotate(Avg("average")))
    return [
        Standing(
            series=one,
            episodes=told.get(one.pk, (0, None))[0],
            last_at=told.get(one.pk, (0, None))[1],
            score=averages.get(one.pk),
            due=_is_due(one, told.get(one.pk, (0, None))[1], today),
        )
        for one in found
    ]


def _is_due(series: Series, last_at: datetime | None, today: date) -> bool:
    """Nothing came for longer than its frequency promises."""
    every = _EVERY.get(Series.Frequency(series.frequency))
    if every is None or series.ended_on is not None:
        return False
    last = local_date(last_at) if last_at else series.started_on
    return today > last + timedelta(days=every)


def due_series(unit: Unit, person: Person, today: date) -> list[tuple[Series, datetime | None]]:
    """Those for which the person answers and of which the next episode is overdue, with when the
    last one was released. One query."""
    released = Edition.objects.filter(bulletin__place__series=OuterRef("pk"), withdrawn_at=None)
    # A maximum, not the first of an order: that order could be walked through all editions.
    by_series = released.order_by().values("bulletin__place__series")
    last = by_series.annotate(last=Max("released_at")).values("last")
    mine = series_of(unit).filter(responsible=person).annotate(last_at=Subquery(last))
    return [(one, one.last_at) for one in mine if _is_due(one, one.last_at, today)]


def episodes_of(series: Series) -> QuerySet[Place]:
    """Its bulletins, the latest first, with ``score``: their average."""
    rows = Place.objects.filter(series=series)
    joined = rows.select_related("bulletin__current__rendition").defer("bulletin__current__text")
    scored = joined.annotate(score=Avg("bulletin__scores__average"))
    return scored.order_by("-bulletin__changed_at", "-pk")


@dataclass(frozen=True)
class Month:
    """Average score in one month, and how it differs from the month with scores before."""

    first: date
    average: float
    count: int
    change: float | None


def trend(series: Series, months: int = 12) -> list[Month]:
    """By month, the latest first; months without scores are left out. One query."""
    rows = Score.objects.filter(series=series).order_by("at").values_list("at", "average")
    grouped: dict[date, list[float]] = defaultdict(list)
    for at, average in rows:
        grouped[local_date(at).replace(day=1)].append(float(average))
    found: list[Month] = []
    before: float | None = None
    for first, values in sorted(grouped.items()):
        mean = sum(values) / len(values)
        change = None if before is None else mean - before
        found.append(Month(first, round(mean, 2), len(values), change))
        before = mean
    return found[-months:][::-1]


# scores


def criteria_of(unit: Unit) -> QuerySet[Criterion]:
    return Criterion.objects.filter(unit=unit, ended_at=None).order_by("pk")


def scores_of(bulletin: Bulletin) -> QuerySet[Score]:
    """With the marks for each criterion."""
    rows = Score.objects.filter(bulletin=bulletin).select_related("by")
    return rows.prefetch_related("marks__criterion").order_by("-at", "-pk")


def unscored(unit: Unit, person: Person, since: datetime) -> QuerySet[Bulletin]:
    """Released in a series since then, not by the person's own hand, not scored by them."""
    mine = Score.objects.filter(bulletin=OuterRef("pk"), by=person)
    released = Edition.objects.filter(bulletin=OuterRef("pk"), released_at__gte=since)
    found = Bulletin.objects.filter(
        Exists(released), ~Exists(mine), unit=unit, place__series__isnull=False
    ).exclude(Q(created_by=person) | Q(submitted_by=person) | Q(versions__edited_by=person))
    return found.select_related("current", "place__series").order_by("-changed_at", "-pk")


# choices


def lines_to_choose(unit_pk: int, year: int) -> QuerySet[Line]:
    """Themes of the unit's plan of that year."""
    rows = Line.objects.filter(plan__unit=unit_pk, plan__year=year)
    return rows.select_related("plan").order_by("month_from", "pk")


def names_to_choose(
    series: QuerySet[Series], lines: QuerySet[Line]
) -> dict[type[Series | Line], list[tuple[int, str]]]:
    """Keys and names of some series, by name, and of some themes, by month. One query."""
    columns = ("is_line", "month", "sorted_by", "key", "label")
    of_series = series.order_by().annotate(
        is_line=Value(0), month=Value(0), sorted_by=F("name"), key=F("pk"), label=F("name")
    )
    of_lines = lines.order_by().annotate(
        is_line=Value(1),
        month=F("month_from"),
        sorted_by=Value("", output_field=CharField()),
        key=F("pk"),
        label=F("name"),
    )
    both = of_series.values_list(*columns).union(of_lines.values_list(*columns), all=True)
    found: dict[type[Series | Line], list[tuple[int, str]]] = {Series: [], Line: []}
    for is_line, _month, _sorted_by, key, label in both.order_by(*columns[:4]):
        found[Line if is_line else Series].append((key, label))
    return found


def people_of(unit: Unit, on: date) -> QuerySet[Person]:
    """Who may answer for a series: whoever writes or approves at this very unit."""
    held = Membership.objects.filter(
        valid_on(on), unit=unit, role__in=("WRITER", "APPROVER", "LEADER"), person__is_active=True
    )
    return Person.objects.filter(pk__in=held.values("person")).order_by("full_name", "pk")
