"""The sound for the air of a recording in the library: asked for when it comes, told when asked."""

from datetime import datetime

from django.urls import reverse

from vang.library.events import Sounding
from vang.library.models import Recording
from vang.voice.failure_words import failure_sentence
from vang.voice.models import Rendition
from vang.voice.services import request_rendition


def hear_recording(recording: Recording, now: datetime) -> None:
    """Have it brought to the loudness of the air before anybody needs it."""
    request_rendition(unit=recording.unit, text="", recording=recording, now=now)


def sounding_of(recording: Recording) -> Sounding | None:
    """None while nobody asked for its sound."""
    found = Rendition.objects.filter(recording=recording).order_by("-requested_at").first()
    if found is None:
        return None
    return Sounding(
        state=found.state,
        url=reverse("voice:sound", args=[found.pk]),
        duration_ms=found.duration_ms,
        loudness_lufs=found.loudness_lufs,
        failure=failure_sentence(found.failure) if found.failure else "",
    )
