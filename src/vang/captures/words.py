"""Why nothing was recorded, as an office says it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.relays.words import problem_words as source_words

_PROBLEMS: dict[str, str | Promise] = {
    "station-ended": _("This station is relayed no more."),
    "unit-ended": _("The unit that asked for it has ended."),
    "missed": _("The server did not run at that time."),
    "no-room": _("There was no room on the server."),
    "recording-too-large": _("The recording is too large for the library."),
}


def problem_words(code: str) -> str | Promise:
    """ "" for none."""
    return _PROBLEMS.get(code) or source_words(code)
