"""Which guidance a text falls under. Pure."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from vang.base.text import fold

MAX_TOPICS = 30
MAX_TOPIC = 60


@dataclass(frozen=True)
class Match:
    """Why it concerns the text: its category, words found in it, or every text."""

    category: bool
    words: tuple[str, ...]
    everything: bool

    def __bool__(self) -> bool:
        return self.category or bool(self.words) or self.everything


def match(
    *, categories: Collection[str], topics: Collection[str], category: str, text: str
) -> Match:
    """A note without categories and topics concerns every text; otherwise one of them must fit.

    Topics are found as whole words, whatever the capitals. Marks count where both were typed with
    them: "thông báo" is not about "bão", but "phong chong bao" is.
    """
    unmarked = not _is_marked(text)
    folded, exact = _spaced(text, fold), _spaced(text, _marks_last)
    found = tuple(
        topic
        for topic in topics
        if (
            _spaced(topic, fold) in folded
            if unmarked or not _is_marked(topic)
            else _spaced(topic, _marks_last) in exact
        )
    )
    return Match(
        category=category in categories,
        words=found,
        everything=not categories and not topics,
    )


def read_topics(typed: str) -> list[str]:
    """One a line or between commas; each once, in the order given."""
    parts = (" ".join(part.split()) for part in typed.replace(",", "\n").split("\n"))
    return list(dict.fromkeys(part[:MAX_TOPIC] for part in parts if part))[:MAX_TOPICS]


def _spaced(text: str, form: Callable[[str], str]) -> str:
    """The words in this form with one space around each, whatever stood there."""
    composed = unicodedata.normalize("NFC", text)
    words = "".join(c if c.isalnum() else " " for c in composed).split()
    return f" {' '.join(map(form, words))} "


def _is_marked(text: str) -> bool:
    return fold(text) != text.lower()


def _marks_last(word: str) -> str:
    """Lower case with the marks behind the letters: "hoà" and "hòa" are one word."""
    parts = unicodedata.normalize("NFD", word.lower())
    marks = sorted(c for c in parts if unicodedata.combining(c))
    return "".join([*(c for c in parts if not unicodedata.combining(c)), *marks])


def lines(text: str) -> list[str]:
    """The points of a list written one a line, without their dashes."""
    stripped = (line.strip().lstrip("-–•+*").strip() for line in text.split("\n"))
    return [line for line in stripped if line]
