"""Who is to be reached, and how: rooms further on know it and tell it here when they start."""

from collections.abc import Callable, Collection, Mapping, Sequence

from django.utils.functional import Promise

from vang.orgs.models import Unit

Speaking = Callable[[Unit, Collection[str]], Mapping[str, Sequence[str]]]
"""Language → names of the clusters that speak it and reach some of the villages."""
Channels = Callable[[], Sequence[tuple[str, str | Promise]]]
"""Names and labels of the channels that may have words of their own."""

Places = Callable[[Unit], Mapping[str, str]]
"""Codes and names beside the villages' that a bulletin may speak to, such as single clusters."""

FURTHER = "further_languages"
"""The question (``present``) whether some cluster of the unit speaks another language than
Vietnamese: where none does, nobody is asked which."""

speaking: list[Speaking] = []
places: list[Places] = []
channels: list[Channels] = []


def languages_wanted(unit: Unit, audience: Collection[str]) -> dict[str, list[str]]:
    """By language: which clusters wait for it; empty while nobody can tell."""
    wanted: dict[str, list[str]] = {}
    for answer in speaking:
        for language, names in answer(unit, audience).items():
            wanted.setdefault(language, []).extend(names)
    return wanted


def places_of(unit: Unit) -> dict[str, str]:
    """By code: the names beside the villages' that a bulletin of the unit may speak to."""
    return {code: name for answer in places for code, name in answer(unit).items()}


def worded_channels() -> dict[str, str]:
    """By name: labels of the channels for which other words may be written."""
    return {name: str(label) for answer in channels for name, label in answer()}
