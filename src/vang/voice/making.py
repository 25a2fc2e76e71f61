"""The worker's half: one rendition made once, whoever dies in between."""

import errno
import logging
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore
from vang.library.services import note_duration
from vang.voice import failure_words
from vang.voice.choices import engine_named, sentence_cache
from vang.voice.failures import (
    EngineMissing,
    LoudnessOutOfTolerance,
    RecordingRefused,
    SynthesisFailed,
)
from vang.voice.hearings import request_hearing
from vang.voice.leases import Clock, Lease, LeaseLost, take_lease
from vang.voice.models import Rendition
from vang.voice.production import ProducedAudio, produce, produce_from_recording

log = logging.getLogger(__name__)


_KNOWN: dict[type[Exception], str] = {
    LoudnessOutOfTolerance: failure_words.LOUDNESS,
    EngineMissing: failure_words.VOICE_MISSING,
    FileNotFoundError: failure_words.FILE_MISSING,
}


@dataclass(frozen=True)
class _Failure:
    code: str
    sentence: str = ""


def make_rendition(rendition_pk: int, *, clock: Clock) -> None:
    """Make the sound unless it is made, failed for good, or in another worker's hands."""
    attempt = take_lease(rendition_pk, clock())
    if attempt is None:
        return
    rendition = Rendition.objects.select_related("recording").get(pk=rendition_pk)
    lease = Lease(rendition_pk, attempt, clock)
    try:
        with lease:
            _finish(rendition, _sound(rendition, lease), lease, clock)
    except LeaseLost:
        log.warning("rendition %s was taken over by another worker", rendition_pk)
    except Exception as error:
        _fail(lease, _failure(error), clock)
        if _is_unforeseen(error):
            raise


def _sound(rendition: Rendition, lease: Lease) -> ProducedAudio:
    if rendition.recording is not None:
        return produce_from_recording(_store().path(rendition.recording.sha256))
    return produce(
        rendition.speakable,
        engine_named(rendition.voice, rendition.pace),
        sentences_cache=sentence_cache(),
        progress=lambda done, total: lease.renew(sentences_done=done, sentences_total=total),
    )


def _finish(rendition: Rendition, audio: ProducedAudio, lease: Lease, clock: Clock) -> None:
    _store().put(audio.opus)
    lease.write(
        state=Rendition.State.READY,
        sha256=audio.sha256,
        size=len(audio.opus),
        duration_ms=audio.duration_ms,
        loudness_lufs=audio.lufs,
        true_peak_dbtp=audio.true_peak_dbtp,
        trial=audio.trial,
        failure="",
        failed_sentence="",
        worked_until=None,
        finished_at=clock(),
    )
    if rendition.recording is not None:
        note_duration(recording=rendition.recording, duration_ms=audio.duration_ms)
        request_hearing(rendition=rendition, now=clock())


def _fail(lease: Lease, failure: _Failure, clock: Clock) -> None:
    try:
        lease.write(
            state=Rendition.State.FAILED,
            failure=failure.code,
            failed_sentence=failure.sentence,
            worked_until=None,
            finished_at=clock(),
        )
    except LeaseLost:
        log.warning("a failed attempt had been taken over by another worker")


def _failure(error: Exception) -> _Failure:
    if isinstance(error, RecordingRefused):
        return _Failure(error.code)
    if isinstance(error, SynthesisFailed):
        return _Failure(failure_words.SYNTHESIS, error.sentence)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _Failure(failure_words.DISK_FULL)
    known = (code for kind, code in _KNOWN.items() if isinstance(error, kind))
    return _Failure(next(known, failure_words.UNEXPECTED))


def _is_unforeseen(error: Exception) -> bool:
    return _failure(error).code == failure_words.UNEXPECTED


def _store() -> FileStore:
    return FileStore(Path(settings.DATA) / "files")
