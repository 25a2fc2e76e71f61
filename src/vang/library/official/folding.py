"""Text without Vietnamese marks, letter for letter, so that places in it are places in the text."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from vang.base.text import fold

_STRAY_MARKS = re.compile(r"(?<=[\s])[\u0300-\u036f\u00b4\u02c6\u02dc]+|[\u0300-\u036f]+(?=\s|$)")
_SPACED = re.compile(r"(?<!\w)(?:\w ){3,}\w(?!\w)")


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    return (fold(character) or " ")[:1]


def flat(text: str) -> str:
    """Lower case, no marks; exactly as long as ``text``."""
    return "".join(map(_letter, text))


def mended(text: str) -> str:
    """Without tone marks that extraction tore off their letters, "T H Ô N G" as one word."""
    whole = _STRAY_MARKS.sub("", text)
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), whole)


def is_capitals(text: str) -> bool:
    """Nearly every letter is a capital: headings are, running text is not."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 1 and sum(letter.isupper() for letter in letters) > 0.85 * len(letters)


def squeezed(text: str) -> str:
    """One line, one space between words."""
    return " ".join(text.split())


def phrases(listed: str) -> str:
    """A pattern for any of the phrases between commas, in folded text; spaces may be wider."""
    told = sorted((squeezed(phrase) for phrase in listed.split(",")), key=len, reverse=True)
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in told) + ")"


def likeness(one: str, other: str) -> float:
    """How alike two lines are without marks, spaces and signs, 0 to 1."""
    first, second = (re.sub(r"[\W_]+", "", flat(text)) for text in (one, other))
    return SequenceMatcher(None, first, second).ratio() if first and second else 0.0
