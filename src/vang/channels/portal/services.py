"""Writing a commune's public pages, and saying how it went."""

import fcntl
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.files import FileStore
from vang.bulletins.models import Delivery, Edition
from vang.channels.portal import pages, paths, queries
from vang.channels.portal.assets import (
    AudioDamaged,
    AudioMissing,
    place_audio,
    write_assets,
    write_changed,
)
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.stations.models import Cluster

log = logging.getLogger(__name__)

_UNITS_A_TICK = 20
_STAMP = ".day"  # the day for which everything was written to the end
_NO_ROOM = 28  # errno.ENOSPC
Failures = dict[int, str | Promise]


def portal_folder(unit: Unit) -> Path:
    """The folder that holds everything of one commune and nothing else."""
    return Path(settings.DATA) / "portal" / paths.folder_name(unit.code)


def has_page(unit: Unit) -> bool:
    """Whether residents find anything at the commune's public address."""
    return (portal_folder(unit) / paths.INDEX).is_file()


def write_pages(unit: Unit, *, now: datetime, everything: bool = False) -> list[Delivery]:
    """Bring the commune's folder up to date; ``everything`` also rewrites unchanged notices.

    A page that cannot be written leaves the old one whole, its delivery FAILED with the reason,
    and does not hold up the others. Returns the deliveries that were attempted.
    """
    mine = Delivery.objects.filter(edition__unit=unit, channel=queries.PORTAL)
    if not everything:
        mine = mine.filter(pk__in=_wanted(unit, now))
    return _write(unit, mine, now)


def _wanted(unit: Unit, now: datetime) -> set[int]:
    """What is stale; and once a day everything lately on the air, should a change have slipped."""
    wanted = queries.stale_deliveries(now).filter(edition__unit=unit)
    keys = set(wanted.values_list("pk", flat=True))
    if _written_on(portal_folder(unit)) != str(local_date(now)):
        keys |= set(queries.recently_aired(unit, now).values_list("pk", flat=True))
    return keys


def write_edition_page(edition: Edition, *, now: datetime) -> Delivery:
    """Write one notice and the lists that lead to it.

    Raises Delivery.DoesNotExist when the edition is not for the public page.
    """
    mine = Delivery.objects.filter(edition=edition, channel=queries.PORTAL)
    mine.get()
    return _write(edition.unit, mine, now)[0]


def retry_pages_due(*, now: datetime) -> list[str]:
    """Write what is waiting, may be tried again, or is out of date. Returns the units' codes."""
    waiting = queries.stale_deliveries(now).values_list("edition__unit", flat=True)
    due = set(waiting[:500]) | _yesterdays(now)
    units = Unit.objects.filter(pk__in=due).select_related("parent").order_by("code", "pk")
    done = []
    for unit in units[:_UNITS_A_TICK]:
        write_pages(unit, now=now)
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


def _write(unit: Unit, wanted: QuerySet[Delivery], now: datetime) -> list[Delivery]:
    root = portal_folder(unit)
    with _alone(root):
        deliveries = list(wanted.select_related("edition").order_by("pk"))
        failures = _write_files(unit, root, deliveries, now)
        _note_outcomes(unit, deliveries, failures, now)
    return deliveries


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer a commune: two would overwrite each other's list with an older one."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / f".{root.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_files(unit: Unit, root: Path, deliveries: list[Delivery], now: datetime) -> Failures:
    """Sound before its page, pages before the lists that lead to them."""
    try:
        (root / _STAMP).unlink(missing_ok=True)
        frame = pages.Frame(unit, write_assets(root), now)
        failures = _write_editions(frame, root, deliveries)
        _write_lists(frame, root, [delivery.edition for delivery in deliveries])
        write_changed(root / _STAMP, str(frame.today).encode())
    except OSError as error:
        log.warning("pages of %s: %s", unit.code, error)
        return dict.fromkeys((delivery.pk for delivery in deliveries), _reason(error))
    return failures


def _write_editions(frame: pages.Frame, root: Path, deliveries: list[Delivery]) -> Failures:
    failures: Failures = {}
    for delivery in deliveries:
        try:
            _write_edition(frame, root, delivery.edition)
        except (OSError, AudioMissing, AudioDamaged) as error:
            log.warning("page of edition %s: %s", delivery.edition_id, error)
            failures[delivery.pk] = _reason(error)
    return failures


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


def _write_lists(frame: pages.Frame, root: Path, touched: Sequence[Edition]) -> None:
    """Only pages that lie there are linked to; untouched months stay as they are."""
    known = queries.editions(frame.unit).defer("text")
    found = [edition for edition in known if (root / paths.edition_path(edition)).is_file()]
    by_month = queries.months(found)
    changed = queries.months(touched).keys()
    for month, its_editions in by_month.items():
        path = root / paths.month_path(month)
        if month in changed or not path.is_file():
            write_changed(path, pages.month_page(frame, month, its_editions))
    counts = {month: len(its_editions) for month, its_editions in by_month.items()}
    write_changed(root / paths.INDEX, pages.index_page(frame, found[: pages.NEWEST], counts))


def _reason(error: Exception) -> str | Promise:
    if isinstance(error, AudioDamaged):
        return _("The stored sound is not the approved sound.")
    if isinstance(error, AudioMissing):
        return _("The approved sound is missing from the store.")
    if isinstance(error, OSError) and error.errno == _NO_ROOM:
        return _("There is no room left on the disk.")
    return _("The page could not be written to the disk.")


@transaction.atomic
def _note_outcomes(
    unit: Unit, deliveries: Sequence[Delivery], failures: Failures, now: datetime
) -> None:
    """An edition withdrawn while its page was being written stays due."""
    withdrawn = dict(
        Edition.objects.filter(deliveries__in=deliveries).values_list("pk", "withdrawn_at")
    )
    with translation.override("vi"):
        for delivery in deliveries:
            if withdrawn[delivery.edition_id] == delivery.edition.withdrawn_at:
                _note_outcome(unit, delivery, str(failures.get(delivery.pk, "")), now)


def _note_outcome(unit: Unit, delivery: Delivery, failure: str, now: datetime) -> None:
    before = delivery.state
    delivery.state = Delivery.State.FAILED if failure else Delivery.State.DONE
    delivery.attempts = min(delivery.attempts + 1, 1000) if failure else 0
    delivery.detail = failure
    delivery.changed_at = now
    delivery.save(update_fields=["state", "attempts", "detail", "changed_at"])
    if delivery.state != before:
        record(
            "page.fail" if failure else "page.write",
            f"edition:{delivery.edition_id}",
            by=None,
            unit=unit,
            now=now,
            path=paths.edition_path(delivery.edition),
        )
