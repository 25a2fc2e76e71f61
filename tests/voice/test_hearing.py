"""The recogniser in its own process, and the worker that asks it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from tests.voice.spoken import sentences_read, syllables
from vang.base.files import FileStore
from vang.orgs.models import Unit
from vang.voice import hearings, opus
from vang.voice.engines.espeak import Espeak
from vang.voice.filters import resampled
from vang.voice.hearing import Listener, ListenerFailed, parts_to_hear
from vang.voice.models import Hearing, Rendition
from vang.voice.sound import RATE, Chunk

State = Hearing.State


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """Loaded once: it takes seconds."""
    with Listener() as loaded:
        yield loaded


@pytest.fixture(scope="session")
def spoken() -> Chunk:
    """Two seconds of the trial voice: some of its words are understood."""
    pcm = Espeak().speak("xin chào bà con")
    return np.concatenate(list(resampled([pcm.samples], pcm.rate)))


def test_long_speech_is_cut_at_its_pauses() -> None:
    sound = sentences_read([20, 20, 20, 20], pause_ms=500)
    parts = parts_to_hear(sound)
    assert len(parts) == 2
    assert all(last - first < 15_000 for first, last in parts)
    assert parts_to_hear(np.zeros(RATE, np.float32)) == []
    without_pause = np.concatenate([syllables(100, around_ms=60)] * 2)
    assert all(last - first < 15_000 for first, last in parts_to_hear(without_pause))


def test_words_are_heard_where_they_are(listener: Listener, spoken: Chunk) -> None:
    quiet = np.zeros(3 * RATE, np.float32)
    heard = listener.hear(np.concatenate([quiet, spoken]))
    assert heard
    assert heard[0].from_ms == pytest.approx(2850, abs=150)
    assert heard[0].words == listener.hear(np.concatenate([quiet, spoken]))[0].words
    assert listener.hear(quiet) == []


def test_a_process_that_dies_is_told() -> None:
    with Listener() as loaded:
        loaded._process.kill()
        with pytest.raises(ListenerFailed):
            loaded.words(syllables(2))


@pytest.fixture
def rendition(xa_a: Unit, spoken: Chunk, now: datetime) -> Rendition:
    content = opus.encode([spoken])
    made = Rendition.objects.create(
        key="k",
        state="READY",
        sha256=FileStore(Path(settings.DATA) / "files").put(content),
        duration_ms=1000 * len(spoken) // RATE,
        requested_at=now,
    )
    made.units.add(xa_a)
    return made


def test_a_sound_is_listened_to_once(rendition: Rendition, now: datetime) -> None:
    hearing = hearings.request_hearing(rendition=rendition, now=now)
    assert hearing is not None
    assert hearings.request_hearing(rendition=rendition, now=now) == hearing
    hearings.hear(hearing.pk, clock=lambda: now)
    hearing.refresh_from_db()
    assert (hearing.state, hearing.finished_at, hearing.attempts) == (State.READY, now, 1)
    assert hearings.heard_in(hearing)
    assert hearing.seconds_of_work
    hearings.hear(hearing.pk, clock=lambda: now)
    assert Hearing.objects.get().attempts == 1


def test_a_sound_that_is_gone_or_too_long_fails_and_is_asked_again(
    rendition: Rendition, now: datetime
) -> None:
    FileStore(Path(settings.DATA) / "files").path(rendition.sha256).unlink()
    hearing = hearings.request_hearing(rendition=rendition, now=now)
    assert hearing is not None
    hearings.hear(hearing.pk, clock=lambda: now)
    hearing.refresh_from_db()
    assert (hearing.state, hearing.failure) == (State.FAILED, "listener-failed")
    hearings.repeat_hearing(hearing=hearing, now=now)
    Rendition.objects.update(duration_ms=hearings.LONGEST_MS + 1)
    hearings.hear(hearing.pk, clock=lambda: now)
    hearing.refresh_from_db()
    assert (hearing.state, hearing.failure) == (State.FAILED, "too-long")


def test_what_a_worker_left_behind_is_put_back_and_given_up_in_the_end(
    rendition: Rendition, now: datetime
) -> None:
    hearings.request_hearing(rendition=rendition, now=now)
    later = now + timedelta(minutes=21)
    assert hearings.repeat_dead_hearings_due(now=now) == 0
    assert hearings.repeat_dead_hearings_due(now=later) == 1
    assert Hearing.objects.get().state == State.QUEUED
    Hearing.objects.update(state=State.WORKING, attempts=2)
    assert hearings.repeat_dead_hearings_due(now=later + timedelta(minutes=21)) == 1
    assert Hearing.objects.get().state == State.FAILED
