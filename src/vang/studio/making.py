"""A notice with blanks becomes a bulletin, spoken the way its writer chose: never another."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from vang.bulletins.content import Content, vietnamese_speech
from vang.bulletins.models import Bulletin, Priority
from vang.bulletins.services import create_bulletin
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases.models import Pin
from vang.phrases.notices import Notice
from vang.phrases.queries import missing_for, pin_of
from vang.phrases.splicing import current_hashes, pinned_hashes, spliced_take
from vang.studio.services import subject_of
from vang.takes.services import give_subject
from vang.voice.queries import speakable_text


class Way(StrEnum):
    """How a notice is to be spoken."""

    SPLICE = "splice"
    VOICE = "voice"
    RECORD = "record"


@dataclass(frozen=True)
class Outlook:
    """What a filled notice says and what its announcer has not recorded yet."""

    content: Content
    speakable: str
    missing: list[str]
    pin: Pin | None
    pin_lacking: bool
    """An emergency notice whose recordings nobody has pinned."""


def outlook(unit: Unit, notice: Notice, text: str, audience: tuple[str, ...], on: date) -> Outlook:
    """The notice before it is made."""
    content = Content(
        title=notice.title,
        text=text,
        category=notice.category,
        priority=Priority.PRIORITY if notice.emergency else Priority.NORMAL,
        audience=audience,
    )
    speakable = speakable_text(unit, vietnamese_speech(content))
    pin = pin_of(unit, notice) if notice.emergency else None
    hashes = pinned_hashes(pin) if pin else current_hashes(unit)
    lacking = notice.emergency and pin is None
    missing = missing_for(unit, speakable, hashes, on)
    return Outlook(content, speakable, missing, pin, lacking)


def make_notice(*, unit: Unit, seen: Outlook, way: Way, by: Person, now: datetime) -> Bulletin:
    """The bulletin, with its spliced sound when that was chosen. Raises Refusal.

    When the sound cannot be put together nothing is made: the writer chooses another way.
    """
    content = seen.content
    if way != Way.SPLICE:
        return create_bulletin(unit=unit, content=content, by=by, now=now)
    text = vietnamese_speech(content)
    with transaction.atomic():
        take = spliced_take(unit=unit, subject="", text=text, by=by, now=now, pin=seen.pin)
        spoken = replace(content, recording=take.recording)
        bulletin = create_bulletin(unit=unit, content=spoken, by=by, now=now)
        give_subject(take=take, subject=subject_of(bulletin))
    return bulletin
