"""Keeping how a bulletin is read, and having its sound made that way."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from vang.bulletins.content import content_of, vietnamese_speech
from vang.bulletins.models import Bulletin, Version
from vang.bulletins.present import has
from vang.journal.services import record
from vang.people.models import Person
from vang.studio.models import Reading
from vang.voice.choices import installed_voices
from vang.voice.manners import USUAL, Manner, parse_marks, typed_manner, written_marks
from vang.voice.models import Rendition
from vang.voice.services import request_rendition


def manner_of(version: Version | None) -> Manner:
    """How the version is read; as usual when nobody said otherwise."""
    if version is None or not has(version, "studio.manner"):
        return USUAL
    reading = Reading.objects.filter(version=version).first()
    if reading is None:
        return USUAL
    return Manner(parse_marks(reading.marks)[0], reading.voice, reading.pace)


def keep_manner(bulletin: Bulletin, posted: QueryDict, by: Person, now: datetime) -> None:
    """After the writing page saved: the marks, voice and speed that stood on it.

    Only while the bulletin is a draft: later its sound is what somebody decides on.
    """
    if "manner" not in posted:
        return
    with transaction.atomic():
        fresh = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        version = fresh.current
        manner = _installed(typed_manner(posted))
        if fresh.state != Bulletin.State.DRAFT or version is None or manner == manner_of(version):
            return
        _write(version, manner, by, now)
        _forget_sound(version)
        record("change-reading", f"bulletin:{fresh.pk}", by=by, unit=fresh.unit, now=now)


def carry_manner(version: Version, by: Person, now: datetime) -> None:
    """A new version is read like the one before it."""
    before = Version.objects.filter(bulletin=version.bulletin_id, number=version.number - 1).first()
    manner = manner_of(before)
    if manner != USUAL:
        _write(version, manner, by, now)


def brought_sound(version: Version, now: datetime) -> Rendition | None:
    """The sound in the manner asked for; None where the usual one will do."""
    manner = manner_of(version)
    if manner == USUAL or version.recording_id is not None:
        return None
    return request_rendition(
        unit=version.bulletin.unit,
        text=vietnamese_speech(content_of(version)),
        now=now,
        manner=manner,
    )


def _installed(manner: Manner) -> Manner:
    names = {voice.name for voice in installed_voices()} if manner.voice else set()
    return Manner(manner.marks, manner.voice if manner.voice in names else "", manner.pace)


def _write(version: Version, manner: Manner, by: Person, now: datetime) -> None:
    Reading.objects.update_or_create(
        version=version,
        defaults={
            "marks": written_marks(manner.marks),
            "voice": manner.voice,
            "pace": manner.pace,
            "by": by,
            "at": now,
        },
    )


def _forget_sound(version: Version) -> None:
    """A sound made in another manner is no longer this version's; a recording stays."""
    if version.recording_id is None and version.rendition_id is not None:
        version.rendition = None
        version.save(update_fields=["rendition"])
