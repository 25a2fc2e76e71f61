"""How a unit says things."""

import re

from vang.orgs.models import Unit
from vang.voice.manners import USUAL, Manner
from vang.voice.models import Pronunciation
from vang.voice.speech import speakable

_BEFORE_COMMA = re.compile(r"[^\S\n]+,")
_HEAPED = re.compile(r",(?:[^\S\n]*,)+")
_BEFORE_END = re.compile(r",[^\S\n]*([.;:!?])")


def dictionary_of(unit: Unit) -> dict[str, str]:
    """The unit's pronunciation dictionary: written → spoken."""
    entries = Pronunciation.objects.filter(unit=unit)
    return dict(entries.values_list("written", "spoken"))


def speakable_text(
    unit: Unit, text: str, manner: Manner = USUAL, *, dictionary: dict[str, str] | None = None
) -> str:
    """``text`` as the unit's loudspeakers will say it; the manner's readings go before all.

    ``dictionary``: the unit's, where it was read already.
    """
    dictionary = dictionary_of(unit) if dictionary is None else dictionary
    if not manner.marks:
        return speakable(text, dictionary)
    said = speakable(text, {**dictionary, **manner.readings(dictionary)})
    return _BEFORE_END.sub(r"\1", _HEAPED.sub(",", _BEFORE_COMMA.sub(",", said)))
