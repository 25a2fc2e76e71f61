"""Taking in what people bring."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from vang.base.files import FileStore
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.models import Recording
from vang.library.recordings import check_recording
from vang.orgs.models import Unit
from vang.people.models import Person

NAME_LENGTH = 200


def keep_recording(
    *, unit: Unit, file_name: str, content: bytes, by: Person, now: datetime
) -> Recording:
    """Keep the original bytes under their hash; the same file of the same unit is one recording.

    Raises Refusal for what is too large, empty or no sound by its first bytes. Whether it can
    be decoded to its end is found out by the worker.
    """
    check_recording(content)
    sha256 = FileStore(Path(settings.DATA) / "files").put(content)
    with transaction.atomic():
        known = Recording.objects.filter(unit=unit, sha256=sha256).first()
        if known is not None:
            return known
        recording = Recording.objects.create(
            unit=unit,
            sha256=sha256,
            file_name=clean_name(file_name),
            size=len(content),
            uploaded_by=by,
            uploaded_at=now,
        )
        record("keep-recording", f"recording:{recording.pk}", by=by, unit=unit, now=now)
    return recording


def share_recording(*, recording: Recording, unit: Unit, by: Person, now: datetime) -> Recording:
    """The same file as a recording of ``unit``, which takes over what it was attached to."""
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
        record("share-recording", f"recording:{shared.pk}", by=by, unit=unit, now=now)
    return shared


def note_duration(*, recording: Recording, duration_ms: int) -> None:
    """Write down the length that decoding found."""
    Recording.objects.filter(pk=recording.pk, duration_ms=None).update(duration_ms=duration_ms)


def clean_name(file_name: str) -> str:
    """The file's own name without folders, line breaks or hidden characters."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    name = " ".join(clean_text(last).split())
    return name[-NAME_LENGTH:] or "recording"
