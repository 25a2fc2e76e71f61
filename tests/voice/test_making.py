"""The worker's half: real sound from the trial voice, and what happens when something dies."""

import errno
import io
import wave
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Semaphore

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from vang.base.clock import ManualClock
from vang.base.files import FileStore
from vang.library.models import Recording
from vang.library.services import keep_recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice import failure_words
from vang.voice.leases import LEASE, Lease, LeaseLost, take_lease
from vang.voice.making import make_rendition
from vang.voice.models import Rendition
from vang.voice.services import MOST_ATTEMPTS, PATIENCE, replace_dead_renditions_due
from vang.voice.services import request_rendition as request

TEXT = "Kính thưa bà con. Ngày mai cắt điện."


def made(rendition: Rendition, now: datetime) -> Rendition:
    make_rendition(rendition.pk, clock=ManualClock(now).now)
    return Rendition.objects.get(pk=rendition.pk)


def wav(seconds: float, level: float) -> bytes:
    tone = level * np.sin(2 * np.pi * 220 * np.arange(int(48_000 * seconds)) / 48_000)
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((32767 * tone).astype("<i2").tobytes())
    return content.getvalue()


@pytest.fixture
def recording(xa_a: Unit, an: Person, now: datetime) -> Recording:
    return keep_recording(unit=xa_a, file_name="a.wav", content=wav(2, 0.3), by=an, now=now)


def test_the_worker_makes_the_sound_and_keeps_it_by_its_hash(xa_a: Unit, now: datetime) -> None:
    rendition = made(request(unit=xa_a, text=TEXT, now=now), now)
    store = FileStore(Path(settings.DATA) / "files")
    assert rendition.state == Rendition.State.READY
    assert store.read(rendition.sha256).startswith(b"OggS")
    assert rendition.loudness_lufs == pytest.approx(-16, abs=1)
    assert rendition.true_peak_dbtp is not None
    assert rendition.true_peak_dbtp <= -2
    assert (rendition.sentences_done, rendition.sentences_total) == (2, 2)
    assert rendition.trial


def test_the_same_words_in_the_same_voice_are_one_rendition(xa_a: Unit, now: datetime) -> None:
    first = request(unit=xa_a, text=TEXT, now=now)
    assert request(unit=xa_a, text=TEXT, now=now) == first
    assert request(unit=xa_a, text="Chữ khác.", now=now) != first
    assert DBTaskResult.objects.count() == 2


def test_another_commune_shares_the_sound_and_is_noted(
    xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    assert request(unit=xa_b, text=TEXT, now=now) == rendition
    assert set(rendition.units.all()) == {xa_a, xa_b}


def test_a_finished_sound_is_not_made_again(xa_a: Unit, now: datetime, later: datetime) -> None:
    rendition = made(request(unit=xa_a, text=TEXT, now=now), now)
    again = made(request(unit=xa_a, text=TEXT, now=later), later)
    assert (again.pk, again.attempts, again.finished_at) == (rendition.pk, 1, now)


def test_a_recording_is_brought_to_the_same_loudness(
    recording: Recording, xa_a: Unit, now: datetime
) -> None:
    rendition = made(request(unit=xa_a, text="", recording=recording, now=now), now)
    recording.refresh_from_db()
    assert (rendition.state, rendition.trial) == (Rendition.State.READY, False)
    assert rendition.loudness_lufs == pytest.approx(-16, abs=1)
    assert recording.duration_ms is not None
    assert recording.duration_ms >= 2000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (wav(2, 0.3)[:60], "truncated"),
        (wav(2, 0.0), "silent"),
        (b"OggS" + b"\x00\x01" * 400, "not-audio"),
        (b"ID3" + bytes(500), "not-audio"),
    ],
)
def test_a_bad_recording_fails_with_its_reason(
    content: bytes, code: str, xa_a: Unit, an: Person, now: datetime
) -> None:
    bad = keep_recording(unit=xa_a, file_name="x.wav", content=content, by=an, now=now)
    rendition = made(request(unit=xa_a, text="", recording=bad, now=now), now)
    assert (rendition.state, rendition.failure) == (Rendition.State.FAILED, code)
    assert rendition.failure in failure_words.SENTENCES


def test_a_failed_sound_is_tried_again_when_asked_for(
    recording: Recording, xa_a: Unit, now: datetime, later: datetime
) -> None:
    store = FileStore(Path(settings.DATA) / "files")
    original = store.read(recording.sha256)
    store.path(recording.sha256).unlink()
    failed = made(request(unit=xa_a, text="", recording=recording, now=now), now)
    assert failed.failure == failure_words.FILE_MISSING
    store.put(original)
    again = made(request(unit=xa_a, text="", recording=recording, now=later), later)
    assert (again.pk, again.state, again.failure) == (failed.pk, Rendition.State.READY, "")


def test_a_worker_killed_in_the_middle_is_replaced_after_its_lease(
    xa_a: Unit, now: datetime
) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    assert take_lease(rendition.pk, now) == 1
    # … and dies. Before the lease is over, nobody touches it; afterwards another makes it.
    early, late = now + LEASE - timedelta(seconds=1), now + LEASE
    assert replace_dead_renditions_due(now=early) == 0
    assert made(rendition, early).state == Rendition.State.WORKING
    assert replace_dead_renditions_due(now=late) == 1
    assert DBTaskResult.objects.count() == 2
    assert made(rendition, late).state == Rendition.State.READY


def test_a_worker_that_wakes_up_late_cannot_write(xa_a: Unit, now: datetime) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    attempt = take_lease(rendition.pk, now)
    assert attempt is not None
    sleeper = Lease(rendition.pk, attempt, ManualClock(now).now)
    sleeper.renew(sentences_done=1)
    replace_dead_renditions_due(now=now + LEASE)
    ready = made(rendition, now + LEASE)
    with pytest.raises(LeaseLost):
        sleeper.write(sha256="0" * 64)
    assert Rendition.objects.get(pk=rendition.pk).sha256 == ready.sha256


def test_a_working_worker_keeps_its_lease(xa_a: Unit, now: datetime) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    attempt = take_lease(rendition.pk, now)
    assert attempt is not None
    clock = ManualClock(now + LEASE - timedelta(seconds=1))
    Lease(rendition.pk, attempt, clock.now).renew()
    assert replace_dead_renditions_due(now=now + LEASE) == 0
    assert take_lease(rendition.pk, now + LEASE) is None


def test_workers_that_die_again_and_again_are_given_up(xa_a: Unit, now: datetime) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    for _ in range(MOST_ATTEMPTS):
        assert take_lease(rendition.pk, now) is not None
        now += LEASE
        replace_dead_renditions_due(now=now)
    rendition.refresh_from_db()
    assert (rendition.state, rendition.failure) == ("FAILED", failure_words.WORKER_DIED)


def test_a_job_that_was_lost_is_queued_again(xa_a: Unit, now: datetime) -> None:
    request(unit=xa_a, text=TEXT, now=now)
    DBTaskResult.objects.all().delete()
    assert replace_dead_renditions_due(now=now + PATIENCE - timedelta(seconds=1)) == 0
    assert replace_dead_renditions_due(now=now + PATIENCE) == 1
    assert DBTaskResult.objects.count() == 1


def test_something_unforeseen_is_noted_and_still_heard_of(
    xa_a: Unit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendition = request(unit=xa_a, text="Câu này chưa ai đọc.", now=now)

    def stumble(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("av.open", stumble)
    with pytest.raises(ZeroDivisionError):
        make_rendition(rendition.pk, clock=ManualClock(now).now)
    rendition.refresh_from_db()
    assert (rendition.state, rendition.failure) == ("FAILED", failure_words.UNEXPECTED)


def test_a_full_disk_is_told_as_such(
    xa_a: Unit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendition = request(unit=xa_a, text="Câu này cũng chưa ai đọc.", now=now)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert made(rendition, now).failure == failure_words.DISK_FULL


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_nothing_is_heard_of_the_work(
    xa_a: Unit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding and mastering tell no progress; another thread holds the lease for them."""
    monkeypatch.setattr("vang.voice.leases.RENEW_EVERY_S", 0.001)
    rendition = request(unit=xa_a, text=TEXT, now=now)
    attempt = take_lease(rendition.pk, now)
    assert attempt is not None
    clock, beats = ManualClock(now), Semaphore(0)

    def ticking() -> datetime:
        beats.release()
        return clock.now()

    with Lease(rendition.pk, attempt, ticking):
        clock.set(now + LEASE / 2)
        for _ in range(8):  # two readings of the clock a beat, so some whole beats after the set
            assert beats.acquire(timeout=30)
    rendition.refresh_from_db()
    assert rendition.worked_until == now + LEASE / 2 + LEASE


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_takes_the_work(xa_a: Unit, now: datetime) -> None:
    rendition = request(unit=xa_a, text=TEXT, now=now)
    start = Barrier(2)

    def take() -> int | None:
        try:
            start.wait(timeout=30)
            return take_lease(rendition.pk, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        taken = [future.result() for future in [pool.submit(take), pool.submit(take)]]
    assert sorted(taken, key=str) == [1, None]
