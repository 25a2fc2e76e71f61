"""Writing a commune's public pages. Each page is whole or is the one before."""

import fcntl
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

from vang.base.clock import local_date
from vang.base.files import FileStore
from vang.bulletins.models import Edition
from vang.channels.portal import pages, paths, queries
from vang.channels.portal.assets import (
    AudioDamaged,
    AudioMissing,
    place_audio,
    write_assets,
    write_changed,
)
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.stations.models import Cluster

log = logging.getLogger(__name__)

_UNITS_A_TICK = 20
_STAMP = ".day"  # the day for which everything was written to the end
_LONGEST_CHAIN = 50


def portal_folder(unit: Unit) -> Path:
    """The folder that holds everything of one commune and nothing else."""
    return Path(settings.DATA) / "portal" / paths.folder_name(unit.code)


def has_page(unit: Unit) -> bool:
    """Whether residents find anything at the commune's public address."""
    return (portal_folder(unit) / paths.INDEX).is_file()


def write_site(unit: Unit, *, now: datetime, everything: bool = False) -> None:
    """The lists of the commune and the pages of what was lately on the air; ``everything``:
    every page. A page that cannot be written leaves the old one and does not hold up the others.

    Raises OSError when the lists cannot be written.
    """
    wanted = queries.editions(unit) if everything else queries.recently_aired(unit, now)
    for edition in wanted.iterator(chunk_size=200):
        try:
            write_edition(edition, now=now)
        except (OSError, AudioMissing, AudioDamaged) as error:
            log.warning("page of edition %s: %s", edition.pk, error)
    write_lists(unit, list(wanted) if everything else [], now=now)


def write_edition(edition: Edition, *, now: datetime) -> None:
    """The page of one edition, its sound before it. Raises OSError, AudioMissing, AudioDamaged."""
    root = portal_folder(edition.unit)
    with _alone(root):
        _write_edition(pages.Frame(edition.unit, write_assets(root), now), root, edition)


def write_earlier(edition: Edition, *, now: datetime) -> None:
    """The pages of the editions that this one corrects, directly or not. Raises as above."""
    written = set(queries.editions(edition.unit).values_list("pk", flat=True))
    earlier = edition.corrects
    for _step in range(_LONGEST_CHAIN):
        if earlier is None:
            return
        if earlier.pk in written:
            write_edition(earlier, now=now)
        earlier = earlier.corrects


def refresh_due(*, now: datetime) -> list[str]:
    """Write what shows another day's schedule or is not there at all. The units' codes."""
    units = Unit.objects.filter(pk__in=_yesterdays(now)).select_related("parent")
    done = []
    for unit in units.order_by("code", "pk")[:_UNITS_A_TICK]:
        try:
            write_site(unit, now=now)
        except OSError as error:
            log.warning("pages of %s: %s", unit.code, error)
        done.append(unit.code)
    return done


def _yesterdays(now: datetime) -> set[int]:
    """Communes whose first page is missing, unfinished, or shows another day's schedule.

    A commune has a page from the day on which it has a loudspeaker.
    """
    today = local_date(now)
    root = Path(settings.DATA) / "portal"
    written = {path.name for path in root.glob("[0-9A-Za-z]*") if path.is_dir()}
    heard = set(Cluster.objects.filter(active=True).order_by().values_list("unit__code", flat=True))
    codes = [code for code in written | heard if _written_on(root / code) != str(today)]
    return set(Unit.objects.filter(valid_on(today), code__in=codes).values_list("pk", flat=True))


def _written_on(folder: Path) -> str:
    stamp = folder / _STAMP
    return stamp.read_text() if stamp.is_file() else ""


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer a commune: two would overwrite each other's list with an older one."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / f".{root.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_edition(frame: pages.Frame, root: Path, edition: Edition) -> None:
    sound = root / paths.audio_path(edition.audio_sha256)
    if edition.withdrawn_at is None:
        place_audio(FileStore(Path(settings.DATA) / "files"), edition.audio_sha256, sound)
    write_changed(root / paths.edition_path(edition), pages.edition_page(frame, edition))
    if edition.withdrawn_at is not None and not _still_heard(edition):
        sound.unlink(missing_ok=True)


def _still_heard(edition: Edition) -> bool:
    """Whether another notice of the commune has the same sound."""
    return Edition.objects.filter(
        unit=edition.unit, audio_sha256=edition.audio_sha256, withdrawn_at=None
    ).exists()


def write_lists(unit: Unit, touched: Sequence[Edition], *, now: datetime) -> None:
    """All that leads to pages: only written pages are linked to, untouched months stay.

    Raises OSError.
    """
    root = portal_folder(unit)
    with _alone(root):
        (root / _STAMP).unlink(missing_ok=True)
        frame = pages.Frame(unit, write_assets(root), now)
        _write_lists(frame, root, touched)
        write_changed(root / _STAMP, str(frame.today).encode())


def _write_lists(frame: pages.Frame, root: Path, touched: Sequence[Edition]) -> None:
    fresh = {edition.pk for edition in touched}
    found = list(queries.editions(frame.unit, fresh).defer("text"))
    by_month = queries.months(found)
    changed = queries.months(touched).keys()
    for month, its_editions in by_month.items():
        path = root / paths.month_path(month)
        if month in changed or not path.is_file():
            write_changed(path, pages.month_page(frame, month, its_editions))
    counts = {month: len(its_editions) for month, its_editions in by_month.items()}
    write_changed(root / paths.INDEX, pages.index_page(frame, found[: pages.NEWEST], counts))
