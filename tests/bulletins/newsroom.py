"""Builders for what the newsroom's tests begin with."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore
from vang.bulletins import services
from vang.bulletins.content import Content, Words
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin, Edition, Level, Version
from vang.library.models import Recording
from vang.library.services import keep_recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Rendition, VoiceChoice

TEXT = "Từ 8 giờ ngày 12/6/2026 cắt điện thôn Thuận 1 để sửa đường dây."
NOTICE = Content(title="Lịch cắt điện", text=TEXT)


def draft(unit: Unit, by: Person, now: datetime, content: Content = NOTICE) -> Bulletin:
    return services.create_bulletin(unit=unit, content=content, by=by, now=now)


def submitted(unit: Unit, by: Person, now: datetime, content: Content = NOTICE) -> Bulletin:
    """In review, with its sound ready."""
    bulletin = draft(unit, by, now, content)
    services.submit_bulletin(bulletin=bulletin, by=by, now=now)
    make_ready(bulletin, now)
    return reread(bulletin)


def take(unit: Unit, by: Person, now: datetime, name: str = "co-tu.mp3") -> Recording:
    """A person's recording, as it was uploaded; another one for another name."""
    content = b"\xff\xfb\x90\x00" + bytes(400) + name.encode()
    return keep_recording(unit=unit, file_name=name, content=content, by=by, now=now)


def co_tu(recording: Recording | None) -> Words:
    """The notice in Cơ Tu, spoken by a person."""
    return Words("ktv", Level.FULL, title="Cơ Tu", text="Prá Cơ Tu.", recording=recording)


def approved(bulletin: Bulletin, by: Person, now: datetime) -> Approval:
    seen = content_hash(current(bulletin))
    return services.approve_bulletin(bulletin=bulletin, content_hash=seen, by=by, now=now)


def released(
    unit: Unit, writer: Person, approver: Person, now: datetime, content: Content = NOTICE
) -> Edition:
    allow_trial_voice(unit, now)
    bulletin = submitted(unit, writer, now, content)
    approved(bulletin, approver, now)
    return services.release_bulletin(bulletin=bulletin, by=approver, now=now)


def reread(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.get(pk=bulletin.pk)


def current(bulletin: Bulletin) -> Version:
    version = reread(bulletin).current
    assert version is not None
    return version


def make_ready(bulletin: Bulletin, now: datetime) -> Rendition:
    """What the worker does, in no time: the sounds are files that nobody plays here.

    Five seconds for the Vietnamese one, which is returned, seven for each of the others.
    """
    version = current(bulletin)
    for wording in version.wordings.exclude(rendition=None):
        _make(wording.rendition, 7000, now)
    return _make(version.rendition, 5000, now)


def _make(rendition: Rendition | None, duration_ms: int, now: datetime) -> Rendition:
    assert rendition is not None
    opus = b"OggS" + hashlib.sha256(rendition.key.encode()).digest()
    rendition.sha256 = FileStore(Path(settings.DATA) / "files").put(opus)
    rendition.state = Rendition.State.READY
    rendition.size = len(opus)
    rendition.duration_ms = duration_ms
    rendition.worked_until = None
    rendition.finished_at = now
    rendition.save()
    return rendition


def allow_trial_voice(unit: Unit, now: datetime) -> None:
    VoiceChoice.objects.update_or_create(
        unit=unit, defaults={"voice": "espeak-vi", "trial_may_air": True, "decided_at": now}
    )
