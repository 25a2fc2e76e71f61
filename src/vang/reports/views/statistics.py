"""One indicator through the rounds, under the units of then or of today."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vang.base.charts import SERIES, Chart, ChartRow
from vang.base.clock import local_date, now
from vang.base.sheets import Column, Kind, Sheet, xlsx_download
from vang.figures.access import own_place
from vang.orgs.models import Unit
from vang.orgs.queries import territory
from vang.people.access import current_unit, signed_in
from vang.people.people import person_of
from vang.reports.consolidation import over_time
from vang.reports.mapping import Asked, picture, places_of
from vang.reports.models import Indicator, Regime, Round
from vang.reports.models.forms import MILLI

_MOST_ROUNDS = 12


@require_safe
@signed_in
def statistics(request: HttpRequest) -> HttpResponseBase:
    """Of the places below the unit the person works in; of a commune, itself."""
    today = request.GET.get("units") == "today"
    sight = own_place(current_unit(request), person_of(request), local_date(now()))
    unit = territory(sight.unit)
    every = _rounds(unit)
    regimes = sorted({one.regime for one in every}, key=lambda one: (one.name, one.pk))
    regime = _chosen(regimes, request.GET.get("regime", ""))
    rounds = [one for one in every if one.regime == regime][-_MOST_ROUNDS:]
    known = _counted(rounds)
    indicators = [one for one in known if one.version_id == rounds[-1].version_id]
    code = request.GET.get("code", "")
    one = next((it for it in indicators if it.code == code), next(iter(indicators), None))
    context: dict[str, Any] = {
        "unit": unit,
        "regimes": regimes,
        "regime": regime,
        "indicators": indicators,
        "indicator": one,
        "today": today,
    }
    if one is None or regime is None:
        return render(request, "reports/statistics.html", context)
    level = _level(unit, regime)
    same = [it for it in known if it.code == one.code]
    told = over_time(rounds, same, level, today=today, only=unit)
    shown = _shown(rounds, told, request.GET.get("round", ""))
    asked = Asked(shown, unit, level, today=today, open=sight.below)
    places = places_of(asked)
    names = _names(told, {place.key: place.name for place in places})
    if request.GET.get("format") == "xlsx":
        return _workbook(unit, one, rounds, told, names)
    query: dict[str, str | int] = {
        "regime": regime.pk,
        "code": one.code,
        "round": shown.pk,
        "units": "today" if today else "then",
    }
    context |= {
        "charts": [_chart(one, rounds, told, names)],
        "was_url": f"?{urlencode({**query, 'units': 'then'})}",
        "today_url": f"?{urlencode({**query, 'units': 'today'})}",
        "xlsx": f"?{urlencode({**query, 'format': 'xlsx'})}",
        "table": [
            (name, list(zip(rounds, values, strict=True)))
            for name, values in _table(one, rounds, told, names)
        ],
        "empty": not any(told.values()),
        "rounds": rounds,
        "round": shown,
    }
    if level != unit.level:
        figures = {key: _number(milli, one) for key, milli in told.get(shown.pk, {}).items()}
        context["map"] = picture(asked, places, figures, names)
    return render(request, "reports/statistics.html", context)


def _rounds(unit: Unit) -> list[Round]:
    """Of all regimes in which the unit, or one below it, reports; the newest last."""
    mine = Regime.objects.filter(rounds__reports__unit=unit) | Regime.objects.filter(
        rounds__reports__above=unit
    )
    rows = Round.objects.filter(regime__in=mine.order_by().values("pk"))
    return list(rows.select_related("version", "regime").order_by("covers_to", "pk"))


def _chosen(regimes: Sequence[Regime], asked: str) -> Regime | None:
    wanted = next((one for one in regimes if str(one.pk) == asked), None)
    return wanted or (regimes[0] if regimes else None)


def _counted(rounds: Sequence[Round]) -> list[Indicator]:
    """Those that are numbers, of every version of the form."""
    rows = Indicator.objects.filter(version__in={one.version_id for one in rounds})
    return [one for one in rows.order_by("version", "place", "pk") if one.counted]


def _shown(rounds: Sequence[Round], told: Mapping[int, Mapping[int, int]], asked: str) -> Round:
    """The one asked for, else the newest with a figure."""
    wanted = next((one for one in rounds if str(one.pk) == asked), None)
    return wanted or next((one for one in reversed(rounds) if told.get(one.pk)), rounds[-1])


def _level(unit: Unit, regime: Regime) -> str:
    return unit.level if unit.level == regime.level else str(regime.level)


def _names(told: Mapping[int, Mapping[int, int]], known: Mapping[int, str]) -> dict[int, str]:
    """Of the units with a figure, by name. No query where all are known."""
    keys = {key for found in told.values() for key in found}
    lacking = Unit.objects.filter(pk__in=keys - set(known)) if keys - set(known) else ()
    names = {**known, **{one.pk: one.full_name for one in lacking}}
    return {key: names[key] for key in sorted(keys, key=lambda key: (names[key], key))}


def _number(milli: int | None, one: Indicator) -> float | int | None:
    if milli is None:
        return None
    return milli / MILLI if one.decimals else milli // MILLI


def _total(one: Indicator, found: Mapping[int, int]) -> int | None:
    if not found:
        return None
    if one.rollup == Indicator.Rollup.MEAN:
        return round(sum(found.values()) / len(found) / one.step) * one.step
    return sum(found.values())


def _chart(
    one: Indicator, rounds: Sequence[Round], told: Mapping[int, Mapping[int, int]],
    names: Mapping[int, str],
) -> Chart:  # fmt: skip
    """A line a place while there are few, else all together."""
    keys = list(names) if 1 < len(names) <= SERIES else []
    series = [names[key] for key in keys] or [_("All together")]
    rows = []
    for round_ in rounds:
        found = told.get(round_.pk, {})
        values = [_number(found.get(key), one) for key in keys] or [
            _number(_total(one, found), one)
        ]
        rows.append(ChartRow(round_.name, values, day=round_.covers_to))
    return Chart(
        "indicator", one.name, _("Round"), tuple(series), rows, kind="lines", unit=one.measure,
        decimals=one.decimals,
    )  # fmt: skip


def _table(
    one: Indicator, rounds: Sequence[Round], told: Mapping[int, Mapping[int, int]],
    names: Mapping[int, str],
) -> list[tuple[str, list[float | int | None]]]:  # fmt: skip
    table = [
        (name, [_number(told.get(round_.pk, {}).get(key), one) for round_ in rounds])
        for key, name in names.items()
    ]
    if len(table) > 1:
        sums = [_number(_total(one, told.get(round_.pk, {})), one) for round_ in rounds]
        table.append((_("All together"), sums))
    return table


def _workbook(
    unit: Unit, one: Indicator, rounds: Sequence[Round], told: Mapping[int, Mapping[int, int]],
    names: Mapping[int, str],
) -> HttpResponseBase:  # fmt: skip
    kind = Kind.NUMBER if one.decimals else Kind.WHOLE
    columns = [Column(_("Unit"), width=30), *(Column(r.name, kind) for r in rounds)]
    rows = [[name, *values] for name, values in _table(one, rounds, told, names)]
    sheet = Sheet(one.name, columns, rows, above=[unit.full_name, one.name])
    return xlsx_download(f"chỉ tiêu {one.code} {unit.code}", [sheet])
