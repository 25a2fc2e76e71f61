"""The sums as charts to look at and as tables to take away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vang.airtime.models import StationSound
from vang.base.charts import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    RED,
    VIOLET,
    Chart,
    ChartRow,
    Value,
    by_day,
)
from vang.base.display import vi_date
from vang.base.sheets import Column, Kind, Row, Sheet
from vang.bulletins.models import Category, Priority
from vang.channels.registry import channels
from vang.figures.counting import Sums as Counts
from vang.figures.coverage import Tile
from vang.figures.periods import Period, Step
from vang.figures.queries import Air, Sums

_MINUTE = 60_000
ORDER_COLUMNS = ("minute", "five", "quarter", "later", "silent", "unknown")
CHANNEL_COLUMNS = ("delivered", "failed", "waiting")


@dataclass(frozen=True)
class Page:
    """Everything that is shown of one place and period."""

    period: Period
    air: Air
    orders: Mapping[str, Counts]
    mix: Mapping[str, Counts]
    tiles: Sequence[Tile]
    places: str
    """What the tiles are: "Village", "Commune" …"""
    query: str
    """The address's own parameters, for downloads."""

    def downloads(self, table: str) -> list[tuple[str, str]]:
        return [("CSV", f"?{self.query}&format=csv&table={table}")]


def minutes(sums: Sums | None, ms: int) -> Value:
    """None where nothing was on the schedule, or nothing is known of what was."""
    if sums is None or not (sums.heard or sums.silent):
        return None
    return ms / _MINUTE


def airtime(page: Page) -> Chart:
    """Own and relayed by day, week or month."""
    air = page.air
    rows = [
        _part(
            page.period,
            day,
            (
                minutes(air.by_step.get(day), air.own.get(day, 0)),
                minutes(air.by_step.get(day), air.relayed.get(day, 0)),
            ),
        )
        for day in page.period.steps()
    ]
    return Chart(
        "airtime",
        _("Airtime: own and relayed"),
        _heading(page.period),
        (pgettext("airtime", "Own"), pgettext("airtime", "Relayed")),
        rows if _any(rows) else (),
        unit=_("minutes"),
        decimals=1,
        lead=_("Each broadcast counts once, as long as on the cluster that played it longest."),
        downloads=page.downloads("airtime"),
    )


def categories(page: Page) -> Chart:
    """The same by category, most first."""
    found: list[tuple[float, ChartRow]] = []
    for category, words in (*Category.choices, *StationSound.Kind.choices):
        own, relayed = (page.air.by_kind.get((category, kind)) for kind in (False, True))
        values = tuple(minutes(sums, sums.sounded_ms if sums else 0) for sums in (own, relayed))
        if own or relayed:
            total = sum(value or 0 for value in values)
            found.append((-total, ChartRow(str(capfirst(words)), values)))
    found.sort(key=lambda one: one[0])
    return Chart(
        "categories",
        _("Airtime by category"),
        _("Category"),
        (pgettext("airtime", "Own"), pgettext("airtime", "Relayed")),
        [row for _total, row in found],
        kind="meters",
        unit=_("minutes"),
        decimals=1,
        downloads=page.downloads("categories"),
    )


def outcomes(page: Page) -> Chart:
    """What became of the plays, by day, week or month."""
    rows = []
    for day in page.period.steps():
        sums = page.air.by_step.get(day)
        values: tuple[Value, ...] = (None,) * 4
        if sums is not None:
            told = (sums.plays_heard, sums.plays_silent, sums.plays_unknown, sums.plays_open)
            values = told
        rows.append(_part(page.period, day, values))
    return Chart(
        "outcomes",
        _("Was it heard?"),
        _heading(page.period),
        (_("Heard"), _("Not heard"), _("No evidence yet"), _("To come or being played")),
        rows if _any(rows) else (),
        unit=_("plays"),
        lead=_("A play is one broadcast on one cluster."),
        downloads=page.downloads("outcomes"),
        colours=(GREEN, RED, GREY, BLUE),
    )


def punctuality(page: Page) -> Chart:
    """How far heard plays began from the ordered time."""
    total = page.air.total
    told = (
        (_("within 1 second"), total.prompt),
        (_("within 1 minute"), total.soon),
        (_("by more than 1 minute"), total.late),
        (_("deviation not told by the device"), total.untimed),
    )
    return Chart(
        "punctuality",
        _("Began at the ordered time"),
        _("Deviation"),
        (_("Plays"),),
        [ChartRow(words, (count,)) for words, count in told] if total.plays_heard else (),
        kind="meters",
        lead=_("The first sample of each heard play against the time on the schedule."),
        downloads=page.downloads("punctuality"),
    )


def promptness(page: Page) -> Chart:
    """From "broadcast now" to the first sound, by priority."""
    ordered = [priority for priority in reversed(Priority.values) if priority in page.orders]
    rows = [
        ChartRow(
            str(capfirst(Priority(priority).label)),
            tuple(page.orders[priority][name] for name in ORDER_COLUMNS),
        )
        for priority in ordered
    ]
    return Chart(
        "promptness",
        _("From the order “now” to the first sound"),
        _("Priority"),
        (
            _("1 minute at most"),
            _("5 minutes at most"),
            _("15 minutes at most"),
            pgettext("first sound", "Later"),
            _("Not heard"),
            _("No evidence yet"),
        ),
        rows,
        kind="meters",
        lead=_("Only what was ordered to be broadcast at once: the rest waits for its time."),
        downloads=page.downloads("promptness"),
        colours=(GREEN, BLUE, AMBER, VIOLET, RED, GREY),
    )


def channel_mix(page: Page) -> Chart:
    """Over which channels the bulletins of the period went."""
    names: dict[str, str | Promise] = {one.name: one.label for one in channels()}
    known = [name for name in names if name in page.mix]
    rest = sorted(set(page.mix) - set(known))
    rows = [
        ChartRow(
            str(names.get(name, name)), tuple(page.mix[name][part] for part in CHANNEL_COLUMNS)
        )
        for name in (*known, *rest)
    ]
    return Chart(
        "channels",
        _("Channels"),
        _("Channel"),
        (_("Delivered"), _("Failed"), _("In the queue")),
        rows,
        kind="meters",
        unit=_("bulletins"),
        lead=_("Bulletins released in this period, by where they went."),
        downloads=page.downloads("channels"),
        colours=(GREEN, RED, GREY),
    )


def charts(page: Page) -> list[Chart]:
    return [
        airtime(page),
        categories(page),
        outcomes(page),
        punctuality(page),
        promptness(page),
        channel_mix(page),
    ]


# ---- tables to take away

TABLES = (
    *("airtime", "categories", "outcomes", "punctuality", "promptness", "channels"),
    "coverage",
)


def sheets(page: Page, head: Sequence[str]) -> dict[str, Sheet]:
    """Every table by name. What is unknown is an empty cell, never a nought."""
    found = {chart.name: _sheet(chart, head) for chart in charts(page)}
    found["coverage"] = coverage(page, head)
    return found


def coverage(page: Page, head: Sequence[str]) -> Sheet:
    return Sheet(
        _("Coverage"),
        [
            Column(page.places, width=32),
            Column(_("Clusters"), Kind.WHOLE),
            Column(_("Minutes heard"), Kind.NUMBER),
            *(
                Column(words, Kind.WHOLE)
                for words in (
                    _("Heard"),
                    _("Not heard"),
                    _("No evidence yet"),
                    _("To come or being played"),
                )
            ),
            Column(_("Heard, per cent of the known"), Kind.NUMBER),
            Column(_("In words"), width=36),
        ],
        [_tile_row(tile) for tile in page.tiles],
        above=head,
    )


def _tile_row(tile: Tile) -> Row:
    sums = tile.reached.sums
    return (
        tile.reached.name,
        tile.reached.loudspeakers,
        _rounded(tile.minutes),
        sums.plays_heard,
        sums.plays_silent,
        sums.plays_unknown,
        sums.plays_open,
        _rounded(tile.share),
        str(tile.look.words),
    )


def _sheet(chart: Chart, head: Sequence[str]) -> Sheet:
    dated = any(row.day for row in chart.rows)
    kind = Kind.NUMBER if chart.decimals else Kind.WHOLE
    unit = f" ({chart.unit})" if chart.unit else ""
    return Sheet(
        chart.title[:31].translate(_NOT_IN_NAMES),
        [
            Column(chart.heading, width=14 if dated else 36),
            *(Column(f"{name}{unit}", kind, width=18) for name in chart.series),
        ],
        [(row.label, *(_rounded(value) for value in row.values)) for row in chart.rows],
        above=[chart.title, *head],
    )


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def _rounded(value: Value) -> Value:
    return round(value, 1) if isinstance(value, float) else value


def _part(period: Period, day: date, values: Sequence[Value]) -> ChartRow:
    if period.step == Step.DAY:
        return by_day(day, values)
    if period.step == Step.WEEK:
        return ChartRow(_("week of %(day)s") % {"day": vi_date(day)}, values, day)
    return ChartRow(_("month %(month)s") % {"month": f"{day:%m/%Y}"}, values, day)


def _heading(period: Period) -> str:
    return {Step.DAY: _("Day"), Step.WEEK: _("Week"), Step.MONTH: _("Month")}[period.step]


def _any(rows: Iterable[ChartRow]) -> bool:
    return any(value is not None for row in rows for value in row.values)
