"""An announcer who has recorded the whole list, in no time."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tests.voice.sounds import wav_bytes
from tests.voice.spoken import syllables
from vang.base.clock import local_date
from vang.base.files import FileStore
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases.models import Phrase, Saying
from vang.phrases.queries import items_of
from vang.takes.clips import told_levels
from vang.takes.models import Clip
from vang.voice.levels import measured_levels

_SOUNDS = [syllables(n, level_db=-14 - 2 * n, seed=n, around_ms=200) for n in (1, 2, 3, 4)]


def clip_of(unit: Unit, by: Person, now: datetime, sound: int = 0) -> Clip:
    """A kept clip; one of four sounds."""
    content = wav_bytes(_SOUNDS[sound])
    levels = measured_levels(_SOUNDS[sound])
    FileStore(Path(settings.DATA) / "files").put(content)
    return Clip.objects.create(
        key=uuid.uuid4(),
        unit=unit,
        by=by,
        size=len(content),
        received=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        duration_ms=levels.duration_ms,
        levels=told_levels(levels),
        begun_at=now,
        kept_at=now,
    )


def record_everything(unit: Unit, by: Person, now: datetime, *, better: bool = False) -> None:
    """All needed phrases of the unit's list, and the better ones when asked for."""
    for at, item in enumerate(items_of(unit, local_date(now), {})):
        if item.saying is None and (item.wanted.needed or better):
            phrase = item.phrase or Phrase.objects.create(
                unit=unit, key=item.wanted.key, text=item.wanted.text, group=item.wanted.group
            )
            phrase.current = Saying.objects.create(
                phrase=phrase, clip=clip_of(unit, by, now, at % 4), by=by, at=now
            )
            phrase.save()
