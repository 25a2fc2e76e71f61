"""Reading sentence by sentence or in one go, and putting it together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.refusals import refused
from tests.takes.conftest import kept
from tests.voice.sounds import wav_bytes
from tests.voice.spoken import sentences_read, syllables
from vang.base.files import FileStore
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.takes import making, services
from vang.takes.models import Clip, Take
from vang.voice.levels import measured_levels
from vang.voice.recordings import decode_recording

TEXT = "Một hai ba. Bốn năm sáu bảy tám. Chín mười."


@pytest.fixture
def take(xa_a: Unit, an: Person, now: datetime) -> Take:
    return opened(xa_a, an, now)


def opened(unit: Unit, by: Person, now: datetime, text: str = TEXT) -> Take:
    return services.open_take(unit=unit, subject="bulletin:1", text=text, by=by, now=now)


def read_all(take: Take, by: Person, now: datetime) -> Take:
    for line in range(len(take.lines)):
        clip = kept(take.unit, by, now, wav_bytes(syllables(line + 2)))
        take = services.place_clip(take=take, line=line, clip=clip, by=by, now=now)
    return take


def join(take: Take, by: Person, now: datetime) -> Take:
    services.join_take(take=take, by=by, now=now)
    making.join_take(take.pk, clock=lambda: now)
    take.refresh_from_db()
    return take


def samples(recording: Recording | None) -> np.ndarray:
    assert recording is not None
    path = FileStore(Path(settings.DATA) / "files").path(recording.sha256)
    return np.concatenate(list(decode_recording(path)))


def test_sentences_read_one_by_one_become_a_recording(
    take: Take, an: Person, now: datetime
) -> None:
    assert services.missing_lines(take) == [0, 1, 2]
    take = join(read_all(take, an, now), an, now)
    assert (take.state, take.joined_at) == (Take.State.READY, now)
    levels = measured_levels(samples(take.recording))
    assert levels.faults() == []
    assert take.recording is not None
    assert take.recording.duration_ms == pytest.approx(levels.duration_ms, abs=1)


def test_what_is_missing_is_named(take: Take, an: Person, now: datetime) -> None:
    clip = kept(take.unit, an, now)
    take = services.place_clip(take=take, line=1, clip=clip, by=an, now=now)
    with refused("lines-missing") as caught:
        services.join_take(take=take, by=an, now=now)
    assert "1, 3" in str(caught.value)


def test_a_text_read_in_one_go_keeps_its_own_pauses_and_one_sentence_is_read_again(
    take: Take, an: Person, now: datetime
) -> None:
    whole = sentences_read([3, 5, 2], pause_ms=600)
    clip = kept(take.unit, an, now, wav_bytes(whole))
    take = services.place_whole(take=take, clip=clip, by=an, now=now)
    assert [run.last_line for run in making.runs(take)] == [2]
    once = samples(join(take, an, now).recording)
    assert len(once) == pytest.approx(len(whole), abs=48_000 * 0.6)

    again = opened(take.unit, an, now)
    assert again.pk != take.pk
    better = kept(take.unit, an, now, wav_bytes(syllables(5, level_db=-22, seed=4)))
    again = services.place_clip(take=again, line=1, clip=better, by=an, now=now)
    assert [run.last_line for run in making.runs(again)] == [0, 1, 2]
    mended = samples(join(again, an, now).recording)
    parts = np.array_split(mended, 3)
    loud = [measured_levels(part).speech_db for part in parts]
    assert max(loud) - min(loud) < 3


def test_where_pauses_cannot_be_told_the_whole_stands_on_the_first_sentence(
    take: Take, an: Person, now: datetime
) -> None:
    clip = kept(take.unit, an, now, wav_bytes(syllables(9)))
    take = services.place_whole(take=take, clip=clip, by=an, now=now)
    assert take.pieces["0"]["through"] == 2
    assert services.missing_lines(take) == []
    assert join(take, an, now).state == Take.State.READY


def test_a_changed_text_keeps_the_sentences_that_stayed(
    take: Take, an: Person, now: datetime
) -> None:
    read_all(take, an, now)
    changed = opened(take.unit, an, now, TEXT.replace("Bốn", "Ba"))
    assert changed.pk == take.pk
    assert services.missing_lines(changed) == [1]
    assert changed.text_sha256 != take.text_sha256


def test_a_piece_is_trimmed_and_dropped(take: Take, an: Person, now: datetime) -> None:
    take = read_all(take, an, now)
    take = services.trim_piece(take=take, line=0, from_ms=200, to_ms=700, by=an, now=now)
    assert (take.pieces["0"]["from"], take.pieces["0"]["to"]) == (200, 700)
    for first, last in ((500, 550), (0, 999_999)):
        with refused("trim-impossible"):
            services.trim_piece(take=take, line=0, from_ms=first, to_ms=last, by=an, now=now)
    take = services.drop_piece(take=take, line=0, by=an, now=now)
    assert services.missing_lines(take) == [0]


Act = Callable[[Take, Person, datetime], object]


def test_only_the_reader_changes_a_take(
    take: Take, an: Person, quan: Person, now: datetime
) -> None:
    clip = kept(take.unit, an, now)
    with refused("take-of-another"):
        services.place_clip(take=take, line=0, clip=clip, by=quan, now=now)
    assert opened(take.unit, quan, now).pk != take.pk


def test_silence_and_other_communes_clips_are_refused(
    take: Take, an: Person, chi: Person, xa_b: Unit, now: datetime
) -> None:
    silent = kept(take.unit, an, now, wav_bytes(np.zeros(48_000, np.float32)))
    elsewhere = kept(xa_b, chi, now, wav_bytes(syllables(4)))
    for clip, code in ((silent, "clip-silent"), (elsewhere, "clip-not-here")):
        with refused(code):
            services.place_clip(take=take, line=0, clip=clip, by=an, now=now)
    with refused("line-unknown"):
        services.place_clip(take=take, line=9, clip=kept(take.unit, an, now), by=an, now=now)


def test_a_stranger_opens_no_take(xa_a: Unit, chi: Person, binh: Person, now: datetime) -> None:
    for someone in (chi, binh):
        with refused("not-allowed"):
            opened(xa_a, someone, now)


def test_a_joining_whose_clip_is_gone_fails_and_is_begun_again(
    take: Take, an: Person, now: datetime
) -> None:
    take = read_all(take, an, now)
    path = FileStore(Path(settings.DATA) / "files").path
    gone = Clip.objects.get(key=take.pieces["2"]["clip"])
    path(gone.sha256).unlink()
    assert join(take, an, now).state == Take.State.FAILED
    take = services.reopen_take(take=take, by=an, now=now)
    clip = kept(take.unit, an, now, wav_bytes(syllables(7, seed=9)))
    take = services.place_clip(take=take, line=2, clip=clip, by=an, now=now)
    assert join(take, an, now).state == Take.State.READY


def test_a_joining_is_done_once_and_begun_again_when_its_worker_died(
    take: Take, an: Person, now: datetime
) -> None:
    take = read_all(take, an, now)
    services.join_take(take=take, by=an, now=now)
    with refused("take-not-open"):
        services.join_take(take=take, by=an, now=now + timedelta(minutes=1))
    services.join_take(take=take, by=an, now=now + timedelta(minutes=6))
    making.join_take(take.pk, clock=lambda: now)
    making.join_take(take.pk, clock=lambda: now)
    assert Recording.objects.count() == 1


def test_the_database_holds_one_open_take_a_person(take: Take, an: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Take.objects.create(
            unit=take.unit, subject="bulletin:1", text="", by=an, begun_at=now, changed_at=now
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Take.objects.filter(pk=take.pk).update(state="READY")
