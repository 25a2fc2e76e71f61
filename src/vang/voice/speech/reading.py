"""The reading of whole texts: cleaning, dictionary, the rules in their order, tidying."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from vang.voice.speech.abbreviations import speak_abbreviations, speak_small_forms
from vang.voice.speech.addresses import speak_addresses
from vang.voice.speech.backstop import speak_rest
from vang.voice.speech.capitals import speak_capitals, speak_letters
from vang.voice.speech.cleaning import clean_lines
from vang.voice.speech.codes import speak_codes, speak_numbers
from vang.voice.speech.dates import speak_dates
from vang.voice.speech.dictionary import Dictionary, compile_dictionary
from vang.voice.speech.documents import speak_documents
from vang.voice.speech.hours import speak_hours
from vang.voice.speech.marks import speak_fractions, speak_head, speak_marks
from vang.voice.speech.measures import speak_measures, speak_rates
from vang.voice.speech.phones import speak_phones
from vang.voice.speech.places import speak_places
from vang.voice.speech.roman import speak_roman

_RULES: tuple[Callable[[str], str], ...] = (
    speak_head,
    speak_small_forms,
    speak_addresses,
    speak_documents,
    speak_phones,
    speak_dates,
    speak_hours,
    speak_places,
    speak_roman,
    speak_measures,
    speak_fractions,
    speak_abbreviations,
    speak_rates,
    speak_codes,
    speak_capitals,
    speak_marks,
    speak_numbers,
    speak_rest,
    speak_letters,
)
"""Later rules rely on earlier ones having taken what is theirs: a phone number is not a range."""

_NO_ENTRIES: Mapping[str, str] = MappingProxyType({})
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])")
_HEAPED = re.compile(r"[,;:.!?](?:\s*[,;:.!?])+")
_STRAY = re.compile(r"(?<![^\W\d_])'+|'+(?![^\W\d_])")
_HEAD = re.compile(r"\A[\s,.;:!?]+")
_TAIL = re.compile(r"[\s,;]+\Z")
_GLUED = re.compile(r"([,;:!?])(?=[^\W\d_])")


def speakable(text: str, dictionary: Mapping[str, str] = _NO_ENTRIES) -> str:
    """The text as it is to be spoken, in words alone: one line for each line, blank ones too.

    `dictionary` maps whole words to readings and goes before every rule; see `Dictionary`.
    """
    entries = compile_dictionary(dictionary)
    return "\n".join(_line(line, entries) for line in clean_lines(text))


def _line(line: str, entries: Dictionary) -> str:
    if not line:
        return ""
    said = entries.hold(line)
    for rule in _RULES:
        said = rule(said)
    return entries.release(_opened(_tidy(said), line))


def _tidy(line: str) -> str:
    line = _BEFORE_MARK.sub(r"\1", _SPACE.sub(" ", _STRAY.sub("", line)))
    line = _HEAPED.sub(lambda m: _strongest(m[0]), line)
    line = _GLUED.sub(r"\1 ", line)
    return _TAIL.sub("", _HEAD.sub("", line))


def _strongest(marks: str) -> str:
    """The mark that stays of several: "?", "!" and "." end a sentence and win."""
    return next(m for m in "?!.:;," if m in marks)


def _opened(said: str, line: str) -> str:
    """A line that began with a capital begins with one when spoken."""
    first = next((c for c in line if c.isalnum()), "")
    return said[:1].upper() + said[1:] if first.isupper() else said
