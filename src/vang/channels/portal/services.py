"""Writing a unit's public pages. Each file is whole or is the one before."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from vang.base.files import write_atomic
from vang.bulletins.models import Edition
from vang.channels.portal import paths, queries, sites
from vang.channels.portal.assets import (
    FileDamaged,
    FileLost,
    bundle,
    service_worker,
    write_assets,
)
from vang.channels.portal.extras import extra_files
from vang.channels.portal.facts import Facts, facts_of
from vang.channels.portal.files import Files, write_together
from vang.channels.portal.listing import (
    LISTENED,
    checked_files,
    day_files,
    front_files,
    fronts_of,
    list_files,
    reaches_of,
)
from vang.channels.portal.models import Section, Site
from vang.channels.portal.notices import (
    every_notice,
    item_of,
    mp3_of,
    notice_files,
    read_notices,
    take_away,
)
from vang.channels.portal.pages import lists, shared
from vang.channels.portal.pages.frame import Frame
from vang.channels.portal.pages.villages import Reach
from vang.channels.portal.searching import search_files
from vang.orgs.models import Unit

log = logging.getLogger(__name__)

_STAMP = ".shared"  # what the pages about the unit were written from
_FEW = 5


def portal_folder(unit: Unit) -> Path:
    """The folder that holds everything of one unit and nothing else."""
    return Path(settings.DATA) / "portal" / paths.folder_name(unit.code)


def has_page(unit: Unit) -> bool:
    """Whether residents find anything at the unit's public address."""
    return (portal_folder(unit) / paths.INDEX).is_file()


def frame_of(facts: Facts, now: datetime) -> Frame:
    return Frame(facts, bundle(), now)


@dataclass(frozen=True)
class Wanting:
    """What is better made after the release: the index anew, sound for older telephones."""

    index: bool
    sounds: bool


def write_notices(unit: Unit, notices: Collection[UUID], *, now: datetime) -> Wanting:
    """The pages of these notices and of those that they correct, then all that leads to them:
    only written pages are linked to, untouched months stay.

    All is read while nobody else writes here: who writes last knows most. Raises OSError,
    FileLost, FileDamaged; then some pages may be new, and no list leads to a missing one.
    """
    root = portal_folder(unit)
    with alone(root):
        frame = frame_of(facts_of([unit], now)[unit.pk], now)
        read = read_notices(frame.facts.unit, notices)
        items = [item_of(root, frame, edition) for edition in read]
        pages = [file for item in items for file in notice_files(root, item)]
        wanting = _write_lists(root, frame, read, pages)
        for item in items:
            if item.over:
                take_away(root, item.edition)
    return wanting


def write_site(unit: Unit, *, now: datetime, everything: bool = False) -> None:
    """The lists of the unit, the pages of the day and those about it; ``everything``: every notice
    too. A page that cannot be written leaves the old one and does not hold up the others.

    Raises OSError when the lists cannot be written.
    """
    root = portal_folder(unit)
    with alone(root):
        frame = frame_of(facts_of([unit], now)[unit.pk], now)
        touched = list(every_notice(frame.facts.unit)) if everything else []
        for edition in touched:
            _try_notice(root, frame, edition)
        _write_lists(root, frame, touched, whole=True)


def _try_notice(root: Path, frame: Frame, edition: Edition) -> None:
    try:
        item = item_of(root, frame, edition)
        write_together(notice_files(root, item))
    except (OSError, FileLost, FileDamaged) as error:
        log.warning("page of edition %s: %s", edition.pk, error)
        return
    if item.over:
        take_away(root, edition)


def _write_lists(
    root: Path,
    frame: Frame,
    touched: Sequence[Edition],
    pages: Sequence[tuple[Path, bytes]] = (),
    *,
    whole: bool = False,
) -> Wanting:
    """``pages``, then what leads to the touched ones, all flushed together. The pages of the day
    only when they show another day, what stands on every page has changed, or ``whole``."""
    facts, unit, now = frame.facts, frame.facts.unit, frame.now
    fresh = {edition.pk for edition in touched}
    write_assets(root)
    site, about = sites.open_site(unit), _shared_files(root, frame)
    searched, full = search_files(root, site, facts, fresh)
    newest, shelves = queries.newest([unit.pk], LISTENED, fresh), queries.shelves(unit, fresh)
    front = fronts_of([facts], now, fresh, newest, {unit.pk: shelves.categories})[unit.pk]
    day: Files = []
    if whole or about or site.written_on != frame.today:
        day = day_files(root, frame, front.planned, reaches_of([unit.pk], now)[unit.pk])
    leading = list_files(root, frame, touched, shelves, newest[unit.pk])
    first = front_files(root, frame, front)
    if (root / paths.MOVED).is_file():  # a correction of old notices; the first page leads on
        day, first = [], []
    write_together([*pages, *about, *leading, *searched, *day, *first])
    _note_shared(root, frame)
    if day:
        sites.note_written([unit.pk], now)
    return Wanting(full, _sounds_missing(root, newest[unit.pk]))


def write_fronts(units: Sequence[Unit], *, now: datetime) -> dict[int, bool]:
    """The pages of the day of many units at once. The keys of those written, each with whether
    its search index should be made anew; one that cannot be written does not hold up others.

    Thousands of small flushes would take minutes: many sites are flushed together. Whoever loses
    power before that finds none of them noted as written, and writes them again."""
    facts = facts_of(units, now)
    fronts, reaches = fronts_of(facts.values(), now), reaches_of(facts, now)
    done, few = {}, len(facts) <= _FEW
    for key, one in facts.items():
        try:
            done[key] = _write_front(frame_of(one, now), fronts[key], reaches[key], flush=few)
        except OSError as error:
            log.warning("pages of %s: %s", one.unit.code, error)
    if not few:
        os.sync()
    return done


def _write_front(frame: Frame, front: lists.Front, reach: Reach, *, flush: bool) -> bool:
    root, full, files = portal_folder(frame.facts.unit), False, Files()
    with alone(root):
        write_assets(root)
        if frame.facts.below:  # its index holds the notices of those below
            site = sites.open_site(frame.facts.unit)
            files, full = search_files(root, site, frame.facts)
            files += extra_files(root, frame.facts, frame.now)
        files += [*_shared_files(root, frame), *_missing_lists(root, frame)]
        files += day_files(root, frame, front.planned, reach)
        write_together([*files, *front_files(root, frame, front)], flush=flush)
        _note_shared(root, frame)
    return full


def _missing_lists(root: Path, frame: Frame) -> Files:
    """The first page leads to these even before the first notice."""
    if (root / paths.ARCHIVE).is_file():
        known = (root / paths.CHECKED).is_file()
        return [] if known else checked_files(root, frame)
    unit = frame.facts.unit
    newest = queries.newest([unit.pk], LISTENED)[unit.pk]
    files = list_files(root, frame, [], queries.shelves(unit), newest)
    head = search_files(root, Site(unit=unit), frame.facts)[0]
    return [*files, *head, *extra_files(root, frame.facts, frame.now)]


def _shared_files(root: Path, frame: Frame) -> Files:
    """The pages about the unit, when what they tell has changed."""
    if _shared_stamp(root) == _shared_key(frame):
        return []
    english, sections = frame.in_english(), list(Section.objects.filter(unit=frame.facts.unit))
    kept = [paths.INDEX, paths.SCHEDULE, paths.OFFLINE]
    return [
        (root / paths.ABOUT, shared.about_page(frame, sections)),
        (root / paths.ENGLISH[paths.ABOUT], shared.about_page(english, sections)),
        (root / paths.ACCESSIBILITY, shared.accessibility_page(frame)),
        (root / paths.ENGLISH[paths.ACCESSIBILITY], shared.accessibility_page(english)),
        (root / paths.SEARCH, shared.search_page(frame)),
        (root / paths.OFFLINE, shared.offline_page(frame)),
        (root / "manifest.webmanifest", shared.manifest(frame)),
        (root / "sw.js", service_worker(frame.bundle, frame.code, kept)),
    ]


def _shared_key(frame: Frame) -> str:
    """Parts of the unit are told by the profile's time."""
    facts = frame.facts
    told = [
        frame.bundle.version,
        facts.unit.full_name,
        facts.responsible,
        facts.address,
        facts.feeds,
        facts.profile.changed_at.isoformat() if facts.profile else "",
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
    return len(mp3_of(root, hashes)) < len(set(hashes))


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One writer a unit: two would overwrite each other's list with an older one."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / f".{root.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
