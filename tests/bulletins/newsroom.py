"""Builders for what the newsroom's tests begin with."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin, Edition, Version
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


def approved(bulletin: Bulletin, by: Person, now: datetime) -> Approval:
    seen = content_hash(current(bulletin))
    return services.approve_bulletin(bulletin=bulletin, content_hash=seen, by=by, now=now)


def released(unit: Unit, writer: Person, approver: Person, now: datetime) -> Edition:
    allow_trial_voice(unit, now)
    bulletin = submitted(unit, writer, now)
    approved(bulletin, approver, now)
    return services.release_bulletin(bulletin=bulletin, by=approver, now=now)


def reread(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.get(pk=bulletin.pk)


def current(bulletin: Bulletin) -> Version:
    version = reread(bulletin).current
    assert version is not None
    return version


def make_ready(bulletin: Bulletin, now: datetime) -> Rendition:
    """What the worker does, in no time: the sound is a file that nobody plays here."""
    rendition = current(bulletin).rendition
    assert rendition is not None
    opus = b"OggS" + hashlib.sha256(rendition.key.encode()).digest()
    rendition.sha256 = FileStore(Path(settings.DATA) / "files").put(opus)
    rendition.state = Rendition.State.READY
    rendition.size = len(opus)
    rendition.duration_ms = 5000
    rendition.worked_until = None
    rendition.finished_at = now
    rendition.save()
    return rendition


def allow_trial_voice(unit: Unit, now: datetime) -> None:
    VoiceChoice.objects.update_or_create(
        unit=unit, defaults={"voice": "espeak-vi", "trial_may_air": True, "decided_at": now}
    )
