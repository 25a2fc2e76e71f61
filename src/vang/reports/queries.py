"""Reading reports: what is missing, what stands out, how last time compares."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from django.db.models import Count, Q, QuerySet, Subquery, Sum

from vang.orgs.models import Succession, Unit, UnitChange
from vang.orgs.queries import valid_on
from vang.people.models import Membership
from vang.reports.models import Filing, Indicator, Report, Round, Value
from vang.reports.rules import Given, Problem, jumped, problems

State = Report.State


def kept_by(unit: Unit) -> Q:
    """The condition that the unit's people write a report: its own, or one that it goes on with."""
    return Q(unit=unit, keeper=None) | Q(keeper=unit)


OWED = (State.EXPECTED, State.DRAFT, State.RETURNED)
"""Whose turn is the unit's."""


_GOES_ON = (UnitChange.Kind.RENAME, UnitChange.Kind.RETYPE, UnitChange.Kind.REPARENT)
"""Changes by which a unit gets another row and stays what it is."""


def _earlier(report: Report) -> QuerySet[Report]:
    """The unit's accepted reports of earlier periods in the same regime, the newest first; also
    those from before it was renamed or moved."""
    before = Succession.objects.filter(
        successor=report.unit_id, change__kind__in=_GOES_ON, change__cancelled_at=None
    )
    rows = Report.objects.filter(
        Q(unit=report.unit_id) | Q(unit__in=before.values("predecessor")),
        round__regime=report.round.regime_id,
        round__covers_to__lt=report.round.covers_to,
        accepted__isnull=False,
    )
    return rows.order_by("-round__covers_to", "-pk")


def last_values(report: Report) -> dict[str, Value]:
    """Of the last round, by code: codes keep their meaning from one version of a form to the
    next. One query."""
    last = _earlier(report).values("accepted")[:1]
    rows = Value.objects.filter(filing=Subquery(last)).select_related("indicator")
    return {row.indicator.code: row for row in rows.order_by("pk")}


def values_of(filing: Filing) -> list[Value]:
    """In the order of the form."""
    rows = filing.values.select_related("indicator")
    return list(rows.order_by("indicator__place", "indicator"))


def problems_of(report: Report, filing: Filing) -> list[Problem]:
    """What is missing or does not fit in a filing."""
    rows = values_of(filing)
    last = last_values(report)
    return problems_among(rows, last)


def problems_among(rows: Sequence[Value], last: Mapping[str, Value]) -> list[Problem]:
    given = {row.indicator.code: Given(row.milli, row.text, row.note) for row in rows}
    before = {code: one.milli for code, one in last.items() if one.milli is not None}
    return problems([row.indicator for row in rows], given, before)


def below_sums(report: Report) -> dict[int, int]:
    """Of the accepted filings right below it, by key of the indicator: sums, or means to the
    nearest step. One query."""
    children = Report.objects.filter(parent=report, accepted__isnull=False)
    rows = Value.objects.filter(filing__in=children.values("accepted"), milli__isnull=False)
    told = rows.order_by().values_list("indicator").annotate(n=Count("pk"), all=Sum("milli"))
    kinds = {one.pk: one for one in report.round.version.indicators.all()}
    found = {}
    for key, n, total in told:
        one = kinds[key]
        if one.rollup == Indicator.Rollup.SUM:
            found[key] = int(total)
        elif one.rollup == Indicator.Rollup.MEAN:
            found[key] = round(int(total) / n / one.step) * one.step
    return found


@dataclass(frozen=True)
class Completeness:
    """How far the reports below have come. ``late``: submitted after their day, for ever."""

    states: Mapping[str, int]
    late: int
    overdue: int

    @property
    def total(self) -> int:
        """Without those that nobody owes any more."""
        return sum(n for state, n in self.states.items() if state != State.CLOSED)

    @property
    def accepted(self) -> int:
        return self.states.get(State.ACCEPTED, 0)

    @property
    def waiting(self) -> int:
        return self.states.get(State.SUBMITTED, 0)

    @property
    def missing(self) -> int:
        return sum(self.states.get(state, 0) for state in OWED)

    @property
    def percent(self) -> int:
        return 100 * self.accepted // self.total if self.total else 0


def completeness(reports: QuerySet[Report], today: date) -> Completeness:
    """One query."""
    overdue = Q(state__in=OWED, first_submitted_at__isnull=True) & (
        Q(extended_to__isnull=True, due_on__lt=today) | Q(extended_to__lt=today)
    )
    rows = reports.order_by().values_list("state").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(late=True)), over=Count("pk", filter=overdue)
    )  # fmt: skip
    told = list(rows)
    return Completeness(
        {state: n for state, n, _late, _over in told},
        sum(late for _state, _n, late, _over in told),
        sum(over for _state, _n, _late, over in told),
    )


@dataclass(frozen=True)
class Missing:
    """A unit that has not submitted, and whom to ring."""

    report: Report
    people: list[tuple[str, str]] = field(default_factory=list)
    """(name, telephone number)."""


_CALLED = (Membership.Role.LEADER, Membership.Role.APPROVER, Membership.Role.WRITER)


def missing(reports: QuerySet[Report], on: date, most: int = 500) -> list[Missing]:
    """Units whose report is still with them, the longest overdue first. Two queries."""
    rows = reports.filter(state__in=OWED).select_related("unit", "keeper", "round")
    found = list(rows.order_by("due_on", "unit__name", "pk")[:most])
    held = Membership.objects.filter(
        valid_on(on), unit__in=[one.desk.pk for one in found], role__in=_CALLED,
        person__is_active=True,
    ).exclude(person__phone="")  # fmt: skip
    called: dict[int, dict[str, str]] = defaultdict(dict)
    told = held.order_by("person__full_name").values_list(
        "unit", "person__full_name", "person__phone"
    )
    for unit, name, phone in told:
        called[unit][name] = phone
    return [Missing(one, list(called[one.desk.pk].items())) for one in found]


@dataclass(frozen=True)
class Outlier:
    """A figure that does not look like the others, or like the last one of the same unit."""

    report: Report
    indicator: Indicator
    milli: int
    usual: int
    against_before: bool


_FAR = 5
"""So many times the median distance from the median."""


def outliers(reports: Sequence[Report], most: int = 50) -> list[Outlier]:
    """Of submitted and accepted reports of one round. Two queries."""
    by_filing = {one.current_id: one for one in reports if one.current_id is not None}
    rows = Value.objects.filter(filing__in=by_filing, milli__isnull=False)
    told: dict[int, list[Value]] = defaultdict(list)
    kinds: dict[int, Indicator] = {}
    for row in rows.select_related("indicator").order_by("indicator__place"):
        told[row.indicator_id].append(row)
        kinds[row.indicator_id] = row.indicator
    before = _before(reports)
    found = []
    for key, values in told.items():
        usual = int(median(row.milli or 0 for row in values))
        spread = median(abs((row.milli or 0) - usual) for row in values)
        for row in values:
            report, milli = by_filing[row.filing_id], row.milli or 0
            last = before.get((report.unit_id, kinds[key].code))
            if jumped(kinds[key], milli, last):
                found.append(Outlier(report, kinds[key], milli, last or 0, against_before=True))
            elif len(values) >= 5 and spread and abs(milli - usual) > _FAR * spread:
                found.append(Outlier(report, kinds[key], milli, usual, against_before=False))
    return found[:most]


def _before(reports: Sequence[Report]) -> dict[tuple[int, str], int]:
    """(unit, code) → figure of the round before, where that was accepted. Two queries."""
    if not reports:
        return {}
    own = reports[0].round
    last = Round.objects.filter(regime=own.regime_id, covers_to__lt=own.covers_to)
    round_ = last.order_by("-covers_to").first()
    if round_ is None:
        return {}
    units = {one.unit_id for one in reports}
    accepted = Report.objects.filter(round=round_, unit__in=units, accepted__isnull=False)
    keys = dict(accepted.values_list("accepted", "unit"))
    rows = Value.objects.filter(filing__in=keys, milli__isnull=False, indicator__jump__gt=0)
    told = rows.order_by().values_list("filing", "indicator__code", "milli")
    return {(keys[filing], code): milli for filing, code, milli in told if milli is not None}


def owed_by(unit: Unit) -> QuerySet[Report]:
    """Reports that wait for the unit, those due first."""
    rows = Report.objects.filter(kept_by(unit), state__in=OWED)
    return rows.select_related("round__regime").order_by("due_on", "pk")


def children_of(report: Report) -> QuerySet[Report]:
    """Reports right below it."""
    rows = Report.objects.filter(parent=report).select_related("unit", "round")
    return rows.order_by("unit__name", "pk")


def by_unit(reports: Collection[Report], code: str) -> dict[int, Value]:
    """The accepted figure of one indicator, by key of the report. One query."""
    keys = {one.accepted_id: one.pk for one in reports if one.accepted_id is not None}
    rows = Value.objects.filter(filing__in=keys, indicator__code=code)
    return {keys[row.filing_id]: row for row in rows}
