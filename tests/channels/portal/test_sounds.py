"""The sound for what cannot play Ogg Opus."""

import io
from datetime import datetime
from pathlib import Path

import av
import pytest
from django.conf import settings

from tests.bulletins import newsroom
from tests.channels.portal.publishing import delivery, folder, page, released, write_pages
from tests.voice.sounds import hum
from vang.base.files import FileStore
from vang.bulletins.models import Edition
from vang.bulletins.services import release_bulletin
from vang.channels.portal import paths
from vang.channels.portal.jobs import make_site_sounds
from vang.channels.portal.sounds import SoundUnreadable, mp3
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice import opus
from vang.voice.models import Rendition


@pytest.fixture(scope="module")
def speech() -> bytes:
    return opus.encode([hum(2.0)])


def heard(unit: Unit, an: Person, binh: Person, now: datetime, sound: bytes) -> Edition:
    """A released notice whose sound is a real one."""
    sha256 = FileStore(Path(settings.DATA) / "files").put(sound)
    newsroom.allow_trial_voice(unit, now)
    bulletin = newsroom.submitted(unit, an, now)
    Rendition.objects.filter(versions__bulletin=bulletin).update(sha256=sha256)
    newsroom.approved(bulletin, binh, now)
    return release_bulletin(bulletin=bulletin, by=binh, now=now)


def test_it_is_an_mp3_of_the_same_length(speech: bytes) -> None:
    made = mp3(speech)
    with av.open(io.BytesIO(made), format="mp3") as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.name in {"mp3", "mp3float"}
        frames = sum(frame.samples for frame in container.decode(stream))
        assert frames / stream.codec_context.sample_rate == pytest.approx(2.0, abs=0.1)
    assert len(made) < 20_000


def test_what_is_no_sound_is_told() -> None:
    with pytest.raises(SoundUnreadable):
        mp3(b"OggS no sound at all")


def test_the_page_offers_both_once_it_is_made(
    xa_a: Unit, an: Person, binh: Person, now: datetime, speech: bytes
) -> None:
    edition = heard(xa_a, an, binh, now, speech)
    write_pages(xa_a, now=now)
    assert "audio/mpeg" not in page(edition)
    assert make_site_sounds.func(xa_a.pk) == 1
    assert (folder(xa_a) / paths.audio_path(edition.audio_sha256, "mp3")).is_file()
    assert make_site_sounds.func(xa_a.pk) == 0
    write_pages(xa_a, now=delivery(edition).due_at or now)
    html = page(edition)
    assert html.index("audio/ogg") < html.index("audio/mpeg")
    assert 'download="lich-cat-dien.mp3"' in html
    assert "audio/mpeg" in (folder(xa_a) / paths.LISTEN).read_text()


def test_a_sound_that_cannot_be_made_is_told_to_staff_and_the_page_stays(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert make_site_sounds.func(xa_a.pk) == 0
    assert "điện thoại đời cũ" in delivery(edition).detail
    assert delivery(edition).state == "DONE"
    assert "audio/ogg" in page(edition)
