"""A recording that came with a form."""

from typing import Any

from django.http import HttpRequest

from vang.base.clock import now
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.library.recordings import TOO_LARGE
from vang.library.services import keep_recording
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.people.people import person_of


def recording_of(request: HttpRequest, sent: Any, unit: Unit) -> Recording | None:
    """``sent``: the file, or None. Raises Refusal for what is no sound, or too large."""
    if dropped_uploads(request):
        raise Refusal("recording-too-large", TOO_LARGE)
    if sent is None:
        return None
    return keep_recording(
        unit=unit,
        file_name=sent.name or "",
        content=sent.read(),
        by=person_of(request),
        now=now(),
    )
