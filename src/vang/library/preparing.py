"""The worker's half: one item rendered or read, whoever dies in between."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from vang.library.fields import keep_fields
from vang.library.formats.failures import Unreadable
from vang.library.formats.lines import text_of, to_plain
from vang.library.formats.reading import read_file
from vang.library.formats.verdicts import Reading
from vang.library.models import Document, Item, Picture
from vang.library.official.recognition import recognise
from vang.library.pictures.rendering import PictureRefused, Rendering, render_picture
from vang.library.searching import search_key
from vang.library.storing import store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=6)
"""Longer than the longest reading or rendering may take."""


def prepare_item(item_pk: int, *, clock: Clock) -> None:
    """Make what is to be made, unless it is made or in another worker's hands."""
    item = _take(item_pk, clock())
    if item is None:
        return
    try:
        _WORK[Item.Kind(item.kind)](item)
    except (Unreadable, PictureRefused) as refused:
        log.info("item %s: %s", item.pk, refused)
        _end(item, failure=str(refused.code))
    except FileNotFoundError:
        _end(item, failure="file-missing")
    except Exception:
        _end(item, failure="unexpected")
        raise


def _take(item_pk: int, now: datetime) -> Item | None:
    """The item with the number of the attempt that begins now; None when there is nothing to do."""
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).filter(pk=item_pk).first()
        if item is None or not _is_free(item, now):
            return None
        item.state = Item.State.WORKING
        item.worked_until = now + LEASE
        item.attempts += 1
        item.save(update_fields=["state", "worked_until", "attempts"])
        return item


def _is_free(item: Item, now: datetime) -> bool:
    if item.state == Item.State.WORKING:
        return item.worked_until is None or item.worked_until <= now
    return item.state == Item.State.QUEUED


def _end(item: Item, *, failure: str = "") -> bool:
    """Whether this attempt was still the newest; what another took over is left to it."""
    state = Item.State.FAILED if failure else Item.State.READY
    mine = Item.objects.filter(pk=item.pk, attempts=item.attempts, state=Item.State.WORKING)
    return bool(mine.update(state=state, failure=failure[:80], worked_until=None))


def _picture(item: Item) -> None:
    rendering = render_picture(store().path(item.sha256))
    rows = _picture_rows(item, rendering)
    with transaction.atomic():
        if not _end(item):
            return
        item.pictures.all().delete()
        Picture.objects.bulk_create(rows)
        Item.objects.filter(pk=item.pk).update(
            width=rendering.width, height=rendering.height, had_place=rendering.had_place
        )


def _picture_rows(item: Item, rendering: Rendering) -> list[Picture]:
    return [
        Picture(
            item=item,
            size=made.size,
            format=made.format,
            sha256=store().put(made.content),
            bytes=len(made.content),
            width=made.width,
            height=made.height,
        )
        for made in rendering.pictures
    ]


def _document(item: Item) -> None:
    reading = read_file(
        store().path(item.sha256), progress=lambda done, total: _tell(item, done, total)
    )
    text = text_of(reading.lines)
    plain = json.dumps([to_plain(line) for line in reading.lines], ensure_ascii=False)
    lines_sha256 = store().put(plain.encode())
    found = recognise(reading.lines)
    with transaction.atomic():
        if not _end(item):
            return
        Document.objects.filter(item=item).delete()
        document = Document.objects.create(
            item=item,
            format=reading.format,
            encoding=reading.encoding,
            letters=len(text),
            pages=_pages(reading),
            unread=list(reading.unread),
            lines_sha256=lines_sha256,
            official=found.is_official,
            body_first=found.first,
            body_last=found.last,
        )
        keep_fields(item, document, found)
        _describe(item, document, text)


def _pages(reading: Reading) -> int:
    return max([line.page for line in reading.lines] + list(reading.unread), default=1)


def _describe(item: Item, document: Document, text: str) -> None:
    """An official document is called by its name rather than by that of its file."""
    fresh = Item.objects.get(pk=item.pk)
    if document.official and document.abstract:
        fresh.title = " ".join(f"{document.kind} {document.number}: {document.abstract}".split())
        fresh.title = fresh.title[:200].strip(" :")
        fresh.licence = Item.Licence.OFFICIAL
        fresh.source = document.issuer[:300]
    tags = [tag.name for tag in fresh.tags.all()]
    fresh.search_key = search_key(fresh, tags, text)
    fresh.save(update_fields=["title", "licence", "source", "search_key"])


def _tell(item: Item, done: int, total: int) -> None:
    Item.objects.filter(pk=item.pk, attempts=item.attempts).update(done=done, total=total)


def _audio(item: Item) -> None:
    """The sound for the air is the voice room's."""
    _end(item)


_WORK: dict[Item.Kind, Callable[[Item], None]] = {
    Item.Kind.AUDIO: _audio,
    Item.Kind.PICTURE: _picture,
    Item.Kind.DOCUMENT: _document,
}
