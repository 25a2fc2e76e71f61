"""Files that lead to notices: what each tells is read here, for one unit or for many at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import translation

from vang.base.clock import local_date
from vang.bulletins.models import Edition
from vang.channels.portal import paths, queries
from vang.channels.portal.facts import Facts
from vang.channels.portal.files import Files
from vang.channels.portal.notices import mp3_of
from vang.channels.portal.pages import lists, shared
from vang.channels.portal.pages.frame import Frame
from vang.channels.portal.pages.villages import Reach, villages_page
from vang.channels.portal.queries import Scheduled, Shelves
from vang.claims.publishing import Review
from vang.evidence.queries import day_bounds

LISTENED = 30
_OF_A_CATEGORY = 50
_SET_RIGHT = timedelta(days=14)
_DAY = timedelta(days=1)


def list_files(
    root: Path,
    frame: Frame,
    touched: Sequence[Edition],
    shelves: Shelves,
    heard: Sequence[Edition],
) -> Files:
    """Months, categories, sounds, corrections: those that the touched editions are in."""
    unit, new = frame.facts.unit, {edition.pk for edition in touched}
    files: Files = []
    for month in sorted({queries.month_of(edition) for edition in touched}):
        found = list(queries.of_month(unit, month, new))
        files.append((root / paths.month_path(month), lists.month_page(frame, month, found)))
    for category in sorted({edition.category for edition in touched}):
        files += _category_files(root, frame, category, touched, shelves)
    files.append((root / paths.ARCHIVE, lists.archive_page(frame, shelves)))
    mp3 = mp3_of(root, (one.audio_sha256 for one in heard))
    files.append((root / paths.LISTEN, lists.listen_page(frame, heard, mp3)))
    files += checked_files(root, frame, new)
    if any(map(_sets_right, touched)) or not (root / paths.CORRECTIONS).is_file():
        right = list(queries.set_right(unit, new))
        files.append((root / paths.CORRECTIONS, lists.corrections_page(frame, right)))
    return files


def _sets_right(edition: Edition) -> bool:
    return edition.corrects_id is not None or edition.withdrawn_at is not None


def checked_files(root: Path, frame: Frame, new: Collection[UUID] = ()) -> Files:
    """What was found out of claims; where nothing ever was, there is no page."""
    path = root / paths.CHECKED
    if not frame.facts.checks and not path.is_file():
        return []
    rows = queries.checked(frame.facts.unit, new)
    return [(path, lists.checked_page(frame, [Review(row) for row in rows]))]


def _category_files(
    root: Path, frame: Frame, category: str, touched: Sequence[Edition], shelves: Shelves
) -> Files:
    """The newest of the category, and the years of it that the touched editions are in."""
    unit, new = frame.facts.unit, {edition.pk for edition in touched}
    changed = {queries.month_of(one).year for one in touched if one.category == category}
    years, files = shelves.years(category), Files()
    newest: list[Edition] = []
    for year in [one for one in years if one in changed]:
        found = list(queries.of_category(unit, category, new, year))
        newest = found if year == years[0] else newest
        content = lists.category_page(frame, category, found, years, year)
        files.append((root / paths.category_path(category, year), content))
    if len(newest) < _OF_A_CATEGORY and len(years) > 1:  # older ones belong there too
        newest = list(queries.of_category(unit, category, new)[:_OF_A_CATEGORY])
    content = lists.category_page(frame, category, newest[:_OF_A_CATEGORY], years)
    return [(root / paths.category_path(category), content), *files]


def front_files(root: Path, frame: Frame, front: lists.Front) -> Files:
    """The first page in both languages, the Vietnamese last."""
    return [
        (root / paths.ENGLISH[paths.INDEX], lists.front_page(frame.in_english(), front)),
        (root / paths.INDEX, lists.front_page(frame, front)),
    ]


def day_files(root: Path, frame: Frame, planned: Sequence[Scheduled], reach: Reach) -> Files:
    """The schedule of the day: for the whole unit, and for each village."""
    with translation.override("vi"):
        days = queries.by_day(planned)
    schedule = shared.schedule_page(frame, days, villages=bool(reach.villages))
    return [
        (root / paths.SCHEDULE, schedule),
        (root / paths.VILLAGES, villages_page(frame, planned, reach)),
    ]


def fronts_of(
    facts: Collection[Facts],
    now: datetime,
    fresh: Collection[UUID] = (),
    newest: Mapping[int, Sequence[Edition]] | None = None,
    used: Mapping[int, Collection[str]] | None = None,
) -> dict[int, lists.Front]:
    """For each unit what its first page shows. Six queries, however many units; ``newest`` and
    ``used`` (categories): when they are known already."""
    keys = [one.unit.pk for one in facts]
    if newest is None:
        newest = queries.newest(keys, lists.NEWEST, fresh)
    if used is None:
        used = queries.categories_used(keys, fresh)
    right = queries.lately_set_right(keys, now - _SET_RIGHT, fresh)
    first = _yesterday(now)
    with translation.override("vi"):
        planned = queries.schedule(keys, first, first + 9 * _DAY)
    return {
        one.unit.pk: lists.Front(
            newest=newest[one.unit.pk][: lists.NEWEST],
            set_right=right[one.unit.pk],
            planned=planned[one.unit.pk],
            categories=used[one.unit.pk],
            together=_together(one),
        )
        for one in facts
    }


def reaches_of(units: Collection[int], now: datetime) -> dict[int, Reach]:
    """For each unit what its villages hear beside the notices. Three queries."""
    first = _yesterday(now)
    with translation.override("vi"):
        sounds = queries.station_sounds(units, first + _DAY, first + 3 * _DAY)
        villages = queries.villages_heard(units)
        without = queries.villages_without(units, local_date(now))
    return {unit: Reach(villages[unit], sounds[unit], without[unit]) for unit in units}


def _yesterday(now: datetime) -> datetime:
    return day_bounds(local_date(now))[0] - _DAY


def _together(facts: Facts) -> list[Edition]:
    """Of a unit that stands above others."""
    if not facts.below:
        return []
    return queries.newest_together([unit.pk for unit in facts.below], 2 * lists.NEWEST)
