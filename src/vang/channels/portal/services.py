"""Writing a unit's public pages. Each file is whole or is the one before."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from vang.base.clock import local_date
from vang.base.files import FileStore, write_atomic
from vang.bulletins.models import Edition
from vang.bulletins.wordings import edition_sounds
from vang.channels.portal import paths, queries, sites
from vang.channels.portal.assets import (
    FileDamaged,
    FileLost,
    bundle,
    place_file,
    service_worker,
    write_assets,
)
from vang.channels.portal.extras import extra_files
from vang.channels.portal.facts import Facts, facts_of
from vang.channels.portal.files import Files, write_together
from vang.channels.portal.material import public_files
from vang.channels.portal.models import Site
from vang.channels.portal.pages import item, lists, shared
from vang.channels.portal.pages.frame import Frame
from vang.channels.portal.pages.villages import villages_page
from vang.channels.portal.searching import search_files
from vang.claims.publishing import Review
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit

log = logging.getLogger(__name__)

_STAMP = ".shared"  # what the pages about the unit were written from
_LONGEST_CHAIN = 50
_LISTENED = 30
_OF_A_CATEGORY = 50
_SET_RIGHT = timedelta(days=14)
_DAY = timedelta(days=1)
_FEW = 5


def portal_folder(unit: Unit) -> Path:
    """The folder that holds everything of one unit and nothing else."""
    return Path(settings.DATA) / "portal" / paths.folder_name(unit.code)


def has_page(unit: Unit) -> bool:
    """Whether residents find anything at the unit's public address."""
    return (portal_folder(unit) / paths.INDEX).is_file()


def frame_of(facts: Facts, now: datetime) -> Frame:
    return Frame(facts, bundle(), now)


def write_site(unit: Unit, *, now: datetime, everything: bool = False) -> None:
    """The lists of the unit and the pages about it; ``everything``: every notice too. A page that
    cannot be written leaves the old one and does not hold up the others.

    Raises OSError when the lists cannot be written.
    """
    sites.open_site(unit)
    touched: list[Edition] = []
    if everything:
        touched = list(queries.editions([unit.pk]).select_related("corrects"))
        for edition in touched:
            edition.unit = unit
            _try_edition(edition, now)
    write_lists(unit, touched, now=now)


def _try_edition(edition: Edition, now: datetime) -> None:
    try:
        write_edition(edition, now=now)
    except (OSError, FileLost, FileDamaged) as error:
        log.warning("page of edition %s: %s", edition.pk, error)


def write_edition(edition: Edition, *, now: datetime) -> None:
    """The pages of one edition, after its sounds, pictures and documents. Raises OSError,
    FileLost, FileDamaged."""
    root = portal_folder(edition.unit)
    facts = facts_of([edition.unit], now)[edition.unit_id]
    with alone(root):
        write_assets(root)
        chain = _chain(edition)
        hashes = [sound.sha256 for sound in edition_sounds(edition).values()]
        if edition.withdrawn_at is None and chain.corrected_by is None:
            for sha256 in hashes:
                place_file(_store(), sha256, root / paths.audio_path(sha256))
            for file in public_files(edition):
                place_file(_store(), file.sha256, root / file.path)
        page = item.Item(frame_of(facts, now), edition, chain, _mp3(root, hashes))
        write_together((root / path, content) for path, content in page.pages())
        if page.over:
            _remove_sounds(root, edition, hashes)
            _remove_material(root, edition)


def _chain(edition: Edition) -> item.Chain:
    """What it corrects, and the newest that corrected it, as far as they have pages."""
    following = edition
    for _step in range(_LONGEST_CHAIN):
        further = Edition.objects.filter(corrects=following.pk).first()
        if further is None:
            break
        following = further
    return item.Chain(edition.corrects, following if following.pk != edition.pk else None)


def _store() -> FileStore:
    return FileStore(Path(settings.DATA) / "files")


def _mp3(root: Path, hashes: Iterable[str]) -> frozenset[str]:
    return frozenset(one for one in hashes if (root / paths.audio_path(one, "mp3")).is_file())


def _remove_sounds(root: Path, edition: Edition, hashes: Iterable[str]) -> None:
    """Unless another notice that still holds has the same sound."""
    others = queries.standing(Edition.objects.filter(unit=edition.unit_id)).exclude(pk=edition.pk)
    for sha256 in hashes:
        used = others.filter(audio_sha256=sha256) or others.filter(wordings__audio_sha256=sha256)
        if not used.exists():
            for kind in ("opus", "mp3"):
                (root / paths.audio_path(sha256, kind)).unlink(missing_ok=True)


def _remove_material(root: Path, edition: Edition) -> None:
    """Unless another notice that still holds shows the same."""
    mine = public_files(edition)
    if not mine:
        return
    rows = edition.attachments.all()
    alike = Q(attachments__item__in=[row.item_id for row in rows]) | Q(
        attachments__sha256__in=[row.sha256 for row in rows]
    )
    others = queries.standing(Edition.objects.filter(alike, unit=edition.unit_id))
    needed = {file.path for one in others.exclude(pk=edition.pk) for file in public_files(one)}
    for path in {file.path for file in mine} - needed:
        (root / path).unlink(missing_ok=True)


def write_earlier(edition: Edition, *, now: datetime) -> None:
    """The pages of the editions that this one corrects, directly or not. Raises as above."""
    written = set(queries.editions([edition.unit_id]).values_list("pk", flat=True))
    earlier = edition.corrects
    for _step in range(_LONGEST_CHAIN):
        if earlier is None:
            return
        if earlier.pk in written:
            write_edition(earlier, now=now)
        earlier = earlier.corrects


@dataclass(frozen=True)
class Wanting:
    """What is better made after the release: the index anew, sound for older telephones."""

    index: bool
    sounds: bool


def write_lists(unit: Unit, touched: Sequence[Edition], *, now: datetime) -> Wanting:
    """All that leads to pages: only written pages are linked to, untouched months stay.

    Raises OSError.
    """
    root, site = portal_folder(unit), sites.open_site(unit)
    facts = facts_of([unit], now)[unit.pk]
    fresh = {edition.pk for edition in touched}
    with alone(root):
        write_assets(root)
        frame = frame_of(facts, now)
        searched, full = search_files(root, site, facts, fresh)
        newest = queries.newest([unit.pk], _LISTENED, fresh)
        files = [
            *_shared_files(root, frame),
            *_touched_lists(root, frame, touched, newest[unit.pk]),
            *searched,
            *front_files(root, frame, fronts_of([facts], now, fresh, newest)[unit.pk]),
        ]
        write_together(files)
        _note_shared(root, frame)
    sites.note_written([unit.pk], now)
    return Wanting(full, _sounds_missing(root, newest[unit.pk]))


def _touched_lists(
    root: Path, frame: Frame, touched: Sequence[Edition], heard: Sequence[Edition]
) -> Files:
    """Months, categories, sounds, corrections: those that the touched editions are in."""
    unit, new = frame.facts.unit, {edition.pk for edition in touched}
    months = {queries.month_of(edition) for edition in touched}
    categories = {edition.category for edition in touched}
    files: Files = []
    for month in sorted(months):
        found = list(queries.of_month(unit, month, new))
        files.append((root / paths.month_path(month), lists.month_page(frame, month, found)))
    for category in sorted(categories):
        years = {edition.released_at.year for edition in touched if edition.category == category}
        files += _category_files(root, frame, category, years, new)
    counts = queries.months(unit, new)
    used = queries.categories_used([unit.pk], new)[unit.pk]
    files.append((root / paths.ARCHIVE, lists.archive_page(frame, counts, used)))
    mp3 = _mp3(root, (one.audio_sha256 for one in heard))
    files.append((root / paths.LISTEN, lists.listen_page(frame, heard, mp3)))
    files += _checked_files(root, frame, new)
    if any(map(_sets_right, touched)) or not (root / paths.CORRECTIONS).is_file():
        right = list(queries.set_right(unit, new))
        files.append((root / paths.CORRECTIONS, lists.corrections_page(frame, right)))
    return files


def _sets_right(edition: Edition) -> bool:
    return edition.corrects_id is not None or edition.withdrawn_at is not None


def _checked_files(root: Path, frame: Frame, new: Collection[UUID] = ()) -> Files:
    """What was found out of claims; where nothing ever was, there is no page."""
    path = root / paths.CHECKED
    if not frame.facts.checks and not path.is_file():
        return []
    rows = queries.checked(frame.facts.unit, new)
    return [(path, lists.checked_page(frame, [Review(row) for row in rows]))]


def _category_files(
    root: Path, frame: Frame, category: str, years: Collection[int], new: Collection[UUID]
) -> Files:
    unit = frame.facts.unit
    known = queries.years_of(unit, category, new)
    newest = list(queries.of_category(unit, category, new)[:_OF_A_CATEGORY])
    path = paths.category_path(category)
    files = [(root / path, lists.category_page(frame, category, newest, known))]
    for year in sorted(set(years) & set(known)):
        found = list(queries.of_category(unit, category, new, year))
        content = lists.category_page(frame, category, found, known, year)
        files.append((root / paths.category_path(category, year), content))
    return files


def front_files(root: Path, frame: Frame, front: lists.Front) -> Files:
    """What shows the day: the first page and the schedule. The front page comes last."""
    english = frame.in_english()
    with translation.override("vi"):
        days = queries.by_day(front.planned)
    return [
        (root / paths.SCHEDULE, shared.schedule_page(frame, days, villages=bool(front.villages))),
        (root / paths.VILLAGES, villages_page(frame, front)),
        (root / paths.ENGLISH[paths.INDEX], lists.front_page(english, front)),
        (root / paths.INDEX, lists.front_page(frame, front)),
    ]


def fronts_of(
    facts: Collection[Facts],
    now: datetime,
    fresh: Collection[UUID] = (),
    newest: Mapping[int, Sequence[Edition]] | None = None,
) -> dict[int, lists.Front]:
    """For each unit what its first page and schedule show. Eight queries, however many units;
    ``newest``: when they are known already."""
    keys = [one.unit.pk for one in facts]
    first = day_bounds(local_date(now))[0] - _DAY
    if newest is None:
        newest = queries.newest(keys, lists.NEWEST, fresh)
    right = queries.lately_set_right(keys, now - _SET_RIGHT, fresh)
    with translation.override("vi"):
        planned = queries.schedule(keys, first, first + 9 * _DAY)
        sounds = queries.station_sounds(keys, first + _DAY, first + 3 * _DAY)
        villages = queries.villages_heard(keys)
    used = queries.categories_used(keys, fresh)
    return {
        one.unit.pk: lists.Front(
            newest=newest[one.unit.pk][: lists.NEWEST],
            set_right=right[one.unit.pk],
            planned=planned[one.unit.pk],
            categories=used[one.unit.pk],
            together=_together(one),
            villages=villages[one.unit.pk],
            sounds=sounds[one.unit.pk],
        )
        for one in facts
    }


def _together(facts: Facts) -> list[Edition]:
    """Of a unit that stands above others."""
    if not facts.below:
        return []
    return queries.newest_together([unit.pk for unit in facts.below], 2 * lists.NEWEST)


def write_fronts(units: Sequence[Unit], *, now: datetime) -> dict[int, bool]:
    """The pages of the day of many units at once. The keys of those written, each with whether
    its search index should be made anew; one that cannot be written does not hold up others.

    Thousands of small flushes would take minutes: many sites are flushed together. Whoever loses
    power before that finds none of them noted as written, and writes them again."""
    facts = facts_of(units, now)
    fronts = fronts_of(facts.values(), now)
    done, few = {}, len(facts) <= _FEW
    for key, one in facts.items():
        try:
            done[key] = _write_front(frame_of(one, now), fronts[key], flush=few)
        except OSError as error:
            log.warning("pages of %s: %s", one.unit.code, error)
    if not few:
        os.sync()
    return done


def _write_front(frame: Frame, front: lists.Front, *, flush: bool) -> bool:
    root, full, files = portal_folder(frame.facts.unit), False, Files()
    with alone(root):
        write_assets(root)
        if frame.facts.below:  # its index holds the notices of those below
            site = sites.open_site(frame.facts.unit)
            files, full = search_files(root, site, frame.facts)
            files += extra_files(root, frame.facts, frame.now)
        files += [*_shared_files(root, frame), *_missing_lists(root, frame)]
        write_together([*files, *front_files(root, frame, front)], flush=flush)
        _note_shared(root, frame)
    return full


def _missing_lists(root: Path, frame: Frame) -> Files:
    """The first page leads to these even before the first notice."""
    if (root / paths.ARCHIVE).is_file():
        known = (root / paths.CHECKED).is_file()
        return [] if known else _checked_files(root, frame)
    unit = frame.facts.unit
    files = _touched_lists(root, frame, [], queries.newest([unit.pk], _LISTENED)[unit.pk])
    head = search_files(root, Site(unit=unit), frame.facts)[0]
    return [*files, *head, *extra_files(root, frame.facts, frame.now)]


def _shared_files(root: Path, frame: Frame) -> Files:
    """The pages about the unit, when what they tell has changed."""
    if _shared_stamp(root) == _shared_key(frame):
        return []
    english = frame.in_english()
    kept = [paths.INDEX, paths.SCHEDULE, paths.OFFLINE]
    return [
        (root / paths.ABOUT, shared.about_page(frame)),
        (root / paths.ENGLISH[paths.ABOUT], shared.about_page(english)),
        (root / paths.ACCESSIBILITY, shared.accessibility_page(frame)),
        (root / paths.ENGLISH[paths.ACCESSIBILITY], shared.accessibility_page(english)),
        (root / paths.SEARCH, shared.search_page(frame)),
        (root / paths.OFFLINE, shared.offline_page(frame)),
        (root / "manifest.webmanifest", shared.manifest(frame)),
        (root / "sw.js", service_worker(frame.bundle, frame.code, kept)),
    ]


def _shared_key(frame: Frame) -> str:
    facts = frame.facts
    told = [
        frame.bundle.version,
        facts.unit.full_name,
        facts.responsible,
        facts.address,
        facts.feeds,
        facts.profile.changed_at.isoformat() if facts.profile else "",
        [section.pk for section in facts.sections],
        facts.checks,
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _shared_stamp(root: Path) -> str:
    stamp = root / _STAMP
    return stamp.read_text() if stamp.is_file() else ""


def _note_shared(root: Path, frame: Frame) -> None:
    key = _shared_key(frame)
    if _shared_stamp(root) != key:
        write_atomic(root / _STAMP, key.encode())


def _sounds_missing(root: Path, newest: Sequence[Edition]) -> bool:
    hashes = [one.audio_sha256 for one in newest]
    return len(_mp3(root, hashes)) < len(set(hashes))


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One writer a unit: two would overwrite each other's list with an older one."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / f".{root.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
