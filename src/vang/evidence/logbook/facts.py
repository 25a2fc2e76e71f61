"""Reading what the logbook tells of: four queries, whatever the month holds."""

from collections import defaultdict
from datetime import date, datetime

from vang.airtime.models import StationSound, StoppedOccurrence
from vang.dispatch.models import PlannedItem
from vang.evidence.logbook.lines import Line, Play, Stop
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit

State = AsRun.State
_LONG_TEXTS = ("edition__text", "edition__version__text")


def logbook(unit: Unit, first: date, last: date, *, now: datetime) -> list[Line]:
    """The occurrences of the local days ``first`` to ``last`` whose time has come, by time.

    What was taken off the plan before it began is left out, unless somebody stopped it.
    """
    begins, ends = day_bounds(first)[0], min(day_bounds(last)[1], now)
    plays = _plays(unit, begins, ends)
    stops = _stops(unit, begins, ends)
    rows = PlannedItem.objects.filter(pk__in=plays).select_related(
        "edition__approved_by",
        "edition__bulletin__created_by",
        "edition__version__edited_by",
        "sound__approved_by",
        "sound__chosen_by",
    )
    in_turn = rows.defer(*_LONG_TEXTS).order_by("start", "item")
    told = [_line(row, plays[row.pk], stops.get(row.item)) for row in in_turn]
    return [line for line in told if line.stop or not _taken_back(line)]


def _taken_back(line: Line) -> bool:
    return all(play.state == State.WITHDRAWN for play in line.plays)


def _plays(unit: Unit, begins: datetime, ends: datetime) -> dict[int, list[Play]]:
    rows = AsRun.objects.filter(
        planned__unit=unit, planned_start__gte=begins, planned_start__lt=ends
    )
    columns = ("planned", "cluster__name", "state", "reason", "actual_start", "played_ms")
    plays: dict[int, list[Play]] = defaultdict(list)
    for planned, *play in rows.order_by("cluster__name", "pk").values_list(*columns):
        plays[planned].append(Play(*play))
    return plays


def _stops(unit: Unit, begins: datetime, ends: datetime) -> dict[str, Stop]:
    rows = StoppedOccurrence.objects.filter(unit=unit, start__gte=begins, start__lt=ends)
    told = rows.order_by("pk").values_list("item", "stopped_at", "stopped_by__full_name")
    return {item: Stop(at, by) for item, at, by in told}


def _line(row: PlannedItem, plays: list[Play], stop: Stop | None) -> Line:
    if row.sound is not None:
        return _sound_line(row, row.sound, plays, stop)
    edition = row.edition
    assert edition is not None  # noqa: S101 - the database sees to it
    writers = (edition.bulletin.created_by.full_name, edition.version.edited_by.full_name)
    return Line(
        item=row.item,
        start=row.start,
        title=edition.title,
        category=str(edition.get_category_display()),
        duration_ms=row.duration_ms,
        writers=tuple(dict.fromkeys(writers)),
        approver=edition.approver,
        plays=tuple(plays),
        priority=edition.priority,
        trial_voice=edition.trial_voice,
        stop=stop,
    )


def _sound_line(
    row: PlannedItem, sound: StationSound, plays: list[Play], stop: Stop | None
) -> Line:
    """A tune, music or a relayed programme: whoever chose and approved it answers for it."""
    return Line(
        item=row.item,
        start=row.start,
        title=row.title,
        category=str(sound.get_kind_display()),
        duration_ms=row.duration_ms,
        writers=(sound.chosen_by.full_name,),
        approver=sound.approved_by.full_name if sound.approved_by else "",
        plays=tuple(plays),
        relayed_from=sound.relayed_from,
        stop=stop,
    )
