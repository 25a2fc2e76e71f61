"""Why a relay was not carried, and why its source changed, as an office says it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.relays.words import problem_words as source_words

_PROBLEMS: dict[str, str | Promise] = {
    "link": _("The process that speaks to the loudspeakers could not be reached."),
}


def problem_words(code: str) -> str | Promise:
    """ "" for none."""
    return _PROBLEMS.get(code) or source_words(code)
