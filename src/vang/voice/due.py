"""The decision about the trial voice, for the first page (vang.people.due)."""

from collections.abc import Iterator

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vang.people.access import Role
from vang.people.due import Desk, Task, brings
from vang.voice.models import VoiceChoice


def undecided(desk: Desk) -> Iterator[Task]:
    """Until somebody decides, no computer voice is heard."""
    if desk.heard:
        yield Task(
            harm=37,
            tone="warn",
            icon="flask",
            title=_("May the trial voice be broadcast?"),
            text=_("Until you decide, only recordings of people can be released."),
            url=reverse("voice:voices"),
            action=pgettext("trial voice", "Decide"),
            key="trial-voice",
        )


def register() -> None:
    """Called when the process starts."""
    brings(
        "voice.undecided",
        {Role.ADMINISTRATOR},
        undecided,
        if_none=lambda desk: Exists(VoiceChoice.objects.filter(unit=desk.unit)),
    )
