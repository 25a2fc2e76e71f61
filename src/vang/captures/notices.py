"""Whoever asked for a recording hears what became of it."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.captures.models import Capture
from vang.captures.words import problem_words
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.services import notify

RECORDED, FAILED = "capture-ready", "capture-failed"
KINDS = (
    Kind(RECORDED, _("a programme was recorded for later"), "circle-check", Mail.NEVER),
    Kind(
        FAILED, _("a programme could not be recorded"), "alert-triangle", Mail.AT_ONCE, tone="bad"
    ),
)


def tell_of_end(capture: Capture, *, now: datetime) -> None:
    failed = capture.item is None
    words = _("Not recorded: {station}") if failed else _("Recorded: {station}")
    notify(
        kind=FAILED if failed else RECORDED,
        to=[capture.asked_by],
        unit=capture.unit,
        subject=f"capture:{capture.pk}",
        title=format_lazy(words, station=capture.station.name),
        text=problem_words(capture.problem) if failed else _NEXT,
        url=reverse("captures:list"),
        now=now,
        once=f"capture:{capture.pk}",
    )


_NEXT = _("It is in the library. Choose it as a sound of the station; a colleague approves it.")
