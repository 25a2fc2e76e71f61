"""Clips as they arrive: in parts, each at its place, until all bytes are here and proved.

A part is written to disk before it is counted. Whoever was cut off asks how much is here and
goes on from there; nothing is sent twice and nothing is lost.
"""

import os
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.files import FileStore, sha256_of_file
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person
from vang.takes.models import Clip
from vang.voice.failure_words import failure_sentence
from vang.voice.failures import RecordingRefused
from vang.voice.levels import Levels, measured_levels
from vang.voice.recordings import Limits, decode_recording
from vang.voice.sound import Chunk

MAX_CLIP = 50_000_000
"""Bytes: an hour as browsers record (Opus or AAC at 128 kbit/s)."""

MAX_PART = 524_288
"""Bytes sent at a time: few seconds on a weak line, so that little is sent again."""

LONGEST_CLIP_S = 20 * 60
MOST_UNFINISHED = 40
"""Clips of one person that may be on their way at once."""

FORGOTTEN_AFTER = timedelta(days=14)
RECORDERS = frozenset({Role.WRITER, Role.ADMINISTRATOR})
_LIMITS = Limits(bytes=MAX_CLIP, duration_s=LONGEST_CLIP_S)


def begin_clip(
    *, key: uuid.UUID, unit: Unit, size: int, sha256: str, by: Person, now: datetime
) -> Clip:
    """Announce a clip, or find the one begun before under this key. Raises Refusal."""
    if not may(by, RECORDERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    if not 0 < size <= MAX_CLIP:
        raise Refusal("clip-too-large", _TOO_LARGE)
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Refusal("clip-malformed", _MALFORMED)
    with transaction.atomic():
        found = Clip.objects.filter(key=key).first()
        if found is not None:
            return _same(found, unit, size, sha256, by)
        if Clip.objects.filter(by=by, kept_at=None, refused="").count() >= MOST_UNFINISHED:
            raise Refusal("clips-unfinished", _TOO_MANY)
        return Clip.objects.create(
            key=key, unit=unit, by=by, size=size, sha256=sha256, begun_at=now
        )


def add_part(*, clip: Clip, offset: int, content: bytes, now: datetime) -> Clip:
    """Write one part at its place; the last one has the whole clip proved and measured.

    Raises Refusal, ``clip-offset`` when the part does not follow what is here.
    """
    with transaction.atomic():
        fresh = Clip.objects.select_for_update().get(pk=clip.pk)
        if fresh.kept_at is not None or fresh.refused:
            return fresh
        if fresh.received == fresh.size and not content:
            return _finish(fresh, now)  # whoever was to finish it died over it
        if offset != fresh.received:
            raise Refusal("clip-offset", _OFFSET)
        if not content or len(content) > MAX_PART or offset + len(content) > fresh.size:
            raise Refusal("clip-malformed", _MALFORMED)
        _write_at(part_path(fresh), offset, content)
        fresh.received = offset + len(content)
        fresh.save(update_fields=["received"])
    return fresh if fresh.received < fresh.size else _finish(fresh, now)


def part_path(clip: Clip) -> Path:
    """Where the clip lies until it is whole."""
    return Path(settings.DATA) / "uploads" / f"{clip.key.hex}.part"


def clip_path(clip: Clip) -> Path:
    """Where a kept clip lies."""
    return _store().path(clip.sha256)


def samples_of_clip(clip: Clip) -> Chunk:
    """The clip decoded, in memory: at most 20 minutes. Raises RecordingRefused."""
    chunks = list(decode_recording(clip_path(clip), _LIMITS))
    return np.concatenate(chunks) if chunks else np.zeros(0, np.float32)


def forget_unfinished_due(*, now: datetime) -> int:
    """Remove what nobody finished within a fortnight. Returns how many clips were removed."""
    old = Clip.objects.filter(kept_at=None, begun_at__lt=now - FORGOTTEN_AFTER)[:200]
    for clip in old:
        part_path(clip).unlink(missing_ok=True)
        clip.delete()
    return len(old)


def _finish(clip: Clip, now: datetime) -> Clip:
    path = part_path(clip)
    if not path.is_file():
        return Clip.objects.get(pk=clip.pk)  # finished by another request meanwhile
    if sha256_of_file(path) != clip.sha256:
        return _begin_anew(clip)
    try:
        samples = np.concatenate(list(decode_recording(path, _LIMITS)) or [np.zeros(0, np.float32)])
    except RecordingRefused as refused:
        return _refuse(clip, str(refused.code))
    levels = measured_levels(samples)
    if not _adopted(path, clip.sha256):
        return Clip.objects.get(pk=clip.pk)
    with transaction.atomic():
        clip.duration_ms = levels.duration_ms
        clip.levels = told_levels(levels)
        clip.kept_at = now
        clip.save()
        record("keep-clip", f"clip:{clip.pk}", by=clip.by, unit=clip.unit, now=now)
    return clip


def _adopted(path: Path, sha256: str) -> bool:
    try:
        _store().adopt(path, sha256)
    except FileNotFoundError:
        return False
    return True


def told_levels(levels: Levels) -> dict[str, object]:
    """Levels as they are stored and sent: rounded, with the edges that are kept and faults."""
    first, last = levels.edges()
    told: dict[str, object] = {
        name: round(value, 1) if isinstance(value, float) else value
        for name, value in asdict(levels).items()
    }
    return {**told, "from_ms": first, "to_ms": last, "faults": [str(f) for f in levels.faults()]}


def _begin_anew(clip: Clip) -> Clip:
    """The bytes are not those announced: all of it is asked for again."""
    part_path(clip).unlink(missing_ok=True)
    clip.received = 0
    clip.save(update_fields=["received"])
    return clip


def _refuse(clip: Clip, code: str) -> Clip:
    part_path(clip).unlink(missing_ok=True)
    clip.refused = code
    clip.save(update_fields=["refused"])
    return clip


def refusal_words(clip: Clip) -> str:
    """Why the clip was not taken, "" when it was."""
    return str(failure_sentence(clip.refused)) if clip.refused else ""


def _same(found: Clip, unit: Unit, size: int, sha256: str, by: Person) -> Clip:
    if (found.unit_id, found.by_id, found.size, found.sha256) != (unit.pk, by.pk, size, sha256):
        raise Refusal("clip-malformed", _MALFORMED)
    return found


def _write_at(path: Path, offset: int, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(descriptor, content, offset)
        os.ftruncate(descriptor, offset + len(content))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store() -> FileStore:
    return FileStore(Path(settings.DATA) / "files")


_NOT_ALLOWED = _("Your role in this commune does not allow recording.")
_TOO_LARGE = _("The recording is larger than 50 MB. Record it in shorter parts.")
_TOO_MANY = _("Many recordings are still on their way. Wait until they have arrived.")
_OFFSET = _("Another part is expected.")
_MALFORMED = _("The recording was not sent as it should be. Load the page again.")
