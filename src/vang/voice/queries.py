"""How a unit says things."""

from vang.orgs.models import Unit
from vang.voice.models import Pronunciation
from vang.voice.speech import speakable


def dictionary_of(unit: Unit) -> dict[str, str]:
    """The unit's pronunciation dictionary: written → spoken."""
    entries = Pronunciation.objects.filter(unit=unit)
    return dict(entries.values_list("written", "spoken"))


def speakable_text(unit: Unit, text: str) -> str:
    """``text`` as the unit's loudspeakers will say it."""
    return speakable(text, dictionary_of(unit))
