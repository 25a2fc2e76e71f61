"""What is wrong with a source, as an office says it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PROBLEMS: dict[str, str | Promise] = {
    "unreachable": _("The server cannot be reached."),
    "timeout": _("The server answers too slowly."),
    "refused": _("There is nothing at this address."),
    "inside": _("This address lies inside the server's own network and is not allowed."),
    "not-sound": _("What is there is no sound that can be read."),
    "silent": _("It is connected, but nothing is heard: the station sends silence."),
    "encrypted": _("The programme is locked: it may be heard only with a key of its owner."),
    "bad-playlist": _("The list of the programme cannot be read."),
    "stuck": _("The programme brings nothing new."),
    "ended": _("The programme has ended."),
}
_OTHER = _("The address leads to another that is not allowed.")


def problem_words(code: str) -> str | Promise:
    """ "" for none."""
    return _PROBLEMS.get(code, _OTHER) if code else ""
