"""Why a relay was not carried, and why its source changed, as an office says it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.relays.words import problem_words as source_words

_PROBLEMS: dict[str, str | Promise] = {
    "link": _("The process that speaks to the loudspeakers could not be reached."),
    "no-source": _("The station has no source."),
}
_WHY: dict[str, str | Promise] = {
    "begun": pgettext_lazy("relay", "begun"),
    "gone": pgettext_lazy("relay", "the source before it gave nothing more"),
    "silent": pgettext_lazy("relay", "the source before it was silent"),
    "back": pgettext_lazy("relay", "a better source is steady again"),
}


def problem_words(code: str) -> str | Promise:
    """ "" for none."""
    return _PROBLEMS.get(code) or source_words(code)


def why_words(code: str) -> str | Promise:
    return _WHY.get(code, code)
