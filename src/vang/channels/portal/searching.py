"""Bringing a site's search index up to date: a small part with each release, all of it rarely."""

import hashlib
import json
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import translation

from vang.base.clock import local_date
from vang.bulletins.models import Category, Edition
from vang.channels.portal import paths, queries
from vang.channels.portal.facts import Facts
from vang.channels.portal.files import write_together
from vang.channels.portal.models import Site
from vang.channels.portal.search_index import Doc, freeze, head
from vang.orgs.models import Unit

MOST_RECENT = 60
"""Beyond this the recent part is frozen with the rest: a telephone should load little."""
_COLUMNS = ("unit_id", "title", "text", "category", "released_at")
_CATEGORIES = [str(one.value) for one in Category]


def search_files(
    root: Path, site: Site, facts: Facts, fresh: Collection[UUID] = ()
) -> tuple[list[tuple[Path, bytes]], bool]:
    """The head of the index, and whether the frozen part should be made anew."""
    units = [facts.unit, *facts.below]
    later = _standing(units, fresh)
    if site.search_until is not None:
        later = later.filter(released_at__gt=site.search_until)
    recent = [_doc(one, units) for one in later.order_by("-released_at", "pk")]
    content = head(
        base=site.search_base,
        shards=_shards(root, site),
        recent=recent,
        gone=_gone(root, site, units),
        categories=_category_names(),
        units=[unit.full_name for unit in facts.below],
    )
    return [(root / paths.SEARCH_INDEX, content)], len(recent) > MOST_RECENT


def freeze_search(root: Path, site: Site, facts: Facts) -> None:
    """Make the frozen part anew and forget the one before the last. Raises OSError."""
    units = [facts.unit, *facts.below]
    found = list(_standing(units).order_by("released_at", "pk"))
    if not found:
        return
    frozen = freeze([_doc(one, units) for one in found])
    digest = hashlib.sha256(b"".join(frozen.files[name] for name in sorted(frozen.files)))
    base = digest.hexdigest()[:12]
    folder = root / "search" / base
    write_together((folder / name, content) for name, content in frozen.files.items())
    before = site.search_base
    site.search_base, site.search_until = base, found[-1].released_at
    site.save(update_fields=["search_base", "search_until"])
    files, _again = search_files(root, site, facts)
    write_together(files)
    _forget_others(root / "search", {base, before})


def _forget_others(folder: Path, kept: set[str]) -> None:
    """Somebody may be searching in the one before at this moment."""
    for old in folder.iterdir():
        if old.is_dir() and old.name not in kept:
            shutil.rmtree(old)


def _standing(units: Collection[Unit], fresh: Collection[UUID] = ()) -> QuerySet[Edition]:
    found = queries.standing(queries.editions([unit.pk for unit in units], fresh))
    return found.only(*_COLUMNS)


def _doc(edition: Edition, units: list[Unit]) -> Doc:
    place = next(n for n, unit in enumerate(units) if unit.pk == edition.unit_id)
    path = paths.edition_path(edition)
    doc = Doc(
        key=edition.pk.hex[:8],
        path=path,
        title=edition.title,
        day=f"{local_date(edition.released_at):%Y-%m-%d}",
        category=_CATEGORIES.index(edition.category),
        text=edition.text,
    )
    if place == 0:
        return doc
    return replace(doc, path=f"../{paths.folder_name(units[place].code)}/{path}", unit=place)


def _shards(root: Path, site: Site) -> int:
    folder = root / "search" / site.search_base
    return len(list(folder.glob("w*.json"))) if site.search_base else 0


def _gone(root: Path, site: Site, units: Collection[Unit]) -> list[int]:
    """Numbers in the frozen part of what no longer holds."""
    if not site.search_base or site.search_until is None:
        return []
    over = Q(withdrawn_at__isnull=False) | Q(corrected_by__isnull=False)
    keys = {
        key.hex[:8]
        for key in Edition.objects.filter(
            over, unit__in=[unit.pk for unit in units], released_at__lte=site.search_until
        ).values_list("pk", flat=True)
    }
    order = root / "search" / site.search_base / "order.json"
    if not keys or not order.is_file():
        return []
    known = json.loads(order.read_text())
    return [number for number, key in enumerate(known) if key in keys]


def _category_names() -> list[str]:
    with translation.override("vi"):
        return [str(one.label) for one in Category]
