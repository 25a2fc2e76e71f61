"""An upload that is cut off loses nothing and sends nothing twice."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.refusals import refused
from tests.takes.conftest import SPOKEN, begun, kept, sha256
from tests.voice.sounds import wav_bytes
from tests.voice.spoken import syllables
from vang.base.files import FileStore
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.takes import clips
from vang.takes.clips import MAX_CLIP, MAX_PART, add_part, begin_clip, forget_unfinished_due
from vang.takes.models import Clip


def test_a_clip_arrives_in_parts_and_is_measured(xa_a: Unit, an: Person, now: datetime) -> None:
    clip = begun(xa_a, an, now)
    clip = add_part(clip=clip, offset=0, content=SPOKEN[:1000], now=now)
    assert (clip.received, clip.kept_at) == (1000, None)
    clip = add_part(clip=clip, offset=1000, content=SPOKEN[1000:], now=now)
    assert clip.kept_at == now
    assert clip.levels["faults"] == []
    assert clip.levels["from_ms"] < clip.levels["to_ms"] <= (clip.duration_ms or 0)
    assert FileStore(Path(settings.DATA) / "files").read(clip.sha256) == SPOKEN


def test_after_a_cut_the_upload_goes_on_where_it_stopped(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    clip = begun(xa_a, an, now)
    add_part(clip=clip, offset=0, content=SPOKEN[:5000], now=now)
    with refused("clip-offset"):
        add_part(clip=clip, offset=0, content=SPOKEN[:5000], now=now)
    again = begin_clip(
        key=clip.key, unit=xa_a, size=len(SPOKEN), sha256=sha256(SPOKEN), by=an, now=now
    )
    assert again.received == 5000
    assert add_part(clip=again, offset=5000, content=SPOKEN[5000:], now=now).kept_at == now


def test_a_part_written_but_not_counted_is_written_again(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    clip = begun(xa_a, an, now)
    add_part(clip=clip, offset=0, content=SPOKEN[:5000], now=now)
    Clip.objects.update(received=2000)
    assert add_part(clip=clip, offset=2000, content=SPOKEN[2000:], now=now).kept_at == now


def test_whoever_died_over_the_last_part_is_replaced(xa_a: Unit, an: Person, now: datetime) -> None:
    clip = begun(xa_a, an, now)
    add_part(clip=clip, offset=0, content=SPOKEN[:-1], now=now)
    clips._write_at(clips.part_path(clip), len(SPOKEN) - 1, SPOKEN[-1:])
    Clip.objects.update(received=len(SPOKEN))
    assert add_part(clip=clip, offset=len(SPOKEN), content=b"", now=now).kept_at == now


def test_bytes_that_are_not_those_announced_are_asked_for_again(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    other = bytes(len(SPOKEN))
    clip = begun(xa_a, an, now)
    clip = add_part(clip=clip, offset=0, content=other, now=now)
    assert (clip.received, clip.kept_at) == (0, None)
    assert add_part(clip=clip, offset=0, content=SPOKEN, now=now).kept_at == now


def test_what_is_no_sound_is_refused_and_thrown_away(xa_a: Unit, an: Person, now: datetime) -> None:
    clip = kept(xa_a, an, now, b"MZ" + bytes(3000))
    assert (clip.refused, clip.kept_at) == ("not-audio", None)
    assert not clips.part_path(clip).exists()


def test_limits_of_a_clip(xa_a: Unit, an: Person, chi: Person, now: datetime) -> None:
    def begin(size: int, by: Person = an, digest: str = "0" * 64) -> Clip:
        return begin_clip(key=uuid.uuid4(), unit=xa_a, size=size, sha256=digest, by=by, now=now)

    for size, by, digest, code in (
        (0, an, "0" * 64, "clip-too-large"),
        (MAX_CLIP + 1, an, "0" * 64, "clip-too-large"),
        (10, an, "0" * 63 + "G", "clip-malformed"),
        (10, chi, "0" * 64, "not-allowed"),
    ):
        with refused(code):
            begin(size, by, digest)
    clip = begin(2 * MAX_PART)
    for content in (bytes(MAX_PART + 1), b""):
        with refused("clip-malformed"):
            add_part(clip=clip, offset=0, content=content, now=now)
    for _ in range(clips.MOST_UNFINISHED - 1):
        begin(10)
    with refused("clips-unfinished"):
        begin(10)


def test_a_key_belongs_to_one_clip(xa_a: Unit, an: Person, now: datetime) -> None:
    clip = begun(xa_a, an, now)
    with refused("clip-malformed"):
        begin_clip(key=clip.key, unit=xa_a, size=5, sha256=clip.sha256, by=an, now=now)


def test_the_database_knows_what_a_whole_clip_is(xa_a: Unit, an: Person, now: datetime) -> None:
    clip = begun(xa_a, an, now)
    for change in ({"received": clip.size + 1}, {"kept_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clip.objects.filter(pk=clip.pk).update(**change)


def test_what_nobody_finishes_is_forgotten_after_a_fortnight(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    whole = kept(xa_a, an, now)
    begun_one = begun(xa_a, an, now, wav_bytes(syllables(2)))
    add_part(clip=begun_one, offset=0, content=b"RIFF", now=now)
    assert forget_unfinished_due(now=now + timedelta(days=13)) == 0
    assert forget_unfinished_due(now=now + timedelta(days=15)) == 1
    assert not clips.part_path(begun_one).exists()
    assert Clip.objects.get() == whole
