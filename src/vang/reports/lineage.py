"""Units that began or ended within the period of a round: whose records a report tells.

Every day of every unit is told once. What became part of a unit as a whole within the period, and
has no report of its own in the round, is told by the report of that unit; what was divided has a
report of its own; and a unit that begins while the round is open gets one for its own days.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vang.orgs.models import Succession, Unit
from vang.orgs.queries import at_or_under, valid_on
from vang.reports.models import Regime, Report, Round

_LONGEST = 20
_CAME = Q(change__cancelled_at__isnull=True, follows=False)
_WHOLE = Q(share_num=F("share_den"))


def formers_of(report: Report, today: date) -> tuple[Unit, ...]:
    """Units whose records within the period the report tells too. One query where there are
    none, two more for each change that follows another."""
    round_ = report.round
    last = min(round_.covers_to, today)
    found: dict[int, Unit] = {}
    units = {report.unit_id}
    for _step in range(_LONGEST):
        before = _whole(units, round_, last).select_related("predecessor")
        new = {one.predecessor_id: one.predecessor for one in before}
        for key in found:
            new.pop(key, None)
        if not new:
            break
        told = Report.objects.filter(round=round_, unit__in=new).exclude(state=Report.State.CLOSED)
        for key in told.values_list("unit", flat=True):
            del new[key]
        found |= new
        units = set(new)
    return tuple(sorted(found.values(), key=lambda one: (one.valid_from, one.code)))


def _whole(units: Iterable[int], round_: Round, last: date) -> QuerySet[Succession]:
    within = Q(change__effective_on__gt=round_.covers_from, change__effective_on__lte=last)
    return Succession.objects.filter(_CAME, _WHOLE, within, successor__in=units)


def reporting_units(regime: Regime, on: date) -> list[Unit]:
    """Who fills in the form: units of the level in force on that day, offices where wanted."""
    rows = _of(regime).filter(valid_on(on))
    return list(rows.select_related("parent__parent__parent").order_by("code", "pk"))


def divided_units(regime: Regime, first: date, on: date) -> list[tuple[Unit, Unit]]:
    """Those that were divided after ``first`` and up to that day, each with the unit over the
    largest part of it: somebody must say who writes their report."""
    ended = _of(regime).filter(valid_to__gt=first, valid_to__lte=on, level=regime.level)
    parts = Succession.objects.filter(_CAME, ~_WHOLE, predecessor__in=ended)
    rows = parts.select_related("predecessor", "successor__parent__parent__parent")
    found: dict[int, tuple[Unit, Unit]] = {}
    for one in rows.order_by("predecessor", "-share_num", "pk"):
        if one.successor.parent is not None:
            found.setdefault(one.predecessor_id, (one.predecessor, one.successor))
    return list(found.values())


def newcomers(round_: Round, today: date) -> QuerySet[Unit]:
    """Units that began after the round opened and have days of its period, without a report."""
    last = min(round_.covers_to, today)
    known = Report.objects.filter(round=round_, unit=OuterRef("pk"))
    rows = _of(round_.regime).filter(
        ~Exists(known), valid_on(last), valid_from__gt=round_.opens_on, level=round_.regime.level
    )
    return rows.select_related("parent__parent__parent").order_by("code", "pk")


def _of(regime: Regime) -> QuerySet[Unit]:
    wanted = Q(level=regime.level)
    if regime.with_offices:
        wanted |= Q(level=Unit.Level.OFFICE)
    rows = Unit.objects.filter(wanted)
    if regime.unit_id is None:
        return rows
    rows = rows.filter(at_or_under(Unit.objects.filter(pk=regime.unit_id)))
    return rows.exclude(pk=regime.unit_id)
