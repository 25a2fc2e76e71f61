"""People signed in, and clips as a browser sends them."""

import hashlib
import uuid
from datetime import datetime

import pytest

from tests.voice.sounds import wav_bytes
from tests.voice.spoken import syllables
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.takes.clips import MAX_PART, add_part, begin_clip
from vang.takes.models import Clip

SPOKEN = wav_bytes(syllables(3))


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def begun(unit: Unit, by: Person, now: datetime, content: bytes = SPOKEN) -> Clip:
    return begin_clip(
        key=uuid.uuid4(), unit=unit, size=len(content), sha256=sha256(content), by=by, now=now
    )


def kept(unit: Unit, by: Person, now: datetime, content: bytes = SPOKEN) -> Clip:
    """A clip that has arrived whole."""
    clip = begun(unit, by, now, content)
    for start in range(0, len(content), MAX_PART):
        part = content[start : start + MAX_PART]
        clip = add_part(clip=clip, offset=start, content=part, now=now)
    return clip
