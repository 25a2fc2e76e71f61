"""The sound of an alert's words: recorded phrases first, else the unit's voice, or a person."""

from dataclasses import dataclass
from datetime import datetime

from vang.alerts.models import Way
from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases.splicing import spliced_take
from vang.voice.models import Rendition
from vang.voice.services import request_rendition


@dataclass(frozen=True)
class Sound:
    """How it is heard; ``rendition`` None for what is only to be read."""

    way: Way
    rendition: Rendition | None


def sound_of(
    *,
    unit: Unit,
    language: str,
    text: str,
    recording: Recording | None,
    by: Person,
    now: datetime,
) -> Sound:
    """Asked for at once, made beside. Raises Refusal when no voice is installed."""
    if recording is not None:
        made = request_rendition(unit=unit, text="", recording=recording, now=now)
        return Sound(Way.RECORDED, made)
    if language != VIETNAMESE:
        return Sound(Way.UNSPOKEN, None)
    try:
        take = spliced_take(unit=unit, subject="", text=text, by=by, now=now)
    except Refusal:
        return Sound(Way.VOICE, request_rendition(unit=unit, text=text, now=now))
    made = request_rendition(unit=unit, text="", recording=take.recording, now=now)
    return Sound(Way.SPLICED, made)
