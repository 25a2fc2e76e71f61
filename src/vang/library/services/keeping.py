"""Taking in what people bring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from django.db import transaction

from vang.base.text import clean_text
from vang.journal.services import record
from vang.library import events, jobs, sorts
from vang.library.models import Item, Recording
from vang.library.recordings import check_recording
from vang.library.searching import search_key
from vang.library.storing import store
from vang.orgs.models import Unit
from vang.people.models import Person

NAME_LENGTH = 200
PATIENCE = timedelta(minutes=10)
"""An item that nobody took up after this long is put in the queue again."""


@dataclass(frozen=True)
class _Brought:
    """A file on its way in."""

    unit: Unit
    name: str
    sha256: str
    size: int
    media_type: str
    by: Person
    now: datetime


def keep_item(*, unit: Unit, file_name: str, content: bytes, by: Person, now: datetime) -> Item:
    """Keep the original bytes and have prepared what is shown, heard or read of them.

    The same file of the same unit is one item. Raises Refusal for what is too large, empty or of
    no use by its first bytes.
    """
    kind = sorts.kind_of(content)
    sorts.check(kind, content)
    brought = _put(unit, file_name, content, by, now)
    with transaction.atomic():
        known = Item.objects.filter(unit=unit, sha256=brought.sha256).first()
        if known is not None:
            return known
        recording = _recording(brought) if kind == Item.Kind.AUDIO else None
        if recording is not None:
            _have_heard(recording, now)
        return _item(kind, brought, recording)


def keep_recording(
    *, unit: Unit, file_name: str, content: bytes, by: Person, now: datetime
) -> Recording:
    """Keep the original bytes under their hash; the same file of the same unit is one recording.

    It is an item of the library too. Raises Refusal for what is too large, empty or no sound by
    its first bytes. Whether it can be decoded to its end is found out by the worker.
    """
    check_recording(content)
    brought = _put(unit, file_name, content, by, now)
    with transaction.atomic():
        known = Recording.objects.filter(unit=unit, sha256=brought.sha256).first()
        if known is not None:
            return known
        recording = _recording(brought)
        if not Item.objects.filter(unit=unit, sha256=brought.sha256).exists():
            _item(Item.Kind.AUDIO, brought, recording)
    return recording


def share_recording(*, recording: Recording, unit: Unit, by: Person, now: datetime) -> Recording:
    """The same file as a recording and an item of ``unit``, which takes over what it was attached
    to; what is known of the maker and the rights goes along."""
    with transaction.atomic():
        known = Recording.objects.filter(unit=unit, sha256=recording.sha256).first()
        if known is not None:
            return known
        shared = Recording.objects.create(
            unit=unit,
            sha256=recording.sha256,
            file_name=recording.file_name,
            size=recording.size,
            duration_ms=recording.duration_ms,
            uploaded_by=by,
            uploaded_at=now,
        )
        _share_item(recording, shared, by=by, now=now)
        record("share-recording", f"recording:{shared.pk}", by=by, unit=unit, now=now)
    return shared


def _share_item(recording: Recording, shared: Recording, *, by: Person, now: datetime) -> None:
    item = Item.objects.filter(recording=recording).first()
    taken = Item.objects.filter(unit=shared.unit, sha256=shared.sha256).exists()
    if item is None or taken:
        return
    item.pk, item._state.adding = None, True
    item.unit, item.recording = shared.unit, shared
    item.added_by, item.added_at, item.archived_at = by, now, None
    item.search_key = search_key(item)
    item.save()


def note_duration(*, recording: Recording, duration_ms: int) -> None:
    """Write down the length that decoding found."""
    Recording.objects.filter(pk=recording.pk, duration_ms=None).update(duration_ms=duration_ms)


def clean_name(file_name: str) -> str:
    """The file's own name without folders, line breaks or hidden characters."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    name = " ".join(clean_text(last).split())
    return name[-NAME_LENGTH:] or "recording"


def _put(unit: Unit, file_name: str, content: bytes, by: Person, now: datetime) -> _Brought:
    sha256 = store().put(content)
    media_type = sorts.media_type_of(content)
    return _Brought(unit, clean_name(file_name), sha256, len(content), media_type, by, now)


def _recording(brought: _Brought) -> Recording:
    recording = Recording.objects.create(
        unit=brought.unit,
        sha256=brought.sha256,
        file_name=brought.name,
        size=brought.size,
        uploaded_by=brought.by,
        uploaded_at=brought.now,
    )
    subject, unit = f"recording:{recording.pk}", brought.unit
    record("keep-recording", subject, by=brought.by, unit=unit, now=brought.now)
    return recording


def _item(kind: str, brought: _Brought, recording: Recording | None) -> Item:
    """A recording is ready at once: its sound for the air is made by the voice room."""
    ready = recording is not None
    item = Item(
        unit=brought.unit,
        kind=kind,
        title=_title_of(brought.name),
        sha256=brought.sha256,
        file_name=brought.name,
        media_type=brought.media_type,
        size=brought.size,
        recording=recording,
        state=Item.State.READY if ready else Item.State.QUEUED,
        worked_until=None if ready else brought.now + PATIENCE,
        added_by=brought.by,
        added_at=brought.now,
    )
    item.search_key = search_key(item)
    item.save()
    record("keep-item", f"item:{item.pk}", by=brought.by, unit=brought.unit, now=brought.now)
    if not ready:
        jobs.prepare_item.enqueue(item.pk)
    return item


def _have_heard(recording: Recording, now: datetime) -> None:
    """Have the sound for the air made now rather than when it is first used."""
    for listener in events.recorded:
        listener(recording, now)


def _title_of(name: str) -> str:
    """The file's name as people read it: "loa_xa-1.mp3" gives "loa xa 1"."""
    stem = PurePath(name).stem.replace("_", " ").replace("-", " ")
    return " ".join(stem.split())[:NAME_LENGTH] or name
