"""Every write of the voice room: asking for sound, and deciding how it is spoken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.voice import failure_words, jobs
from vang.voice.cache import key_of
from vang.voice.choices import engine_named, pace_of, voice_of
from vang.voice.decisions import (
    change_pronunciation,
    choose_voice,
    import_pronunciations,
    remove_pronunciation,
    save_pronunciation,
)
from vang.voice.engines import USUAL_PACE
from vang.voice.failure_words import failure_sentence
from vang.voice.failures import EngineMissing
from vang.voice.manners import USUAL, Manner
from vang.voice.models import Rendition
from vang.voice.production import HUMAN_TAKE
from vang.voice.queries import speakable_text

__all__ = [
    "change_pronunciation",
    "choose_voice",
    "import_pronunciations",
    "remove_pronunciation",
    "replace_dead_renditions_due",
    "request_rendition",
    "save_pronunciation",
]

State = Rendition.State
PATIENCE = timedelta(minutes=10)
"""A queued sound that nobody took up after this long is put in the queue again."""

MOST_ATTEMPTS = 3
"""Workers that may die over one sound before a person is asked; attempts are never numbered
anew, for a worker that wakes up late must not take a later attempt for its own."""


@dataclass(frozen=True)
class _Order:
    """Everything a sound depends on."""

    key: str
    voice: str
    speakable: str = ""
    trial: bool = False
    recording: Recording | None = None
    pace: int = USUAL_PACE


def request_rendition(
    *,
    unit: Unit,
    text: str,
    recording: Recording | None = None,
    now: datetime,
    manner: Manner = USUAL,
) -> Rendition:
    """The sound of ``text`` in the unit's voice, or of the recording: found, or put in the queue.

    ``manner`` says where this text is read otherwise than the unit's texts are.

    A failed one is tried again. Raises Refusal when no voice is installed.
    """
    order = _of_recording(recording) if recording else _of_text(unit, text, manner)
    with transaction.atomic():
        rendition, _created = Rendition.objects.select_for_update(of=("self",)).get_or_create(
            key=order.key,
            defaults={
                "voice": order.voice,
                "speakable": order.speakable,
                "trial": order.trial,
                "pace": order.pace,
                "recording": order.recording,
                "state": State.FAILED,
                "requested_at": now,
            },
        )
        rendition.units.add(unit)
        if rendition.state == State.FAILED:
            _enqueue(rendition, now)
    return rendition


def replace_dead_renditions_due(*, now: datetime) -> int:
    """Put back in the queue what a worker left behind. Returns how many sounds were touched."""
    dead = Rendition.objects.filter(
        state__in=[State.QUEUED, State.WORKING], worked_until__lte=now
    ).order_by("pk")
    return sum(_replace(pk, now) for pk in dead.values_list("pk", flat=True))


def _replace(rendition_pk: int, now: datetime) -> bool:
    with transaction.atomic():
        rendition = Rendition.objects.select_for_update(of=("self",)).get(pk=rendition_pk)
        if rendition.worked_until is None or rendition.worked_until > now:
            return False
        if rendition.attempts and rendition.attempts % MOST_ATTEMPTS == 0:
            _give_up(rendition, now)
        else:
            _enqueue(rendition, now)
        return True


def _enqueue(rendition: Rendition, now: datetime) -> None:
    """Within the caller's transaction: the row and its job come to be together."""
    rendition.state = State.QUEUED
    rendition.worked_until = now + PATIENCE
    rendition.failure = rendition.failed_sentence = ""
    rendition.sentences_done = rendition.sentences_total = 0
    rendition.finished_at = None
    rendition.save()
    jobs.make_rendition.enqueue(rendition.pk)


def _give_up(rendition: Rendition, now: datetime) -> None:
    rendition.state = State.FAILED
    rendition.failure = failure_words.WORKER_DIED
    rendition.worked_until = None
    rendition.finished_at = now
    rendition.save()


def _of_recording(recording: Recording) -> _Order:
    return _Order(key_of("recording", recording.sha256), HUMAN_TAKE, recording=recording)


def _of_text(unit: Unit, text: str, manner: Manner) -> _Order:
    voice, pace = manner.voice or voice_of(unit), manner.pace or pace_of(unit)
    try:
        engine = engine_named(voice, pace)
    except EngineMissing as error:
        code = failure_words.VOICE_MISSING
        raise Refusal(code, failure_sentence(code)) from error
    speakable = speakable_text(unit, text, manner)
    key = key_of("text", engine.fingerprint, speakable)
    return _Order(key, voice, speakable, engine.trial, pace=pace)
