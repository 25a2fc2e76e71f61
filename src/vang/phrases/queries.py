"""What is wanted of a commune's announcer, what is there, and what a notice still lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.phrases.covering import covered, missing
from vang.phrases.inventory import Group, Wanted, once, standing_inventory
from vang.phrases.models import Phrase, Pin, Saying
from vang.phrases.notices import Notice, notices
from vang.phrases.tokens import tokens_of
from vang.voice.queries import dictionary_of
from vang.voice.speech import speakable


@dataclass(frozen=True)
class Item:
    """One phrase on the announcer's list, with its newest recording if there is one."""

    wanted: Wanted
    phrase: Phrase | None = None

    @property
    def saying(self) -> Saying | None:
        return self.phrase.current if self.phrase else None


def items_of(unit: Unit, on: date, dictionary: Mapping[str, str]) -> list[Item]:
    """Everything to record and everything recorded: two queries."""
    phrases = {
        phrase.key: phrase
        for phrase in Phrase.objects.filter(unit=unit).select_related("current__clip")
    }
    wanted = wanted_of(unit, on, dictionary)
    listed = [Item(one, phrases.pop(one.key, None)) for one in wanted]
    own = [
        Item(Wanted(speakable(p.text, dictionary), Group(p.group)), p)
        for p in phrases.values()
        if p.own
    ]
    return [*listed, *own]


def wanted_of(unit: Unit, on: date, dictionary: Mapping[str, str]) -> list[Wanted]:
    """The list of a commune, each text as its dictionary has it spoken."""
    everywhere = Wanted(whole_commune(unit), Group.PLACE, before="tại", after="ngày mai")
    places = [
        Wanted(in_sentence(village), Group.PLACE, before="tại", after="ngày mai")
        for village in villages(unit, on)
    ]
    fragments = [one for notice in notices().values() for one in notice.fragments()]
    texts = [*standing_inventory(on.year), everywhere, *places, *fragments]
    return once(replace(one, text=speakable(one.text, dictionary)) for one in texts)


def in_sentence(unit: Unit) -> str:
    """A unit's name inside a sentence: "thôn Thuận 1"."""
    return f"{unit.get_kind_display()} {unit.name}"


def whole_commune(unit: Unit) -> str:
    """What stands for all villages: "toàn xã"."""
    return f"toàn {unit.get_kind_display()}"


def bank_of(unit: Unit) -> dict[str, Saying]:
    """The usable recordings by key."""
    recorded = Phrase.objects.filter(unit=unit, current__isnull=False)
    return {
        phrase.key: phrase.current
        for phrase in recorded.select_related("current__clip")
        if phrase.current is not None
    }


def pin_of(unit: Unit, notice: Notice) -> Pin | None:
    """The newest pin of an emergency notice."""
    return Pin.objects.filter(unit=unit, notice=notice.name).select_related("by").first()


def missing_for(unit: Unit, text: str, keys: Iterable[str], on: date) -> list[str]:
    """What is to be recorded before this speakable text can be put together."""
    listed = wanted_of(unit, on, dictionary_of(unit))
    needed = frozenset(one.key for one in listed if one.needed)
    return missing(tokens_of(text), frozenset(keys), needed)


def pins_of(unit: Unit) -> dict[str, Pin]:
    """The newest pin of each emergency notice, by its name."""
    oldest_first = Pin.objects.filter(unit=unit).select_related("by").order_by("at", "pk")
    return {pin.notice: pin for pin in oldest_first.defer("phrases")}


def fragments_missing(
    notice: Notice, dictionary: Mapping[str, str], keys: Iterable[str]
) -> list[str]:
    """Fixed parts of a notice that the bank lacks, whatever is filled in."""
    bank = frozenset(keys)
    found = []
    for one in notice.fragments():
        spoken = speakable(one.text, dictionary)
        if any(not placed.recorded for placed in covered(tokens_of(spoken), bank)):
            found.append(spoken)
    return list(dict.fromkeys(found))


def needed_numbers(keys: Iterable[str], year: int) -> list[str]:
    """Needed phrases of the standing inventory that the bank lacks."""
    bank = frozenset(keys)
    return [one.text for one in standing_inventory(year) if one.needed and one.key not in bank]
