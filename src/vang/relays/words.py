"""What is wrong with a source, and why it was changed, as an office says it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_PROBLEMS: dict[str, str | Promise] = {
    "unreachable": _("The server cannot be reached."),
    "timeout": _("The server answers too slowly."),
    "refused": _("There is nothing at this address."),
    "inside": _("This address lies inside the server's own network and is not allowed."),
    "not-sound": _("What is there is no sound that can be read."),
    "no-card": _("There is no such sound card on the server, or another program holds it."),
    "silent": _("It is connected, but nothing is heard: the station sends silence."),
    "encrypted": _("The programme is locked: it may be heard only with a key of its owner."),
    "bad-playlist": _("The list of the programme cannot be read."),
    "stuck": _("The programme brings nothing new."),
    "ended": _("The programme has ended."),
    "no-source": _("The station has no source."),
}
_OTHER = _("The address leads to another that is not allowed.")


_WHY: dict[str, str | Promise] = {
    "begun": pgettext_lazy("relay", "begun"),
    "gone": pgettext_lazy("relay", "the source before it gave nothing more"),
    "silent": pgettext_lazy("relay", "the source before it was silent"),
    "back": pgettext_lazy("relay", "a better source is steady again"),
}


def problem_words(code: str) -> str | Promise:
    """ "" for none."""
    return _PROBLEMS.get(code, _OTHER) if code else ""


def why_words(code: str) -> str | Promise:
    return _WHY.get(code, code)


def changes_shown(
    changes: Iterable[tuple[str, str | None, str]],
) -> list[tuple[datetime, str | None, str | Promise]]:
    """Which source was carried from when, and why it changed, of a row's own list."""
    return [(datetime.fromisoformat(at), source, why_words(why)) for at, source, why in changes]
