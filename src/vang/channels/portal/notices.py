"""The pages of notices, and the sounds, pictures and documents that lie beside them."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from vang.base.files import FileStore
from vang.bulletins.models import Edition
from vang.bulletins.wordings import edition_wordings
from vang.channels.portal import paths, queries
from vang.channels.portal.assets import place_file
from vang.channels.portal.files import Files
from vang.channels.portal.material import public_files
from vang.channels.portal.pages.frame import Frame
from vang.channels.portal.pages.item import Chain, Item
from vang.orgs.models import Unit

_LONGEST_CHAIN = 50


def read_notices(unit: Unit, keys: Collection[UUID]) -> list[Edition]:
    """These and, as far as they have pages, those that they correct, directly or not."""
    found = list(_whole(Edition.objects.filter(unit=unit, pk__in=keys)))
    earlier = _earlier(found) - set(keys)
    if earlier:
        found += _whole(queries.editions([unit.pk]).filter(pk__in=earlier))
    return found


def _whole(found: QuerySet[Edition]) -> QuerySet[Edition]:
    """With all that their pages tell of them. Three queries."""
    joined = found.select_related("unit", "corrects", "corrected_by")
    return joined.prefetch_related("wordings", "attachments").order_by("-released_at", "pk")


def _earlier(found: Sequence[Edition]) -> set[UUID]:
    earlier: set[UUID] = set()
    ahead = {one.corrects_id for one in found if one.corrects_id}
    while ahead:
        earlier |= ahead
        rows = Edition.objects.filter(pk__in=ahead, corrects__isnull=False).order_by()
        ahead = {one.corrects_id for one in rows.only("corrects") if one.corrects_id} - earlier
    return earlier


def every_notice(unit: Unit) -> QuerySet[Edition]:
    """All that have a page."""
    return _whole(queries.editions([unit.pk]))


def item_of(root: Path, frame: Frame, edition: Edition) -> Item:
    """The notice with what it corrects and what corrected it."""
    return Item(frame, edition, _chain(edition), mp3_of(root, _hashes(edition)))


def _chain(edition: Edition) -> Chain:
    """What it corrects, and the newest that corrected it."""
    following: Edition | None = getattr(edition, "corrected_by", None)
    for _step in range(_LONGEST_CHAIN if following else 0):
        further = Edition.objects.filter(corrects=following).first()
        if further is None:
            break
        following = further
    return Chain(edition.corrects, following)


def _hashes(edition: Edition) -> list[str]:
    return [told.sound.sha256 for told in edition_wordings(edition) if told.sound]


def mp3_of(root: Path, hashes: Iterable[str]) -> frozenset[str]:
    """Those sounds that lie there for older telephones too."""
    return frozenset(one for one in hashes if (root / paths.audio_path(one, "mp3")).is_file())


def notice_files(root: Path, item: Item) -> Files:
    """Its pages, after its sounds, pictures and documents are in place. Raises OSError, FileLost,
    FileDamaged."""
    if not item.over:
        store = FileStore(Path(settings.DATA) / "files")
        for sha256 in _hashes(item.edition):
            place_file(store, sha256, root / paths.audio_path(sha256))
        for file in public_files(item.edition):
            place_file(store, file.sha256, root / file.path)
    return [(root / path, content) for path, content in item.pages()]


def take_away(root: Path, edition: Edition) -> None:
    """The sounds, pictures and documents of what no longer holds."""
    _remove_sounds(root, edition)
    _remove_material(root, edition)


def _remove_sounds(root: Path, edition: Edition) -> None:
    """Unless another notice that still holds has the same sound."""
    others = queries.standing(Edition.objects.filter(unit=edition.unit_id)).exclude(pk=edition.pk)
    for sha256 in _hashes(edition):
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
